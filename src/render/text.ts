/** Values as templates see them: strings of the topology become Text, which only a filter can print. */
import { TemplateTrouble } from './trouble.ts'

/** A string that was not made safe for any position. It compares, it joins with others, and it never prints. */
export class Text {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }

  static read(text: Text): string {
    return text.#value
  }

  toString(): string {
    throw new TemplateTrouble('LG6002', 'a value is printed without a filter')
  }

  [Symbol.toPrimitive](): string {
    return this.toString()
  }
}

/** What a template is given: numbers, booleans, null for what is not set, Text, and lists and records of these. */
export type View =
  null | boolean | number | Text | readonly View[] | { readonly [key: string]: View }

/** What records inherit: nothing, so that `toString` is as unknown as any other name. */
const NOTHING: object = Object.freeze(Object.create(null))

/** A record of plain values as a view. */
export function viewOf(value: unknown): View {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return new Text(value)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return Object.freeze(value.map(viewOf))
  if (value instanceof Map || typeof value !== 'object')
    throw new TypeError('not a value for templates')
  const record: Record<string, View> = Object.create(NOTHING)
  for (const key of Object.keys(value)) record[key] = viewOf(Reflect.get(value, key))
  return Object.freeze(record)
}
