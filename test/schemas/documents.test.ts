/** What the schemas accept and refuse, tried on the examples that stand in them. */
import { expect, test } from 'vitest'
import { KIND_FILES, readSchema } from '../tools/schema-files.ts'
import { compileSchema, DOCUMENT_SCHEMAS } from './ajv.ts'

const NAMES = [...Object.values(KIND_FILES), 'settings']

function exampleOf(name: string): unknown {
  return structuredClone(readSchema(name).examples?.[0])
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every object in the value with its JSON pointer, the value itself included. */
function objectsIn(value: unknown, pointer = ''): [string, Record<string, unknown>][] {
  if (Array.isArray(value)) return value.flatMap((v, i) => objectsIn(v, `${pointer}/${i}`))
  if (!isObject(value)) return []
  const below = Object.entries(value).flatMap(([key, v]) => objectsIn(v, `${pointer}/${key}`))
  return [[pointer, value], ...below]
}

test.each(['common', ...DOCUMENT_SCHEMAS])('ajv compiles %s in strict mode', (name) => {
  expect(compileSchema(name)).toBeTypeOf('function')
})

test.each(NAMES)('the example of %s is valid', (name) => {
  const validate = compileSchema(name)
  expect(exampleOf(name)).toBeTypeOf('object')
  validate(exampleOf(name))
  expect(validate.errors).toBeNull()
})

test.each(Object.values(KIND_FILES))('the combined schema takes the example of %s', (name) => {
  const validate = compileSchema('all')
  validate(exampleOf(name))
  expect(validate.errors).toBeNull()
})

test.each(NAMES)('%s refuses an unknown field wherever it stands', (name) => {
  const validate = compileSchema(name)
  const places = objectsIn(exampleOf(name)).map(([pointer]) => pointer)
  for (const place of places.filter((p) => !/\/(labels|annotations)$/.test(p))) {
    const document = exampleOf(name)
    const target = objectsIn(document).find(([pointer]) => pointer === place)?.[1] ?? {}
    target['surprise'] = 1
    expect(validate(document)).toBe(false)
    expect(validate.errors).toContainEqual(
      expect.objectContaining({ instancePath: place, keyword: 'additionalProperties' }),
    )
  }
})

test.each(NAMES)('%s refuses an example without one of its required fields', (name) => {
  const schema = readSchema(name)
  const validate = compileSchema(name)
  for (const field of schema.required ?? []) {
    const document = exampleOf(name)
    if (isObject(document)) delete document[field]
    validate(document)
    expect(validate.errors).toContainEqual(
      expect.objectContaining({ keyword: 'required', params: { missingProperty: field } }),
    )
  }
})

test('the combined schema chooses by kind', () => {
  const validate = compileSchema('all')
  const document = exampleOf('backend')
  if (isObject(document)) document['kind'] = 'Userlist'
  validate(document)
  expect(validate.errors).toContainEqual(
    expect.objectContaining({ instancePath: '/spec', params: { missingProperty: 'users' } }),
  )
})

test('defaults are filled in, down to the innermost', () => {
  const document = {
    apiVersion: 'legate/v1',
    kind: 'Backend',
    metadata: { name: 'api' },
    spec: { source: { consul: { service: 'api' } } },
  }
  compileSchema('backend')(document)
  expect(document).toEqual({
    apiVersion: 'legate/v1',
    kind: 'Backend',
    metadata: { name: 'api', namespace: 'default', labels: {}, annotations: {} },
    spec: {
      source: { consul: { service: 'api', tags: [] } },
      balance: { algorithm: 'RoundRobin', hash: 'Consistent' },
      check: {
        type: 'TCP',
        interval: '2s',
        rise: 2,
        fall: 3,
        path: '/',
        method: 'GET',
        expectStatus: '200-399',
      },
      timeouts: {},
      weightFrom: 'Consul',
      healthyWhen: 'PassingOrWarning',
      capacity: {},
      onEmpty: { policy: 'Hold', holdFor: '5m' },
      addresses: { allowLoopback: 'Refuse', hostnames: 'Refuse', allowedCIDRs: [] },
    },
  })
})
