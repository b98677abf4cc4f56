/** The generated validators say what ajv says that compiles the schemas anew: every error, every default. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { ErrorObject } from 'ajv'
import { Ajv } from 'ajv'
import { loadAll } from 'js-yaml'
import { expect, test } from 'vitest'
import type { SchemaError } from '../../src/manifest/schema.ts'
import { checkSchema } from '../../src/manifest/schema.ts'
import { VALIDATORS } from '../../src/manifest/validators.gen.ts'
import type { Schema } from '../tools/schema-files.ts'
import { KIND_FILES, readSchema, resolveSchema } from '../tools/schema-files.ts'
import corpus from '../fixtures/injection-corpus.json' with { type: 'json' }
import { schemas } from './parse.ts'

const TITLES: Readonly<Record<string, string>> = { ...KIND_FILES, Settings: 'settings' }

const ajv = new Ajv({ allErrors: true, verbose: true, useDefaults: true, messages: false })
ajv.addSchema(readSchema('common'))
const fresh = new Map(
  Object.entries(TITLES).map(([title, file]) => [title, ajv.compile(readSchema(file))]),
)

function said(title: string, value: object): SchemaError[] {
  const validate = fresh.get(title)
  if (validate === undefined) throw new Error(title)
  return validate(value) ? [] : (validate.errors ?? []).map(asSchemaError)
}

function asSchemaError(error: ErrorObject): SchemaError {
  const { parentSchema = {}, schemaPath, keyword, instancePath, propertyName } = error
  const definition = /\/definitions\/([^/]+)\/[^/]+$/.exec(schemaPath)?.[1]
  const { description, properties = {} } = parentSchema
  const { data, params } = error
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

/** ajv names the definitions only that it writes out in place, as it does with all that hold no other. */
function comparable({ definition, ...rest }: SchemaError): unknown {
  return { ...rest, isDuration: definition === 'duration' }
}

/** Both change the value they are given, and in the same way. */
function expectSame(title: string, value: object): readonly SchemaError[] {
  const [ours, theirs] = [structuredClone(value), structuredClone(value)]
  const errors = checkSchema(ours, title, schemas)
  const both = [
    [errors.map(comparable), ours],
    [said(title, theirs).map(comparable), theirs],
  ]
  // A hundred times faster than `toEqual`, which is for what differs.
  if (!isDeepStrictEqual(both[0], both[1])) expect(both[0]).toEqual(both[1])
  return errors
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Every object of a YAML text that can be read, those before a mistake included. */
function objectsIn(text: string): object[] {
  const found: object[] = []
  try {
    for (const value of loadAll(text)) if (isObject(value)) found.push(value)
  } catch {
    return found
  }
  return found
}

const golden = readdirSync('test/golden', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml') && existsSync(`test/golden/${path}`))
  .map((path) => readFileSync(`test/golden/${path}`, 'utf8'))
const hostile = corpus.files.flatMap((file) => ('text' in file ? [file.text] : []))

test('of manifests in golden cases, good and bad', () => {
  const documents = golden.flatMap(objectsIn)
  const errors = documents.flatMap((document) => {
    const kind = 'kind' in document ? String(document.kind) : ''
    return fresh.has(kind) ? expectSame(kind, document) : []
  })
  expect(documents.length).toBeGreaterThan(100)
  expect(errors.length).toBeGreaterThan(10)
})

test.each(Object.keys(TITLES))('of the hostile corpus, held against %s', (title) => {
  const documents = hostile.flatMap(objectsIn)
  expect(documents.flatMap((document) => expectSame(title, document)).length).toBeGreaterThan(20)
})

/** A value with everything in it that the schema knows. */
function sample(schema: Schema): unknown {
  const { type, properties, additionalProperties, items, minimum = 0 } = schema
  if (properties) return mapValues(properties, sample)
  if (typeof additionalProperties === 'object') return { key: sample(additionalProperties) }
  if (items) return [sample(items)]
  return schema.const ?? schema.enum?.[0] ?? (type === 'integer' ? minimum : 'a')
}

const ODD: readonly unknown[] = [
  null,
  true,
  1.5,
  5,
  '',
  'A b',
  '\n',
  [],
  ['a', 'a'],
  {},
  { surprise: 1 },
]
const injections: readonly string[] = corpus.items.map((item) => String(item.value))

/** Values that are wrong by themselves, or are not. */
function odd(schema: Schema): readonly unknown[] {
  const { minimum, maximum, maxLength, items, maxItems, maxProperties } = schema
  return [
    ...ODD,
    ...injectionsFor(schema),
    ...(minimum === undefined ? [] : [minimum - 1, String(minimum)]),
    ...(maximum === undefined ? [] : [maximum + 1]),
    ...(maxLength === undefined ? [] : ['x', '😀'].map((c) => c.repeat(maxLength + 1))),
    ...(maxItems === undefined ? [] : [Array(maxItems + 1).fill(items && sample(items))]),
    ...(maxProperties === undefined ? [] : [{ 'bad key': 1, ['a/b~c'.repeat(60)]: '\0' }]),
    ...(maxProperties === undefined ? [] : [keys(maxProperties + 1)]),
  ]
}

const met = new Set<string>()

/** The whole corpus for each pattern, where it is met first. */
function injectionsFor({ type, pattern = '' }: Schema): readonly string[] {
  if (type !== 'string' || met.has(pattern)) return []
  met.add(pattern)
  return injections
}

function keys(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']))
}

/** The sample with one place of it made odd or taken away: for every place, all the ways. */
function* spoiled(schema: Schema): Generator {
  yield* odd(schema)
  const { properties = {}, additionalProperties, items } = schema
  const all = mapValues(properties, sample)
  for (const [name, property] of Object.entries(properties)) {
    const { [name]: _, ...without } = all
    yield without
    for (const value of spoiled(property)) yield { ...all, [name]: value }
  }
  if (typeof additionalProperties === 'object')
    for (const value of spoiled(additionalProperties)) yield { key: value, 'a/b~c': value }
  if (items) for (const value of spoiled(items)) yield [value]
}

function mapValues<V>(
  record: Readonly<Record<string, V>>,
  fn: (value: V) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fn(value)]))
}

/** The places of all keywords that a document can break. */
const KEYWORDS = new Set(
  readFileSync('src/manifest/validators.gen.ts', 'utf8').match(/(?<=schemaPath:")[^"]+/g),
)
const broken = new Set<string>()

test.each(Object.entries(TITLES))('of a %s that is spoiled in every place', (title, file) => {
  const before = broken.size
  for (const value of spoiled(resolveSchema(readSchema(file)))) {
    if (!isObject(value)) continue
    expectSame(title, value)
    for (const error of VALIDATORS[title]?.errors ?? []) broken.add(error.schemaPath)
  }
  expect(broken.size).toBeGreaterThan(before)
})

test('no keyword of the schemas was left out', () => {
  expect(KEYWORDS.size).toBeGreaterThan(400)
  // A name is always text.
  const unbreakable = /\/propertyNames\/type$/
  const left = [...KEYWORDS].filter((place) => !unbreakable.test(place) && !broken.has(place))
  expect(left).toEqual([])
})
