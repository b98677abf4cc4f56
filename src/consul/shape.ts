/** Reads untyped JSON field by field: values go in, typed values come out, and every wrong shape is named. */
import { printable } from '../model/failure.ts'

export type Fields = Readonly<Record<string, unknown>>

/**
 * A wrong value is noted in `problems` (a printable sentence that begins with its path) and read as an
 * empty one; so a caller reads everything first and looks at the problems once.
 */
export class ShapeReader {
  readonly problems: string[] = []

  /** With `known` names given, any other is a problem. */
  object(value: unknown, path: string, known?: readonly string[]): Fields {
    if (!isObject(value)) return this.#wrong(path, value, 'an object', {})
    if (known === undefined) return value
    const strange = Object.keys(value).filter((name) => !known.includes(name))
    for (const name of strange)
      this.note(path, `has an unknown field "${printable(name, 60)}" (known: ${known.join(', ')})`)
    return value
  }

  list(value: unknown, path: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.#wrong(path, value, 'a list', [])
  }

  texts(value: unknown, path: string): readonly string[] {
    return this.list(value, path).map((item, i) => this.text(item, `${path}[${i}]`))
  }

  text(value: unknown, path: string): string {
    return typeof value === 'string' ? value : this.#wrong(path, value, 'text', '')
  }

  integer(value: unknown, path: string): number {
    return Number.isSafeInteger(value)
      ? Number(value)
      : this.#wrong(path, value, 'a whole number', 0)
  }

  oneOf<T extends string>(value: unknown, path: string, words: readonly [T, ...T[]]): T {
    const found = words.find((word) => word === value)
    return found ?? this.#wrong(path, value, `one of ${words.join(', ')}`, words[0])
  }

  note(path: string, what: string): void {
    this.problems.push(`${path === '' ? 'the document' : path} ${what}`)
  }

  #wrong<T>(path: string, value: unknown, wanted: string, instead: T): T {
    this.note(path, value === undefined ? `is missing (${wanted})` : `is not ${wanted}`)
    return instead
  }
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
