import fc from 'fast-check'
import { expect, test } from 'vitest'
import { targetRows } from '../../src/compile/splits.ts'
import type { MapRow } from '../../src/model/topology.ts'

/** What HAProxy's map_beg does: the longest key that begins the text wins. */
function lookUp(rows: readonly MapRow[], text: string): string | undefined {
  return rows
    .filter(([key]) => text.startsWith(key))
    .toSorted((a, b) => b[0].length - a[0].length)[0]?.[1]
}

function shares(rows: readonly MapRow[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (let bucket = 1000; bucket < 2000; bucket++) {
    const backend = lookUp(rows, `default/web/0/${bucket}`) ?? 'none'
    counts.set(backend, (counts.get(backend) ?? 0) + 1)
  }
  return counts
}

test('one backend takes one row', () => {
  expect(targetRows('default/web/0', [{ backend: 'web', weight: 5 }])).toEqual([
    ['default/web/0/', 'web'],
  ])
})

test('90 to 10 is exact and short', () => {
  const rows = targetRows('default/web/0', [
    { backend: 'web', weight: 90 },
    { backend: 'canary', weight: 10 },
  ])
  expect(shares(rows)).toEqual(
    new Map([
      ['web', 900],
      ['canary', 100],
    ]),
  )
  expect(rows).toHaveLength(10)
})

test('a weight of zero takes nothing; all zero leaves no row', () => {
  const none = { backend: 'a', weight: 0 }
  expect(targetRows('r', [none, { backend: 'b', weight: 1 }])).toEqual([['r/', 'b']])
  expect(targetRows('r', [none])).toEqual([])
})

test('any weights: every number has one backend, and the shares are within one bucket of exact', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 12 }),
      (weights) => {
        const targets = weights.map((weight, i) => ({ backend: `b${i}`, weight }))
        const counts = shares(targetRows('default/web/0', targets))
        const total = weights.reduce((a, b) => a + b, 0)
        expect(counts.get('none')).toBeUndefined()
        for (const { backend, weight } of targets)
          expect(Math.abs((counts.get(backend) ?? 0) - (weight / total) * 1000)).toBeLessThan(1)
      },
    ),
    { numRuns: 50 },
  )
})
