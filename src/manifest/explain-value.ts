/** Errors of single values, by the keyword of the schema that does not hold → problems. */
import { printable } from '../model/failure.ts'
import { meant } from './nearest.ts'
import { below, fieldName, shown } from './pointer.ts'
import type { Problem } from './problem.ts'
import type { SchemaError } from './schema.ts'
import { recordOf } from './schema.ts'

/** In the order in which they explain each other; `propertyNames` only says that another one holds. */
export const EXPLAINED: Readonly<Record<string, (error: SchemaError) => Problem>> = {
  type: wrongType,
  const: notAllowed,
  enum: notAllowed,
  minLength: tooShort,
  maxLength: tooLong,
  pattern: wrongForm,
  minimum: outOfRange,
  maximum: outOfRange,
  minItems: wrongCount,
  maxItems: wrongCount,
  maxProperties: wrongCount,
  uniqueItems: repeatedItem,
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping with fields',
  array: 'a list',
}

function wrongType(error: SchemaError): Problem {
  const wanted = String(error.params['type'])
  const found =
    typeof error.data === 'string' ? `the text ${quoted(error.data)}` : quoted(error.data)
  return {
    code: 'LG1003',
    pointer: error.pointer,
    on: 'value',
    message: `${shown(error.pointer)} is ${found}, not ${TYPE_WORDS[wanted] ?? wanted}`,
    ...hintForType(error, wanted),
  }
}

function hintForType(error: SchemaError, wanted: string): { readonly hint?: string } {
  const { data } = error
  if (wanted === 'integer' && typeof data === 'string' && /^-?\d+$/.test(data))
    return { hint: 'take the quotes away' }
  const isScalar = typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean'
  if (!isScalar) return {}
  if (wanted === 'array') return { hint: `write it as a list: [${quoted(data)}]` }
  if (wanted !== 'string') return {}
  if (error.definition === 'duration')
    return { hint: `a duration needs a unit, as ${data}s or ${data}ms` }
  return { hint: `put it in quotes: "${data}"` }
}

function notAllowed(error: SchemaError): Problem {
  const several = error.params['allowedValues']
  const allowed = (Array.isArray(several) ? several : [error.params['allowedValue']]).map(String)
  return {
    code: 'LG1004',
    pointer: error.pointer,
    on: 'value',
    message: `${quoted(error.data)} is not ${allowed.length > 1 ? 'one of ' : ''}${allowed.join(', ')}`,
    ...(typeof error.data === 'string' ? meant(error.data, allowed) : {}),
  }
}

function wrongForm(error: SchemaError): Problem {
  const where =
    error.propertyName === undefined
      ? `as ${shown(error.pointer)}`
      : `as a name in ${shown(error.pointer)}`
  return {
    code: 'LG1005',
    pointer: error.pointer,
    on: 'value',
    message: `${quoted(error.data)} is not valid ${where}`,
    ...described(error),
  }
}

/** The schema's own words say what is wanted; a regular expression would not. */
function described({ description }: SchemaError): { readonly hint?: string } {
  if (description === undefined) return {}
  const plain = description.replaceAll('`', '').replace(/\.$/, '')
  return { hint: plain.slice(0, 1).toLowerCase() + plain.slice(1) }
}

function tooShort(error: SchemaError): Problem {
  const { pointer } = error
  const message = error.data === '' ? 'is empty' : `${quoted(error.data)} is too short`
  return {
    code: 'LG1006',
    pointer,
    on: 'value',
    message: `${shown(pointer)} ${message}`,
    ...described(error),
  }
}

function tooLong(error: SchemaError): Problem {
  const length = String(error.data).length
  const limit = String(error.params['limit'])
  return {
    code: 'LG1006',
    pointer: error.pointer,
    on: 'value',
    message: `${shown(error.pointer)} has ${length} characters, more than ${limit}`,
  }
}

function outOfRange(error: SchemaError): Problem {
  const side = error.keyword === 'maximum' ? 'more than the maximum' : 'less than the minimum'
  return {
    code: 'LG1006',
    pointer: error.pointer,
    on: 'value',
    message: `${quoted(error.data)} is ${side} of ${fieldName(error.pointer)}, ${String(error.params['limit'])}`,
  }
}

function wrongCount(error: SchemaError): Problem {
  const what = error.keyword.endsWith('Items') ? 'items' : 'fields'
  const limit = String(error.params['limit'])
  const wanted = error.keyword.startsWith('max')
    ? `at most ${limit} are allowed`
    : `at least ${limit} must be there`
  const count = Object.keys(recordOf(error.data)).length
  return {
    code: 'LG1008',
    pointer: error.pointer,
    on: 'key',
    message: `${shown(error.pointer)} has ${count} ${what}; ${wanted}`,
  }
}

/** For keywords that no schema uses yet: an error is never without words. */
export function notAsTheSchemaSays(error: SchemaError): Problem {
  return {
    code: 'LG1005',
    pointer: error.pointer,
    on: 'value',
    message: `${shown(error.pointer)} is not as its schema says (${error.keyword})`,
    ...described(error),
  }
}

function repeatedItem(error: SchemaError): Problem {
  const [first = 0, again = 0] = [error.params['i'], error.params['j']]
    .map(Number)
    .toSorted(ascending)
  const item: unknown = Array.isArray(error.data) ? error.data[again] : undefined
  return {
    code: 'LG1008',
    pointer: below(error.pointer, again),
    on: 'value',
    message: `${quoted(item)} is in ${shown(error.pointer)} twice, as items ${first} and ${again}`,
  }
}

function ascending(a: number, b: number): number {
  return a - b
}

/** Texts in quotes, other values in words or as they are; never long, never with control characters. */
function quoted(data: unknown): string {
  if (typeof data === 'string') return `"${printable(data, 60)}"`
  if (typeof data === 'number' || typeof data === 'boolean') return String(data)
  if (data === null || data === undefined) return 'empty'
  return Array.isArray(data) ? 'a list' : 'a mapping with fields'
}
