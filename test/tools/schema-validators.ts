/** Takes the schemas as they stand, gives TypeScript: what ajv compiles of them, ready to run. */
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import type { Schema } from './schema-files.ts'
import { KIND_FILES, readSchema } from './schema-files.ts'

const TITLES: Readonly<Record<string, string>> = { ...KIND_FILES, Settings: 'settings' }
const FILES: readonly string[] = ['common', ...Object.values(TITLES)]

/** By their places in the files: `common.schema.json#/definitions/duration`, `backend.schema.json#`. */
type Parts = ReadonlyMap<string, Schema>

/**
 * One function for each kind and each definition, and no word in them that an error can find in the
 * schemas by its `schemaPath`: a process that starts has to read it all.
 */
export function printValidators(header: string): string {
  const parts = new Map(FILES.flatMap((file) => [...partsOf(file)]))
  const { ajv, names } = compile(parts)
  const entries = Object.entries(TITLES)
  const ids = Object.fromEntries(
    entries.map(([t, file]) => [t, idOf(parts, `${file}.schema.json#`)]),
  )
  const code = standalone.default(ajv, ids)
  const rows = entries.map(([title]) => {
    const name = new RegExp(`^export const ${title} = (validate\\d+);`, 'm').exec(code)?.[1]
    return `  ${title}: ${name ?? ''},\n`
  })
  return `${header}// @ts-nocheck: ajv wrote what follows.
import type { ValidateFunction } from 'ajv'

/** By the title of the schema. */
export const VALIDATORS: Readonly<Record<string, ValidateFunction>> = {
${rows.join('')}}
${withPlaces(shorten(code), names)}`
}

function partsOf(file: string): Parts {
  const { definitions, ...root } = readSchema(file)
  const home = `${file}.schema.json#`
  const below = Object.entries(definitions ?? {}).map(
    ([name, schema]) => [`${home}/definitions/${name}`, schema] as const,
  )
  return new Map([...(file === 'common' ? [] : [[home, root] as const]), ...below])
}

/** All in one schema: else ajv compiles what is shared once for each kind. */
function compile(parts: Parts): { ajv: Ajv; names: ReadonlyMap<string, string> } {
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
    useDefaults: true,
    messages: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  })
  const definitions = [...parts].map(([place, schema], i) => [i, withIds(schema, place, parts)])
  ajv.addSchema({ $id: ROOT, definitions: Object.fromEntries(definitions) })
  for (const file of Object.values(TITLES)) ajv.getSchema(idOf(parts, `${file}.schema.json#`))
  const compiled = { ...ajv.refs, ...ajv.schemas[ROOT]?.refs }
  const names = [...parts.keys()].map((place) => {
    const part = compiled[idOf(parts, place)]
    const name = typeof part === 'object' && 'validateName' in part ? part.validateName : undefined
    return [String(name), place] as const
  })
  return { ajv, names: new Map(names) }
}

const ROOT = 'legate'

function idOf(parts: Parts, place: string): string {
  const index = [...parts.keys()].indexOf(place)
  if (index === -1) throw new Error(`${place} points at nothing`)
  return `${ROOT}#/definitions/${index}`
}

/** The same schema with references into the one of all parts, and without words for people. */
function withIds(schema: Schema, place: string, parts: Parts): unknown {
  const home = place.split('#')[0] ?? ''
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    // The function of the reference would not know that it is a name that is wrong.
    if (key === 'propertyNames' && isObject(value) && '$ref' in value)
      throw new Error(`${place} has a reference in propertyNames`)
    if (typeof value !== 'string') return key === 'examples' ? undefined : value
    if (key === '$ref') return idOf(parts, value.startsWith('#') ? `${home}${value}` : value)
    return ['description', '$id', '$schema', 'title'].includes(key) ? undefined : value
  })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Nothing is imported: the one helper that is used is CommonJS, and loading it costs more than all this code. */
function shorten(code: string): string {
  const short = code
    .replace('"use strict";', '')
    .replaceAll(/^export const .*\n/gm, '')
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', UCS2_LENGTH.default.toString())
    .replaceAll(PUSH, '(vErrors ??= []).push($2);\nerrors++;')
  if (short.includes('require(')) throw new Error('ajv wants another of its helpers')
  const isUnused = (line: string): boolean => {
    const name = /^const (schema\d+) = /.exec(line)?.[1]
    return name !== undefined && short.match(new RegExp(`\\b${name}\\b`, 'g'))?.length === 1
  }
  return short
    .split('\n')
    .filter((line) => !isUnused(line))
    .join('\n')
}

/** The same whether vitest or Node loads it. */
const UCS2_LENGTH: { readonly default: (text: string) => number } = createRequire(import.meta.url)(
  'ajv/dist/runtime/ucs2length.js',
)

const PUSH =
  /const (err\d+) = (\{.*\});\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;/g

/** A function knows its own part only: `#/type` becomes `common.schema.json#/definitions/duration/type`. */
function withPlaces(code: string, names: ReadonlyMap<string, string>): string {
  return code
    .split(/^(?=function validate\d+\()/m)
    .map((text) => {
      const name = /^function (validate\d+)\(/.exec(text)?.[1]
      const place = names.get(name ?? '')
      if (place === undefined && text.includes('schemaPath:')) throw new Error(`whose is ${name}?`)
      return text.replaceAll('schemaPath:"#', `schemaPath:"${place}`)
    })
    .join('')
}
