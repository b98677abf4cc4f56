/** Takes resolved schemas, gives TypeScript: one flat, readonly interface for each titled object. */
import { compile, type JSONSchema } from 'json-schema-to-typescript'
import { originOf, type Schema } from './schema-files.ts'

const STYLE = { semi: false, singleQuote: true, printWidth: 100 }

export async function printTypes(roots: readonly Schema[], header: string): Promise<string> {
  const objects = new Map<string, Schema>()
  for (const root of roots) collect(root, objects)
  const interfaces = await Promise.all([...objects].map(([title, s]) => printInterface(title, s)))
  return [header, ...interfaces].join('\n')
}

/** Every object with properties, by title: parents first, in the order of the schemas. */
function collect(schema: Schema, into: Map<string, Schema>): void {
  if (schema.items) collect(schema.items, into)
  if (!schema.properties) return
  const title = schema.title
  if (title === undefined) throw new Error(`no title: ${schema.description}`)
  const known = into.get(title)
  if (known && shape(known) !== shape(schema)) throw new Error(`two objects titled ${title}`)
  into.set(title, known ?? schema)
  for (const property of Object.values(schema.properties)) collect(property, into)
}

/** What two uses of one title must agree in; each use may describe itself. */
function shape(schema: Schema): string {
  return JSON.stringify([schema.properties, schema.required])
}

async function printInterface(title: string, schema: Schema): Promise<string> {
  const properties = Object.entries(schema.properties ?? {})
  const flat: JSONSchema = {
    type: 'object',
    // Its own words, not those of the place it is used at.
    description: (originOf(schema)?.definition ?? schema).description ?? title,
    additionalProperties: false,
    // Defaults are filled in before anybody sees the value, so such a field is always there.
    required: properties
      .filter(([name, s]) => s.default !== undefined || schema.required?.includes(name))
      .map(([name]) => name),
    properties: Object.fromEntries(properties.map(([name, s]) => [name, flatten(s)])),
  }
  const text = await compile(flat, title, { bannerComment: '', style: STYLE })
  return text.replaceAll(/^ {2}(?=[\w'"]+\??:( |$))/gm, '  readonly ')
}

/** A property that needs no other interface to be printed first: an object becomes its name. */
function flatten(schema: Schema): JSONSchema {
  const { type, description, const: constant, enum: words } = schema
  return {
    ...(description !== undefined && { description }),
    ...((type === 'object' || type === 'array') && { tsType: typeOf(schema) }),
    ...(type !== undefined && { type }),
    ...(constant !== undefined && { const: constant }),
    ...(words && { enum: [...words] }),
  }
}

function typeOf(schema: Schema): string {
  if (schema.properties) return schema.title ?? 'never'
  if (schema.items) return `readonly ${bracketed(typeOf(schema.items))}[]`
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  if (typeof schema.additionalProperties === 'object')
    return `Readonly<Record<string, ${typeOf(schema.additionalProperties)}>>`
  return schema.type === 'integer' ? 'number' : 'string'
}

function bracketed(type: string): string {
  return type.includes(' ') ? `(${type})` : type
}

function literal(value: string | number): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
