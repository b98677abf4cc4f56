/** Remembers the results of a pure function by the identity of its arguments; old ones may be forgotten. */

/**
 * The function with a memory: the newest result for each first argument. Arguments must be objects that are never
 * mutated, always as many; the same objects give the same result object. The first is to be one that belongs to the
 * result alone: what others share would make them forget each other's.
 */
export function remember<A extends readonly [object, ...object[]], R>(
  fn: (...args: A) => R,
): (...args: A) => R {
  const values = new WeakMap<object, R>()
  /** What else the function was given. */
  const others = new WeakMap<object, readonly object[]>()
  return (...args) => {
    const [first] = args
    const known = values.get(first)
    if (known !== undefined && (args.length === 1 || isSameList(others.get(first) ?? [], args)))
      return known
    const value = fn(...args)
    values.set(first, value)
    if (args.length > 1) others.set(first, args)
    return value
  }
}

/**
 * The newest value for a key, or the one before where they are the same: so that what is remembered by
 * identity of the value stays remembered although the value was made again.
 */
export function keepSame<V>(isSame: (before: V, next: V) => boolean): (key: object, next: V) => V {
  const kept = new WeakMap<object, { readonly value: V }>()
  return (key, next) => {
    const before = kept.get(key)
    if (before !== undefined && isSame(before.value, next)) return before.value
    kept.set(key, { value: next })
    return next
  }
}

/**
 * A function of each item of a list, remembered from one call to the next, place by place: an item that
 * stands where it stood costs a comparison. Where all results are the same, so is the list of them.
 */
export function rememberEach<T extends object, C extends readonly object[], R>(
  fn: (item: T, ...common: C) => R,
): (items: readonly T[], ...common: C) => readonly R[] {
  let last:
    { readonly items: readonly T[]; readonly common: C; readonly results: readonly R[] } | undefined
  return (items, ...common) => {
    const before = last?.items.length === items.length ? last : undefined
    const results =
      before !== undefined && isSameList(before.common, common)
        ? renewed(before, items, (item) => fn(item, ...common))
        : items.map((item) => fn(item, ...common))
    last = { items, common, results }
    return results
  }
}

function renewed<T extends object, R>(
  before: { readonly items: readonly T[]; readonly results: readonly R[] },
  items: readonly T[],
  fn: (item: T) => R,
): readonly R[] {
  const news: [number, R][] = []
  for (const place of placesThatDiffer(before.items, items)) {
    const item = items[place]
    if (item !== undefined) news.push([place, fn(item)])
  }
  return withItems(before.results, news)
}

/** The list with some items replaced; the same one where they are what stands there. */
export function withItems<R>(
  list: readonly R[],
  items: readonly (readonly [place: number, item: R])[],
): readonly R[] {
  const news = items.filter(([place, item]) => list[place] !== item)
  if (news.length === 0) return list
  // Copying as a whole is many times as fast as item by item.
  const copy = list.slice()
  for (const [place, item] of news) copy[place] = item
  listOrigins.note(copy, list, news)
  return copy
}

/** The map of keys to values, place by place; where few values changed since the last call, that map with those in it. */
export function rememberMap<V extends object>(): (
  keys: readonly string[],
  values: readonly V[],
) => ReadonlyMap<string, V> {
  let last: readonly [keys: readonly string[], values: readonly V[], map: ReadonlyMap<string, V>] =
    [[], [], new Map()]
  return (keys, values) => {
    const [lastKeys, lastValues, lastMap] = last
    const isPatch = isSameList(lastKeys, keys) && lastValues.length === values.length
    const places = isPatch ? placesThatDiffer(lastValues, values) : [...keys.keys()]
    const news: [string, V][] = []
    for (const place of places) {
      const [key, value] = [keys[place], values[place]]
      if (key !== undefined && value !== undefined) news.push([key, value])
    }
    last = [keys, values, isPatch ? withEntries(lastMap, news) : new Map(news)]
    return last[2]
  }
}

/** Of the second list, in no certain order. */
export function placesThatDiffer(a: readonly unknown[], b: readonly unknown[]): readonly number[] {
  if (a === b) return []
  const known = listOrigins.between(a, b)
  if (known !== undefined) return known.filter((place) => a[place] !== b[place])
  const places: number[] = []
  // A plain loop: it runs over thousands of items once in a while, when nothing of it is compiled.
  for (let i = 0; i < b.length; i += 1) if (a[i] !== b[i]) places.push(i)
  return places
}

/** Where a list or a map differs at the most from one that it was made from. */
interface Origin<P> {
  readonly from: WeakRef<object>
  readonly places: readonly P[]
}

/** So many steps back: whoever compares has seen the one before, or the one before that. */
const MOST_STEPS = 3

/** What lists or maps were made from, and what was changed: whoever compares the two need not look at all of them. */
class Origins<P> {
  readonly #of = new WeakMap<object, readonly Origin<P>[]>()

  note(next: object, from: object, changes: readonly (readonly [P, unknown])[]): void {
    const places = changes.map(([place]) => place)
    const older = (this.#of.get(from) ?? []).slice(0, MOST_STEPS - 1)
    this.#of.set(next, [
      { from: new WeakRef(from), places },
      ...older.map((o) => ({ from: o.from, places: [...new Set([...o.places, ...places])] })),
    ])
  }

  /** Undefined where it is not known. */
  between(before: object, after: object): readonly P[] | undefined {
    return this.#of.get(after)?.find(({ from }) => from.deref() === before)?.places
  }
}

const listOrigins = new Origins<number>()
const mapOrigins = new Origins<string>()

