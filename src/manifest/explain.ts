/** What a schema says against a document → problems in words of the person who wrote it. */
import { printable } from '../model/failure.ts'
import { EXPLAINED, notAsTheSchemaSays } from './explain-value.ts'
import { nearest } from './nearest.ts'
import { below, shown } from './pointer.ts'
import type { Problem } from './problem.ts'
import type { SchemaError } from './schema.ts'
import { recordOf } from './schema.ts'

/** The problems in the order in which they explain each other: the first at a place is the one to show. */
export function explain(errors: readonly SchemaError[]): Problem[] {
  const of = (keyword: string) => errors.filter((error) => error.keyword === keyword)
  const unknown = of('additionalProperties')
  const misspelt = new Set(unknown.map((error) => `${error.pointer} ${meantField(error) ?? ''}`))
  // A field that is there under a misspelt name is not missing as well.
  const missing = of('required').filter(
    (error) => !misspelt.has(`${error.pointer} ${missingName(error)}`),
  )
  const values = Object.entries(EXPLAINED).flatMap(([keyword, explained]) =>
    of(keyword).map((error) => onName(error, explained(error))),
  )
  const others = errors.filter(
    ({ keyword }) => !OWN_WORDS.has(keyword) && !Object.hasOwn(EXPLAINED, keyword),
  )
  return [
    ...missingFields(missing),
    ...unknown.map(unknownField),
    ...values,
    ...others.map(notAsTheSchemaSays),
  ]
}

/** `propertyNames` only says that another error is about a name. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'required',
  'additionalProperties',
  'propertyNames',
])

function onName(error: SchemaError, problem: Problem): Problem {
  if (error.propertyName === undefined) return problem
  return { ...problem, pointer: below(error.pointer, error.propertyName), on: 'key' }
}

/** One problem for all that an object lacks. */
function missingFields(errors: readonly SchemaError[]): Problem[] {
  return [...new Set(errors.map((error) => error.pointer))].map((pointer) => {
    const group = errors.filter((error) => error.pointer === pointer)
    const names = group.map((error) => `"${missingName(error)}"`)
    return {
      code: 'LG1001',
      pointer,
      on: 'key',
      message: `${inWords(names)} ${names.length > 1 ? 'are' : 'is'} missing in ${shown(pointer)}`,
    }
  })
}

function missingName(error: SchemaError): string {
  return String(error.params['missingProperty'])
}

function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last
}

function unknownField(error: SchemaError): Problem {
  const name = unknownName(error)
  return {
    code: 'LG1002',
    pointer: below(error.pointer, name),
    on: 'key',
    message: `unknown field "${printable(name, 60)}" in ${shown(error.pointer)}`,
    ...hintForUnknown(error, name),
  }
}

function unknownName(error: SchemaError): string {
  return String(error.params['additionalProperty'])
}

function hintForUnknown(error: SchemaError, name: string): { readonly hint?: string } {
  if (name === '<<') return { hint: 'merge keys are not read; write the fields out' }
  const near = meantField(error)
  if (near !== undefined) return { hint: `did you mean "${near}"?` }
  const known = Object.keys(error.properties)
  return known.length === 0 ? {} : { hint: `known fields: ${known.join(', ')}` }
}

function meantField(error: SchemaError): string | undefined {
  return nearest(unknownName(error), freeFields(error))
}

/** Fields that the schema has here and the document has not. */
function freeFields({ properties, data }: SchemaError): string[] {
  const written = recordOf(data)
  return Object.keys(properties).filter((field) => {
    // Defaults are filled in before fields are counted: a field that has its default was hardly written.
    const filled = JSON.stringify(recordOf(properties[field])['default'])
    return !Object.hasOwn(written, field) || filled === JSON.stringify(written[field])
  })
}
