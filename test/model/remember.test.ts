/** What is remembered from call to call is what would have been worked out anew. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  keysThatDiffer,
  placesThatDiffer,
  rememberEach,
  rememberJoin,
  rememberMap,
  withEntries,
  withItems,
} from '../../src/model/remember.ts'

interface Item {
  readonly n: number
}

const ITEMS: readonly Item[] = [0, 1, 2, 3, 4].map((n) => ({ n }))
const anItem = fc.constantFrom(...ITEMS)
const lists = fc.array(fc.array(anItem, { maxLength: 6 }), { maxLength: 8 })
const COMMON = [{ by: 1 }, { by: 10 }]
const maps = fc.array(
  fc.tuple(
    fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), anItem)),
    fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), anItem)),
    fc.constantFrom(...COMMON),
  ),
  { maxLength: 10 },
)

describe('each item of a list', () => {
  test('is what the function makes of it, call after call', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(lists, fc.constantFrom(...COMMON))), (calls) => {
        const times = rememberEach((item: Item, { by }: { readonly by: number }) => item.n * by)
        for (const [many, common] of calls)
          for (const list of many)
            expect(times(list, common)).toEqual(list.map(({ n }) => n * common.by))
      }),
    )
  })

  test('is worked out once while it stands where it stood, and the same results are the same list', () => {
    let calls = 0
    const parity = rememberEach((item: Item) => {
      calls += 1
      return item.n % 2
    })
    const [zero, one, two] = ITEMS
    if (!zero || !one || !two) throw new Error('no items')
    const first = parity([zero, one])
    expect(parity([zero, one])).toBe(first)
    expect(calls).toBe(2)
    expect(parity([two, one])).toBe(first)
    expect(calls).toBe(3)
    expect(parity([two])).toEqual([0])
  })
})

test('a map is that of its keys and values, and the same one where nothing changed', () => {
  fc.assert(
    fc.property(maps, (calls) => {
      const map = rememberMap<Item>()
      for (const [entries] of calls) {
        const named = new Map(entries)
        const [keys, values] = [[...named.keys()], [...named.values()]]
        const made = map(keys, values)
        expect([...made]).toEqual([...named])
        expect(map([...keys], [...values])).toBe(made)
      }
    }),
  )
})

describe('two maps, key by key', () => {
  test('are what the function makes of them, in the order of the first, call after call', () => {
    fc.assert(
      fc.property(maps, (calls) => {
        const join = (
          key: string,
          a: Item,
          b: Item | undefined,
          { by }: { readonly by: number },
        ) => ((a.n + (b?.n ?? 7)) % 3 === 0 ? undefined : `${key}${a.n}${b?.n ?? '-'}${by}`)
        const joined = rememberJoin(join)
        for (const [one, two, common] of calls) {
          const [a, b] = [new Map(one), new Map(two)]
          const anew = [...a].flatMap(([key, value]) => {
            const result = join(key, value, b.get(key), common)
            return result === undefined ? [] : [[key, result]]
          })
          expect([...joined(a, b, common)]).toEqual(anew)
        }
      }),
    )
  })

  test('only what changed is worked out again', () => {
    const asked: string[] = []
    const joined = rememberJoin((key: string, a: Item) => {
      asked.push(key)
      return a.n
    })
    const [zero, one] = ITEMS
    if (!zero || !one) throw new Error('no items')
    const first = joined(
      new Map([
        ['a', zero],
        ['b', zero],
      ]),
      new Map(),
    )
    asked.length = 0
    const second = joined(
      new Map([
        ['a', zero],
        ['b', one],
      ]),
      new Map(),
    )
    expect(asked).toEqual(['b'])
    expect([...first.values(), ...second.values()]).toEqual([0, 0, 0, 1])
  })
})

test('keys that differ: none of the same map, undefined where the keys themselves differ', () => {
  const a = new Map([
    ['x', 1],
    ['y', 2],
  ])
  expect(keysThatDiffer(a, a)).toEqual([])
  expect(keysThatDiffer(a, new Map([...a, ['y', 3]]))).toEqual(['y'])
  expect(keysThatDiffer(a, new Map([...a].toReversed()))).toBeUndefined()
  expect(keysThatDiffer(a, new Map([['x', 1]]))).toBeUndefined()
})

test('a map with other values is that map with those, patch after patch, whatever is asked of it', () => {
  const keys = Array.from({ length: 100 }, (_, i) => `k${i}`)
  const change = fc.tuple(fc.constantFrom(...keys, 'new'), anItem)
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 40 }), { maxLength: 8 }), (rounds) => {
      const first = new Map(keys.map((key) => [key, { n: -1 }]))
      let patched: ReadonlyMap<string, Item> = first
      const plain = new Map<string, Item>(first)
      for (const entries of rounds) {
        const before = [...patched]
        const next = withEntries(patched, entries)
        for (const [key, value] of entries) plain.set(key, value)
        expect([...next]).toEqual([...plain])
        expect([...patched]).toEqual(before)
        expect(next.size).toBe(plain.size)
        expect([...next.keys()]).toEqual([...plain.keys()])
        expect([...next.values()]).toEqual([...plain.values()])
        const told: [string, Item][] = []
        for (const key of [...keys, 'new', 'none']) expect(next.get(key)).toBe(plain.get(key))
        for (const key of [...keys, 'new', 'none']) expect(next.has(key)).toBe(plain.has(key))
        // oxlint-disable-next-line unicorn/no-array-for-each -- it is what is looked at
        next.forEach((value, key) => told.push([key, value]))
        expect(told).toEqual([...plain])
        expect(new Map(next)).toEqual(plain)
        expect(next).toEqual(plain)
        patched = next
      }
      expect([...first.values()].every(({ n }) => n === -1)).toBe(true)
    }),
  )
})

describe('of what was made by replacing some of another', () => {
  const changed = fc.uniqueArray(fc.tuple(fc.nat(5), anItem), { selector: ([place]) => place })
  const rounds = fc.array(changed, { maxLength: 7 })

  test('a list differs where its items do, from the one before and from those before that', () => {
    fc.assert(
      fc.property(rounds, (changes) => {
        const all: (readonly Item[])[] = [ITEMS.concat(ITEMS).slice(0, 6)]
        for (const items of changes) all.push(withItems(all.at(-1) ?? [], items))
        for (const before of all)
          for (const after of all) {
            const places = [...after.keys()].filter((place) => before[place] !== after[place])
            expect(placesThatDiffer(before, after).toSorted((a, b) => a - b)).toEqual(places)
          }
      }),
    )
  })

  test('a map differs where its values do, from the one before and from those before that', () => {
    fc.assert(
      fc.property(rounds, (changes) => {
        const first = new Map(Array.from({ length: 6 }, (_, i) => [`k${i}`, { n: -1 }]))
        const all: ReadonlyMap<string, Item>[] = [first]
        for (const items of changes) {
          const entries = items.map(([place, item]) => [`k${place}`, item] as const)
          all.push(withEntries(all.at(-1) ?? first, entries))
        }
        for (const before of all)
          for (const after of all) {
            const keys = [...first.keys()].filter((key) => before.get(key) !== after.get(key))
            expect(keysThatDiffer(before, after)?.toSorted()).toEqual(keys)
          }
      }),
    )
  })
})
