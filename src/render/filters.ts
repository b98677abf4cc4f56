/** The filters of the templates, one per position of HAProxy's grammar: a value in, a hole out. */
import type { Hole } from './holes.ts'
import { hasMarks } from './holes.ts'
import type { Encoder } from './quote.ts'
import * as quoting from './quote.ts'
import { Text } from './text.ts'
import { TemplateTrouble } from './trouble.ts'

export type Filter = (value: unknown, more?: unknown) => Omit<Hole, 'filter'>

export const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['word', ofText(quoting.word)],
  ['logformat', ofText(quoting.logformat)],
  ['pattern', ofText(quoting.pattern)],
  ['name', ofText(quoting.name)],
  ['header', ofText(quoting.header)],
  ['path', ofText(quoting.path)],
  ['logtarget', ofText(quoting.logTarget)],
  ['argument', ofText(quoting.argument)],
  ['realm', ofText(quoting.realm)],
  ['address', (value, port) => hole(quoting.address(textOf(value), portOf(port)))],
  ['list', (value) => hole(quoting.list(listOf(value).map(textOf)))],
  ['time', (value) => hole(quoting.time(numberOf(value)))],
])

function ofText(encode: Encoder): Filter {
  return (value) => hole(encode(textOf(value)))
}

function hole(value: string): Omit<Hole, 'filter'> {
  return { value, text: quoting.quote(value) }
}

function textOf(value: unknown): string {
  if (value instanceof Text) return Text.read(value)
  if (typeof value === 'string' && !hasMarks(value)) return value
  throw wrong('text', value)
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value
  throw wrong('a number', value)
}

function portOf(value: unknown): number | undefined {
  return value === undefined ? undefined : numberOf(value)
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw wrong('a list', value)
}

function wrong(wanted: string, value: unknown): TemplateTrouble {
  const found =
    value === null ? 'a value that is not set' : 'something else, or text that is filtered already'
  return new TemplateTrouble('LG6001', `the filter wants ${wanted} and gets ${found}`)
}
