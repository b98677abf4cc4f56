/** A document → what its schema says against it, by code that was made of the schemas beforehand. */
import type { ErrorObject } from 'ajv'
import { stepsOf } from './pointer.ts'
import { VALIDATORS } from './validators.gen.ts'

/** The parsed files of schemas/ by file name; an error finds its words there. */
export type Schemas = ReadonlyMap<string, object>

/** One thing that a schema says against a document: ajv's error, as far as it is needed here. */
export interface SchemaError {
  /** The keyword of the schema that does not hold: `required`, `enum`. */
  readonly keyword: string
  readonly pointer: string
  readonly data: unknown
  readonly params: Readonly<Record<string, unknown>>
  /** Name of the definition that the keyword stands in, if any: `duration`. */
  readonly definition: string | undefined
  readonly description: string | undefined
  /** Fields that the schema has here, in its order. */
  readonly properties: Readonly<Record<string, unknown>>
  /** Set when it is the name of a field that is wrong. */
  readonly propertyName: string | undefined
}

/** What the schema says against the value, whose missing fields get their defaults: it is changed. */
export function checkSchema(value: object, title: string, schemas: Schemas): SchemaError[] {
  const validate = VALIDATORS[title]
  if (validate === undefined) throw new Error(`no schema has the title ${title}`)
  if (validate(value)) return []
  // There may be an error for each of a hundred thousand fields, all in one place.
  const wordsAt = kept((schemaPath) => readWords(schemaPath, schemas))
  const dataAt = kept((pointer) => at(value, stepsOf(pointer)))
  return (validate.errors ?? []).map((error) => asSchemaError(error, wordsAt, dataAt))
}

function kept<R>(read: (path: string) => R): (path: string) => R {
  const known = new Map<string, R>()
  return (path) => {
    const before = known.get(path)
    if (before !== undefined) return before
    const found = read(path)
    known.set(path, found)
    return found
  }
}

type Words = Pick<SchemaError, 'definition' | 'description' | 'properties'>

function asSchemaError(
  { keyword, instancePath, propertyName, schemaPath, params }: ErrorObject,
  wordsAt: (schemaPath: string) => Words,
  dataAt: (pointer: string) => unknown,
): SchemaError {
  const { definition, description, properties } = wordsAt(schemaPath)
  const data = propertyName ?? dataAt(instancePath)
  return {
    keyword,
    pointer: instancePath,
    data,
    params,
    definition,
    description,
    properties,
    propertyName,
  }
}

function readWords(schemaPath: string, schemas: Schemas): Words {
  const schema = recordOf(schemaAt(schemaPath, schemas))
  const description = schema['description']
  return {
    definition: /\/definitions\/([^/]+)\/[^/]+$/.exec(schemaPath)?.[1],
    description: typeof description === 'string' ? description : undefined,
    properties: recordOf(schema['properties']),
  }
}

/** What holds the keyword that `common.schema.json#/definitions/duration/pattern` points at. */
function schemaAt(schemaPath: string, schemas: Schemas): unknown {
  const [file = '', pointer = ''] = schemaPath.split('#')
  return at(schemas.get(file), stepsOf(pointer).slice(0, -1))
}

function at(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((inside, step) => recordOf(inside)[step], value)
}

/** The object itself, never a copy: there can be an error for each of its thousands of fields. */
export function recordOf(data: unknown): Readonly<Record<string, unknown>> {
  return isObject(data) ? data : NOTHING
}

const NOTHING: Readonly<Record<string, unknown>> = {}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null
}