/** The map with some entries replaced or added; the same one where there are none. */
export function withEntries<V>(
  map: ReadonlyMap<string, V>,
  entries: readonly (readonly [string, V])[],
): ReadonlyMap<string, V> {
  if (entries.length === 0) return map
  const isOfSameKeys = entries.every(([key]) => map.has(key))
  const next = isOfSameKeys ? new PatchedMap(map, entries).settled : new Map([...map, ...entries])
  if (isOfSameKeys) mapOrigins.note(next, map, entries)
  return next
}

/**
 * With more patches than this, or after as many rounds of them, a map is copied: they cost as much by then, and what
 * was replaced is let go of. A map that is no larger is copied anyway.
 */
const MOST_PATCHES = 64

/** A map with other values for some of its keys, which are looked up first: what else is in it is not copied. */
class PatchedMap<V> extends Map<string, V> {
  readonly #base: ReadonlyMap<string, V>
  readonly #patches: ReadonlyMap<string, V>
  readonly #rounds: number

  constructor(map: ReadonlyMap<string, V>, entries: readonly (readonly [string, V])[]) {
    super()
    const before: PatchedMap<V> | undefined = map instanceof PatchedMap ? map : undefined
    this.#base = before === undefined ? map : before.#base
    this.#patches = new Map([...(before === undefined ? [] : before.#patches), ...entries])
    this.#rounds = before === undefined ? 1 : before.#rounds + 1
  }

  static {
    // Whoever compares it with a map of the same content finds them equal.
    this.prototype.constructor = Map
  }

  /** Itself, or a plain map of the same content where it has become too much. */
  get settled(): ReadonlyMap<string, V> {
    const isMuch = Math.max(this.#patches.size, this.#rounds) > MOST_PATCHES
    return isMuch || this.size <= MOST_PATCHES ? new Map(this) : this
  }

  override get size(): number {
    return this.#base.size
  }

  override has(key: string): boolean {
    return this.#base.has(key)
  }

  override get(key: string): V | undefined {
    return this.#patches.has(key) ? this.#patches.get(key) : this.#base.get(key)
  }

  override keys(): MapIterator<string> {
    return this.#base.keys()
  }

  override *values(): MapIterator<V> {
    for (const [, value] of this) yield value
  }

  override *entries(): MapIterator<[string, V]> {
    for (const [key, value] of this.#base) yield [key, this.#of(key, value)]
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries()
  }

  override forEach(run: (value: V, key: string, map: Map<string, V>) => void): void {
    for (const [key, value] of this) run(value, key, this)
  }

  #of(key: string, value: V): V {
    return this.#patches.has(key) ? (this.#patches.get(key) ?? value) : value
  }
}

/**
 * What a function makes of two maps, key by key, remembered from one call to the next: only keys whose
 * values changed are worked out again. Keys are those of `a`, in their order; where `fn` gives undefined
 * there is no entry.
 */
export function rememberJoin<A, B, C extends readonly object[], R>(
  fn: (key: string, a: A, b: B | undefined, ...common: C) => R | undefined,
): (a: ReadonlyMap<string, A>, b: ReadonlyMap<string, B>, ...common: C) => ReadonlyMap<string, R> {
  interface Last {
    readonly a: ReadonlyMap<string, A>
    readonly b: ReadonlyMap<string, B>
    readonly common: C
    readonly results: ReadonlyMap<string, R>
  }
  let last: Last | undefined
  return (a, b, ...common) => {
    const before = last !== undefined && isSameList(last.common, common) ? last : undefined
    const changed = before && changedKeys(before, { a, b })
    const found = new Map<string, R>()
    for (const key of changed ?? a.keys()) {
      const value = a.get(key)
      const result = value === undefined ? undefined : fn(key, value, b.get(key), ...common)
      if (result !== undefined) found.set(key, result)
    }
    const results =
      before === undefined || changed === undefined
        ? found
        : together(before.results, found, changed, a)
    last = { a, b, common, results }
    return results
  }
}

interface Maps {
  readonly a: ReadonlyMap<string, unknown>
  readonly b: ReadonlyMap<string, unknown>
}

function changedKeys(before: Maps, after: Maps): ReadonlySet<string> | undefined {
  const [inA, inB] = [keysThatDiffer(before.a, after.a), keysThatDiffer(before.b, after.b)]
  return inA && inB && new Set([...inA, ...inB])
}

function together<R>(
  kept: ReadonlyMap<string, R>,
  found: ReadonlyMap<string, R>,
  changed: ReadonlySet<string>,
  order: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, R> {
  const all = new Map([...kept].filter(([key]) => !changed.has(key)))
  if (found.size === 0) return all.size === kept.size ? kept : all
  for (const [key, result] of found) all.set(key, result)
  if (all.size < 2) return all
  const inOrder = new Map<string, R>()
  for (const key of order.keys()) {
    const result = all.get(key)
    if (result !== undefined) inOrder.set(key, result)
  }
  return inOrder
}

/** Undefined where the keys themselves are others, or stand in another order. */
export function keysThatDiffer(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly string[] | undefined {
  if (before === after) return []
  if (before.size !== after.size) return undefined
  const known = mapOrigins.between(before, after)
  if (known !== undefined) return known.filter((key) => before.get(key) !== after.get(key))
  const keys: string[] = []
  const old = before.entries()
  for (const [key, value] of after) {
    const [oldKey, oldValue] = old.next().value ?? []
    if (oldKey !== key) return undefined
    if (oldValue !== value) keys.push(key)
  }
  return keys
}

export function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && placesThatDiffer(a, b).length === 0)
}
