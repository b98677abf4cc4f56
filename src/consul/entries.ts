/** A long list of entries as Consul writes it → one text an entry, so that what was read before is not read again. */
import { hash } from 'node:crypto'
import { withKnown } from './canonical.ts'

/** Characters; a shorter list is read sooner as a whole. */
const LONG = 65_536
/**
 * How every entry begins: dense, or with line breaks as an agent in development mode writes. In a string the
 * quotes would follow backslashes, so that this is never part of one; where it stands deeper in an entry, what
 * the entry is cut into is not JSON.
 */
const BEGIN = /^\[(\s*\{\s*"Node":\s*\{)/

export function isLong(text: string): boolean {
  return text.length >= LONG
}

/** Undefined for a short list, and for one that begins in another way. */
export function splitEntries(text: string): string[] | undefined {
  const begin = isLong(text) ? BEGIN.exec(text)?.[1] : undefined
  const end = text.lastIndexOf(']')
  if (begin === undefined || text.slice(end + 1).trim() !== '') return undefined
  const entries: string[] = []
  let from = 1
  for (;;) {
    const next = text.indexOf(`,${begin}`, from)
    if (next === -1) return [...entries, text.slice(from, end)]
    entries.push(text.slice(from, next))
    from = next + 1
  }
}

/** What was made of the entries of the newest long list, by their text. */
export class EntryMemory<V extends object> {
  #known: ReadonlyMap<string, V> = new Map()

  forget(): void {
    this.#known = new Map()
  }

  /**
   * What `read` gives for each, as the object it was where it says the same as one of the list before.
   * Undefined, and nothing new is remembered, where `read` gives that for one.
   */
  readEach(entries: readonly string[], read: (entry: string) => V | undefined): V[] | undefined {
    // The text itself would keep the whole answer that it is a part of.
    const digests = entries.map((entry) => hash('sha256', entry, 'binary'))
    const fresh: V[] = []
    for (const [place, digest] of digests.entries()) {
      const value = this.#known.get(digest) ?? read(entries[place] ?? '')
      if (value === undefined) return undefined
      fresh.push(value)
    }
    const values = withKnown([...this.#known.values()], fresh)
    this.#known = new Map(values.map((value, place) => [digests[place] ?? '', value]))
    return values
  }
}
