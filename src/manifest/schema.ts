/** JSON Schemas → validators by kind, and a document → what its schema says against it. */
import { Ajv } from 'ajv'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { remember } from '../model/remember.ts'

/** The parsed files of schemas/, by any name; kinds are found by the schema's `title`. */
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

const validatorsOf: (schemas: Schemas) => (title: string) => ValidateFunction = remember(
  (schemas: Schemas) => {
    const ajv = new Ajv({
      strict: true,
      allErrors: true,
      verbose: true,
      useDefaults: true,
      // The schemas are Legate's own; a test checks them against their meta-schema, not each start.
      meta: false,
      validateSchema: false,
      // Halves the time to compile; what is compiled runs a few thousand times at most.
      code: { optimize: false },
      messages: false,
    })
    const byTitle = new Map<string, object>()
    for (const schema of schemas.values()) {
      if ('title' in schema && typeof schema.title === 'string') byTitle.set(schema.title, schema)
      ajv.addSchema(schema)
    }
    // ajv keeps what it compiled: a few milliseconds for each kind, when its first document comes.
    return (title) => {
      const schema = byTitle.get(title)
      if (schema === undefined) throw new Error(`no schema has the title ${title}`)
      return ajv.compile(schema)
    }
  },
)

/** What the schema says against the value, whose missing fields get their defaults: it is changed. */
export function checkSchema(value: object, title: string, schemas: Schemas): SchemaError[] {
  const validate = validatorsOf(schemas)(title)
  return validate(value) ? [] : (validate.errors ?? []).map(asSchemaError)
}

function asSchemaError(error: ErrorObject): SchemaError {
  const schema = error.parentSchema ?? {}
  const params: Readonly<Record<string, unknown>> = error.params
  const description: unknown = schema['description']
  return {
    keyword: error.keyword,
    pointer: error.instancePath,
    data: error.data,
    params,
    definition: /\/definitions\/([^/]+)\/[^/]+$/.exec(error.schemaPath)?.[1],
    description: typeof description === 'string' ? description : undefined,
    properties: recordOf(schema['properties']),
    propertyName: error.propertyName,
  }
}

/** The object itself, never a copy: there can be an error for each of its thousands of fields. */
export function recordOf(data: unknown): Readonly<Record<string, unknown>> {
  return isObject(data) ? data : NOTHING
}

const NOTHING: Readonly<Record<string, unknown>> = {}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null
}
