/** Schemas and the path of a field (`Backend.spec.balance`) → its type, default and description, and what is below it. */
import { wrap } from './explain-codes.ts'

/** The part of JSON Schema that the schemas of this project use. */
interface Schema {
  readonly $id?: string
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly definitions?: Readonly<Record<string, Schema>>
}

export type FieldExplanation =
  | { readonly ok: true; readonly text: string }
  /** `wanted` is not below `at`; these are. */
  | {
      readonly ok: false
      readonly at: string
      readonly wanted: string
      readonly known: readonly string[]
    }

/** A schema with the file that its references without a name of a file point into. */
interface Placed {
  readonly schema: Schema
  readonly home: Schema
  readonly isRequired: boolean
}

/** `schemas` by file name, as they come with Legate. `spec` may be left out of the path. */
export function explainField(path: string, schemas: ReadonlyMap<string, Schema>): FieldExplanation {
  const [kind = '', ...fields] = path.replaceAll('[]', '').split('.')
  const kinds = new Map([...schemas.values()].map((s) => [s.title ?? '', s]))
  kinds.delete('Common')
  const root = kinds.get(kind)
  if (root === undefined) return { ok: false, at: '', wanted: kind, known: [...kinds.keys()] }
  let [place, at] = [follow({ schema: root, home: root, isRequired: true }, schemas), kind]
  for (const field of withSpec(fields, root)) {
    const container = inside(place, schemas)
    const next = below(container, field)
    if (next === undefined)
      return { ok: false, at, wanted: field, known: Object.keys(container.schema.properties ?? {}) }
    place = follow(next, schemas)
    at = `${at}.${field}`
  }
  return { ok: true, text: show(at, place, schemas) }
}

function withSpec(fields: readonly string[], root: Schema): readonly string[] {
  const [first] = fields
  const isTop = first === undefined || Object.hasOwn(root.properties ?? {}, first)
  return isTop ? fields : ['spec', ...fields]
}

/** References followed, also into the items of a list; what stands beside a reference goes before it. */
function follow(place: Placed, schemas: ReadonlyMap<string, Schema>): Placed {
  const { schema, home } = place
  if (schema.$ref === undefined) return place
  const { $ref, ...beside } = schema
  const [file = '', name = ''] = $ref.split('#/definitions/')
  const next = file === '' ? home : schemas.get(file)
  const target = next?.definitions?.[name]
  if (next === undefined || target === undefined) throw new Error(`${$ref} points at nothing`)
  return follow({ ...place, schema: { ...target, ...beside }, home: next }, schemas)
}

/** Of a list, its items: they have the fields. */
function inside(place: Placed, schemas: ReadonlyMap<string, Schema>): Placed {
  const { items } = place.schema
  return items === undefined ? place : follow({ ...place, schema: items }, schemas)
}

function below(place: Placed, field: string): Placed | undefined {
  const { schema, home } = place
  const found = Object.hasOwn(schema.properties ?? {}, field)
    ? schema.properties?.[field]
    : undefined
  const isRequired = schema.required?.includes(field) === true
  return found === undefined ? undefined : { schema: found, home, isRequired }
}

function show(at: string, place: Placed, schemas: ReadonlyMap<string, Schema>): string {
  const { schema, isRequired } = place
  const container = inside(place, schemas)
  const facts = [
    `Type: ${typeOf(schema, container.schema)}`,
    ...(schema.default === undefined ? [] : [`Default: ${JSON.stringify(schema.default)}`]),
    ...(isRequired && at.includes('.') ? ['Required'] : []),
    ...(schema.pattern === undefined ? [] : [`Pattern: ${schema.pattern}`]),
  ]
  return [
    at,
    '',
    ...facts,
    '',
    wrap(schema.description ?? ''),
    ...fieldsOf(container, schemas),
    '',
  ].join('\n')
}

function fieldsOf(place: Placed, schemas: ReadonlyMap<string, Schema>): string[] {
  const rows = Object.keys(place.schema.properties ?? {}).flatMap((name): string[] => {
    const found = below(place, name)
    if (found === undefined) return []
    const { schema, isRequired } = follow(found, schemas)
    const first = /^.*?\.(?=\s|$)/s.exec(schema.description ?? '')?.[0] ?? ''
    return [`  ${name}${isRequired ? ' (required)' : ''}`, wrap(first, 96, '      ')]
  })
  return rows.length === 0 ? [] : ['', 'Fields:', ...rows]
}

function typeOf(schema: Schema, item: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((word) => String(word)).join(' | ')
  if (item !== schema) return `list of ${typeOf(item, item)}`
  const { minimum, maximum } = schema
  if (minimum !== undefined && maximum !== undefined) return `integer, ${minimum} to ${maximum}`
  return schema.type ?? 'any'
}
