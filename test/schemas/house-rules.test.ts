/** What every schema must be like: described and bounded at any depth, and true in what it says. */
import { expect, test } from 'vitest'
import { KIND_FILES, readSchema, type Schema } from '../tools/schema-files.ts'

const FILES = ['common', ...Object.values(KIND_FILES), 'settings']

/** Every schema inside a file as it is written, references not followed, with its place. */
function* walk(schema: Schema, place: string): Generator<readonly [string, Schema]> {
  yield [place, schema]
  const named = { ...schema.properties, ...schema.definitions }
  for (const [name, below] of Object.entries(named)) yield* walk(below, `${place}/${name}`)
  if (schema.items) yield* walk(schema.items, `${place}[]`)
  if (schema.propertyNames) yield* walk(schema.propertyNames, `${place}{key}`)
  if (typeof schema.additionalProperties === 'object')
    yield* walk(schema.additionalProperties, `${place}{value}`)
}

const ALL = FILES.flatMap((file) => Array.from(walk(readSchema(file), file)))

/** The places of those schemas that are chosen and do not hold. */
function offenders(chosen: (s: Schema) => boolean, holds: (s: Schema) => boolean): string[] {
  const those = ALL.filter(([, s]) => chosen(s))
  expect(those.length).toBeGreaterThan(0)
  return those.filter(([, s]) => !holds(s)).map(([place]) => place)
}

function isString(schema: Schema): boolean {
  return schema.type === 'string' && schema.$ref === undefined
}

test('every field and every definition has a description that is a sentence', () => {
  const bare = ALL.filter(
    ([place, s]) =>
      !(s.description ?? '').endsWith('.') && !(place.endsWith('[]') && s.$ref !== undefined),
  )
  expect(ALL.length).toBeGreaterThan(250)
  expect(bare.map(([place]) => place)).toEqual([])
})

test('every string has a maxLength, and a pattern or its words', () => {
  expect(offenders(isString, (s) => s.maxLength !== undefined)).toEqual([])
  expect(
    offenders(isString, (s) => Boolean(s.pattern) || Boolean(s.enum) || s.const !== undefined),
  ).toEqual([])
})

test('every list has a maxItems, every map a maxProperties', () => {
  expect(
    offenders(
      (s) => s.type === 'array' && s.$ref === undefined,
      (s) => Boolean(s.maxItems) && Boolean(s.items),
    ),
  ).toEqual([])
  expect(
    offenders(
      (s) => typeof s.additionalProperties === 'object',
      (s) => Boolean(s.maxProperties) && Boolean(s.propertyNames),
    ),
  ).toEqual([])
})

test('every number has its range, or its values', () => {
  expect(
    offenders(
      (s) => s.type === 'integer',
      (s) => Boolean(s.enum) || (s.minimum !== undefined && s.maximum !== undefined),
    ),
  ).toEqual([])
})

test('every object refuses fields it does not know', () => {
  expect(
    offenders(
      (s) => s.type === 'object' && s.$ref === undefined,
      (s) => s.additionalProperties === false || typeof s.additionalProperties === 'object',
    ),
  ).toEqual([])
})

test('the words are no longer than their maxLength', () => {
  expect(
    offenders(
      (s) => s.type === 'string' && s.enum !== undefined,
      (s) => s.enum?.every((word) => String(word).length <= (s.maxLength ?? 0)) === true,
    ),
  ).toEqual([])
})

// Draft-07 ignores what stands beside a $ref; ajv does not. Both must come to the same verdict.
test('beside a reference stand only annotations and the type', () => {
  const annotations = new Set(['$ref', 'description', 'default', 'type'])
  expect(
    offenders(
      (s) => s.$ref !== undefined,
      (s) => Object.keys(s).every((key) => annotations.has(key)),
    ),
  ).toEqual([])
})

// ajv compares items pair by pair where it does not know that they are strings.
test('lists of distinct items say the type of the items', () => {
  expect(
    offenders(
      (s) => s.uniqueItems === true,
      (s) => s.items?.type === 'string',
    ),
  ).toEqual([])
})

test('a description names the default and the range', () => {
  expect(
    offenders(
      (s) => typeof s.default === 'string' || typeof s.default === 'number',
      (s) =>
        ['`', ''].some((mark) =>
          s.description?.includes(`Default: ${mark}${String(s.default)}${mark}`),
        ),
    ),
  ).toEqual([])
  expect(
    offenders(
      (s) => s.minimum !== undefined,
      (s) => s.description?.includes(`${s.minimum} to ${s.maximum}`) === true,
    ),
  ).toEqual([])
})
