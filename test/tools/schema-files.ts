/** Takes the folder schemas/, gives each schema with its references followed and put in place. */
import { readFileSync } from 'node:fs'

/** The part of JSON Schema that the schemas of this project use. */
export interface Schema {
  readonly $schema?: string
  readonly $id?: string
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly type?: 'object' | 'array' | 'string' | 'integer'
  readonly const?: string
  readonly enum?: readonly (string | number)[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly propertyNames?: Schema
  readonly maxProperties?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly definitions?: Readonly<Record<string, Schema>>
}

/** The manifest kinds, in the order they are documented in, with the name of their file. */
export const KIND_FILES: Readonly<Record<string, string>> = {
  Global: 'global',
  Defaults: 'defaults',
  Frontend: 'frontend',
  HostRoute: 'host-route',
  Backend: 'backend',
  Certificate: 'certificate',
  Userlist: 'userlist',
}

const FOLDER = new URL('../../schemas/', import.meta.url)

/** Reads `schemas/<name>.schema.json` as it stands. */
export function readSchema(name: string): Schema {
  const schema: Schema = JSON.parse(readFileSync(new URL(`${name}.schema.json`, FOLDER), 'utf8'))
  return schema
}

const SHARED = readSchema('common')

export const SHARED_DEFINITIONS: Readonly<Record<string, Schema>> = SHARED.definitions ?? {}

interface Origin {
  /** `duration` */
  readonly name: string
  readonly shared: boolean
  readonly definition: Schema
}

const origins = new WeakMap<Schema, Origin>()

/** The definition that a resolved schema came from, if it was a reference. */
export function originOf(resolved: Schema): Origin | undefined {
  return origins.get(resolved)
}

/**
 * The schema without any `$ref`: each is replaced by what it points at, under the annotations that
 * stand beside it. No schema contains itself, so this ends.
 */
export function resolveSchema(root: Schema): Schema {
  const { definitions: _, ...rest } = root
  return resolve(rest, root)
}

/** The shared definition of that name, resolved. */
export function resolveShared(name: string): Schema {
  return resolve({ $ref: `${SHARED.$id}#/definitions/${name}` }, SHARED)
}

function resolve(schema: Schema, root: Schema): Schema {
  if (schema.$ref !== undefined) return follow(schema, root)
  return {
    ...schema,
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, s]) => [name, resolve(s, root)]),
      ),
    }),
    ...(schema.items && { items: resolve(schema.items, root) }),
    ...(typeof schema.additionalProperties === 'object' && {
      additionalProperties: resolve(schema.additionalProperties, root),
    }),
  }
}

function follow(schema: Schema, root: Schema): Schema {
  const { $ref, ...beside } = schema
  const [file, name] = ($ref ?? '').split('#/definitions/')
  const home = file === SHARED.$id ? SHARED : root
  const target = home.definitions?.[name ?? '']
  if (!target || name === undefined) throw new Error(`${$ref} points at nothing`)
  const resolved = { ...resolve(target, home), ...beside }
  origins.set(resolved, { name, shared: home === SHARED, definition: target })
  return resolved
}
