/** The parser's events → where every field of a document stands. */
import { EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { Event, ScalarEvent } from 'js-yaml'
import type { Position } from '../model/diagnostic.ts'
import type { Places, SourceFile } from '../model/resource.ts'
import type { Stretch } from './lines.ts'
import { positionOf } from './lines.ts'
import { below, parentOf } from './pointer.ts'

interface Place {
  readonly key?: Stretch
  readonly value: Stretch
}

/** A key that a mapping has twice. */
export interface RepeatedKey {
  readonly name: string
  readonly first: Stretch
  readonly again: Stretch
}

export interface PlaceIndex {
  /** By JSON pointer; the document itself is ''. */
  readonly places: ReadonlyMap<string, Place>
  readonly repeated: readonly RepeatedKey[]
}

/** `index` is called when a position is first asked for: most documents never need one. */
export function placesOf(file: SourceFile, index: () => PlaceIndex): Places {
  const find = (pointer: string): Place => {
    const { places } = index()
    for (let at = pointer; ; at = parentOf(at)) {
      const place = places.get(at)
      if (place !== undefined) return place
      if (at === '') return { value: { start: 0, end: 0 } }
    }
  }
  const value = (pointer: string): Position => positionOf(file, find(pointer).value)
  const key = (pointer: string): Position => {
    const place = index().places.get(pointer)
    return place?.key === undefined ? value(pointer) : positionOf(file, place.key)
  }
  return { value, key }
}

/** A list or mapping whose end has not come yet. */
interface Open {
  readonly pointer: string
  readonly style: 'list' | 'mapping' | 'unreachable'
  readonly start: number
  end: number
  /** The key whose value comes next. */
  key: { readonly name: string; readonly stretch: Stretch } | undefined
  /** Items seen. */
  count: number
  readonly keys: Map<string, Stretch>
}

/** The events are those of one document, its own opening and closing event left out. */
export function indexPlaces(text: string, events: readonly Event[]): PlaceIndex {
  return new Walk(text).through(events)
}

class Walk {
  readonly places = new Map<string, Place>()
  readonly repeated: RepeatedKey[] = []
  readonly #text: string
  readonly #open: Open[] = []

  constructor(text: string) {
    this.#text = text
  }

  through(events: readonly Event[]): PlaceIndex {
    for (const event of events) this.#step(event)
    return { places: this.places, repeated: this.repeated }
  }

  #step(event: Event): void {
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        this.#scalar(stretchOf(event), getScalarValue(this.#text, event))
        break
      }
      case EVENT_ID.ALIAS: {
        this.#scalar({ start: event.anchorStart - 1, end: event.anchorEnd }, '*')
        break
      }
      case EVENT_ID.SEQUENCE: {
        this.#enter(event.start, 'list')
        break
      }
      case EVENT_ID.MAPPING: {
        this.#enter(event.start, 'mapping')
        break
      }
      case EVENT_ID.POP: {
        this.#leave()
        break
      }
      case EVENT_ID.DOCUMENT: {
        break
      }
    }
  }

  #scalar(stretch: Stretch | undefined, text: string): void {
    const parent = this.#open.at(-1)
    if (parent?.style === 'mapping' && parent.key === undefined) {
      this.#nameKey(parent, text, stretch ?? { start: parent.end, end: parent.end })
      return
    }
    const { pointer, key } = this.#next(parent)
    const value = stretch ?? key ?? this.#whereEmpty(parent)
    if (pointer !== undefined)
      this.places.set(pointer, key === undefined ? { value } : { key, value })
    if (parent !== undefined) parent.end = Math.max(parent.end, value.end)
  }

  #nameKey(parent: Open, name: string, stretch: Stretch): void {
    const first = parent.keys.get(name)
    if (first === undefined) parent.keys.set(name, stretch)
    else this.repeated.push({ name, first, again: stretch })
    parent.key = { name, stretch }
    parent.end = Math.max(parent.end, stretch.end)
  }

  /** An empty item of a list stands where the list does. */
  #whereEmpty(parent: Open | undefined): Stretch {
    if (parent === undefined) return { start: 0, end: 0 }
    return this.places.get(parent.pointer)?.key ?? { start: parent.start, end: parent.start + 1 }
  }

  /** Takes the place of the next value in its parent. */
  #next(parent: Open | undefined): { pointer: string | undefined; key?: Stretch } {
    if (parent === undefined) return { pointer: '' }
    if (parent.style === 'unreachable') return { pointer: undefined }
    if (parent.style === 'list') return { pointer: below(parent.pointer, parent.count++) }
    const key = parent.key
    parent.key = undefined
    if (key === undefined) return { pointer: undefined }
    return { pointer: below(parent.pointer, key.name), key: key.stretch }
  }

  #enter(start: number, style: 'list' | 'mapping'): void {
    const parent = this.#open.at(-1)
    const isKey = parent?.style === 'mapping' && parent.key === undefined
    // A list or mapping as a key: no pointer leads into it.
    if (isKey) parent.key = { name: '?', stretch: { start, end: start + 1 } }
    const { pointer, key } = isKey ? { pointer: undefined } : this.#next(parent)
    if (pointer !== undefined) {
      const value = { start, end: start + 1 }
      this.places.set(pointer, key === undefined ? { value } : { key, value })
    }
    this.#open.push({
      pointer: pointer ?? '',
      style: pointer === undefined ? 'unreachable' : style,
      start,
      end: start + 1,
      key: undefined,
      count: 0,
      keys: new Map(),
    })
  }

  #leave(): void {
    const closed = this.#open.pop()
    if (closed === undefined) return
    const end = this.#withBracket(closed.end)
    const place = this.places.get(closed.pointer)
    if (place !== undefined && closed.style !== 'unreachable')
      this.places.set(closed.pointer, { ...place, value: { start: closed.start, end } })
    const parent = this.#open.at(-1)
    if (parent !== undefined) parent.end = Math.max(parent.end, end)
  }

  /** The parser does not tell where a bracket closes; it is the next visible character. */
  #withBracket(end: number): number {
    let at = end
    while (this.#text[at] === ' ') at++
    return this.#text[at] === ']' || this.#text[at] === '}' ? at + 1 : end
  }
}

function stretchOf(event: ScalarEvent): Stretch | undefined {
  if (event.valueStart < 0) return undefined
  const quoted =
    event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
  return quoted
    ? { start: event.valueStart - 1, end: event.valueEnd + 1 }
    : { start: event.valueStart, end: event.valueEnd }
}
