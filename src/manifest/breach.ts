/** Ways in which fields of a document can contradict each other, as problems. */
import { printable } from '../model/failure.ts'
import type { Literal } from './addresses.ts'
import { readAddress, readNetwork } from './addresses.ts'
import { below, fieldName, shown } from './pointer.ts'
import type { Problem } from './problem.ts'

export interface Breach extends Problem {
  /** The object whose fields are compared: a mistake inside it may be the cause. */
  readonly about: string
}

export function missing(about: string, field: string, hint: string): Breach {
  const message = `"${field}" is missing in ${shown(about)}`
  return { code: 'LG1001', about, pointer: about, on: 'key', message, hint }
}

export function unfitting(about: string, field: string, message: string, hint?: string): Breach {
  const pointer = below(about, field)
  return {
    code: 'LG1009',
    about,
    pointer,
    on: 'key',
    message,
    ...(hint === undefined ? {} : { hint }),
  }
}

/** Exactly one of the fields must be there. */
export function exactlyOne(about: string, object: object, fields: readonly string[]): Breach[] {
  const given = fields.filter((field) => Object.hasOwn(object, field))
  if (given.length === 1) return []
  const hint = `give exactly one of ${fields.join(', ')}`
  if (given.length === 0) {
    const message = `${shown(about)} has neither ${fields.join(' nor ')}`
    return [{ code: 'LG1007', about, pointer: about, on: 'key', message, hint }]
  }
  const message = `${shown(about)} has both ${given.join(' and ')}`
  return [
    { code: 'LG1007', about, pointer: below(about, given[1] ?? ''), on: 'key', message, hint },
  ]
}

/** `values` are those of one field in each item; an item without it is undefined. */
export function itemsDiffer(
  list: string,
  field: string,
  values: readonly (string | number | undefined)[],
): Breach[] {
  const first = new Map<string | number, number>()
  return values.flatMap((value, i) => {
    if (value === undefined) return []
    const before = first.get(value)
    if (before === undefined) {
      first.set(value, i)
      return []
    }
    const pointer = below(list, i, field)
    const message = `${fieldName(pointer)} "${printable(String(value), 60)}" is also that of ${shown(below(list, before))}`
    return [{ code: 'LG1008', about: below(list, i), pointer, on: 'value', message }]
  })
}

export function addressBreach(about: string, field: string, address: string): Breach[] {
  return literalBreach(readAddress(address), { about, field, text: address, what: 'an IP address' })
}

export function networkBreach(about: string, index: number, network: string): Breach[] {
  const what = 'a network, as 10.0.0.0/8'
  return literalBreach(readNetwork(network), { about, field: index, text: network, what })
}

interface LiteralField {
  readonly about: string
  readonly field: string | number
  readonly text: string
  readonly what: string
}

function literalBreach(literal: Literal, { about, field, text, what }: LiteralField): Breach[] {
  if (literal.state === 'canonical') return []
  const base = { code: 'LG1005', about, pointer: below(about, field), on: 'value' } as const
  const shownText = `"${printable(text, 60)}"`
  if (literal.state === 'invalid') return [{ ...base, message: `${shownText} is not ${what}` }]
  const hint = `write ${literal.canonical}`
  return [{ ...base, message: `${shownText} is not in canonical form`, hint }]
}
