/** Takes resolved schemas, gives the reference: one page of Markdown for each, and their index. */
import { dump } from 'js-yaml'
import { originOf, SHARED_DEFINITIONS, resolveShared, type Schema } from './schema-files.ts'

const GENERATED = '<!-- Generated from schemas/ by `npm run generate`; do not edit. -->'

/** A page: what the kind is, an example, and a table for each object in it. */
export function printPage(schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => name === 'spec')
  return [
    GENERATED,
    `# ${schema.title}`,
    schema.description,
    ...(schema.examples ?? []).map((example) => `\`\`\`yaml\n${dump(example).trimEnd()}\n\`\`\``),
    'How to read the tables, and what `apiVersion`, `kind` and `metadata` are: [README](README.md).',
    ...fields.flatMap(([name, s]) => printObjects(name, s)),
  ]
    .join('\n\n')
    .concat('\n')
}

export function printIndex(pages: ReadonlyMap<string, Schema>): string {
  const shared = Object.keys(SHARED_DEFINITIONS).map((n) => [n, resolveShared(n)] as const)
  return [
    GENERATED,
    '# Reference',
    'Every field of the manifests and of the settings. The schemas in `schemas/` are the source; the line',
    '```yaml\n# yaml-language-server: $schema=../schemas/all.schema.json\n```',
    'at the top of a manifest makes an editor complete and explain fields (the path is that of the schema, seen from the file).',
    table(
      ['', 'what it is'],
      [...pages].map(([file, s]) => [`[${s.title}](${file})`, s.description ?? '']),
    ),
    'In the tables, the column *default* says what a field has when it is left out: a value, nothing (–), or that it may not be left out (**required**). Numbers in brackets after a keyword of HAProxy are sections of the configuration manual of HAProxy 2.6. A field that is not in the tables is an error.',
    '## Every resource',
    'A manifest file holds one or more documents, separated by `---`, each with `apiVersion: legate/v1`, its `kind`, `metadata` and `spec`. Names are unique among the resources of a kind in a namespace.',
    ...shared.filter(([, s]) => s.properties).map(([, s]) => printShared(s)),
    '## Value types',
    table(
      ['type', 'what it is', 'form'],
      shared
        .filter(([, s]) => s.pattern !== undefined || s.type === 'integer')
        .map(([n, s]) => [anchor(n), s.description ?? '', s.pattern ? `\`${s.pattern}\`` : '–']),
    ),
  ]
    .join('\n\n')
    .concat('\n')
}

function printShared(schema: Schema): string {
  return [`## ${schema.title}`, schema.description, fieldTable(schema, '')].join('\n\n')
}

/** The object's own table, then those of the objects below it. */
function printObjects(path: string, schema: Schema): string[] {
  const section = [`## \`${path}\``, schema.description, fieldTable(schema, path)].join('\n\n')
  const below = Object.entries(schema.properties ?? {}).map(([name, s]) =>
    s.items ? ([`${path}.${name}[]`, s.items] as const) : ([`${path}.${name}`, s] as const),
  )
  return [
    section,
    ...below
      .filter(([, s]) => s.properties && !originOf(s)?.shared)
      .flatMap(([p, s]) => printObjects(p, s)),
  ]
}

function fieldTable(schema: Schema, path: string): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, s]) => [
    `\`${name}\``,
    typeOf(s, `${path}.${name}`),
    schema.required?.includes(name) ? '**required**' : defaultOf(s),
    s.description ?? '',
  ])
  return table(['field', 'type', 'default', 'what it is'], rows)
}

function defaultOf(schema: Schema): string {
  return schema.default === undefined ? '–' : `\`${JSON.stringify(schema.default)}\``
}

function typeOf(schema: Schema, path: string): string {
  const shared = originOf(schema)?.shared && !schema.enum && linkShared(schema)
  if (shared) return shared
  if (schema.items) return `list of ${typeOf(schema.items, `${path}[]`)}${size(schema)}`
  if (schema.enum) return schema.enum.map((v) => `\`${v}\``).join(', ')
  if (schema.properties) return `[object](#${slug(path)})`
  return plainType(schema)
}

/** Shared objects go by their title, shared values by the name of their definition. */
function linkShared(schema: Schema): string {
  const name = originOf(schema)?.name ?? ''
  if (!schema.properties) return `[${words(name)}](README.md#${slug(name)})`
  return `[${schema.title}](README.md#${slug(schema.title ?? '')})`
}

function plainType(schema: Schema): string {
  if (schema.type === 'object') return 'map of text to text'
  return schema.type === 'integer' ? `integer, ${schema.minimum} to ${schema.maximum}` : 'text'
}

function size(schema: Schema): string {
  return `, ${schema.minItems ?? 0} to ${schema.maxItems}`
}

/** `filePath` as `file path`, `urlPath` as `URL path`. */
function words(name: string): string {
  return name
    .replaceAll(/[A-Z]+/g, (capitals) => ` ${capitals.toLowerCase()}`)
    .replace(/^(url|ip|cidr)\b/, (word) => word.toUpperCase())
}

/** As code forges make them from headings. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(' ', '-')
    .replaceAll(/[^a-z0-9-]/g, '')
}

function anchor(name: string): string {
  return `<a id="${slug(name)}"></a>${words(name)}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => row(cells)).join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((c) => c.replaceAll('|', String.raw`\|`)).join(' | ')} |`
}
