/** Weighted targets to map rows: a number from 1000 to 1999 is drawn, the longest matching prefix decides. */
import type { MapRow } from '../model/topology.ts'

export interface WeightedTarget {
  readonly backend: string
  readonly weight: number
}

const BUCKETS = 1000

/**
 * Rows `<rule>/<digits>` → backend for `map_beg`. One target takes one row. Several share 1,000 buckets by
 * largest remainder, and each range of buckets is written as the few decimal prefixes that cover it.
 * All weights zero: no row, which answers 503.
 */
export function targetRows(rule: string, targets: readonly WeightedTarget[]): MapRow[] {
  const live = targets.filter((t) => t.weight > 0)
  if (live.length === 1) return [[`${rule}/`, live[0]?.backend ?? '']]
  const rows: MapRow[] = []
  let from = 0
  for (const { backend, buckets } of shares(live)) {
    for (const prefix of prefixes(from, from + buckets)) rows.push([`${rule}/${prefix}`, backend])
    from += buckets
  }
  return rows
}

function shares(
  targets: readonly WeightedTarget[],
): { readonly backend: string; readonly buckets: number }[] {
  const total = targets.reduce((sum, t) => sum + t.weight, 0)
  const exact = targets.map((t) => (t.weight / total) * BUCKETS)
  const buckets = exact.map(Math.floor)
  const missing = BUCKETS - buckets.reduce((a, b) => a + b, 0)
  const byRemainder = exact
    .map((value, i) => ({ i, remainder: value - Math.floor(value) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.i - b.i)
  for (const { i } of byRemainder.slice(0, missing)) buckets[i] = (buckets[i] ?? 0) + 1
  return targets.map((t, i) => ({ backend: t.backend, buckets: buckets[i] ?? 0 }))
}

/** The fewest decimal prefixes of 1000 to 1999 that cover the buckets from `start` up to, not with, `end`. */
function prefixes(start: number, end: number): string[] {
  const found: string[] = []
  let at = start
  while (at < end) {
    let size = 1
    while (size < BUCKETS && at % (size * 10) === 0 && at + size * 10 <= end) size *= 10
    const digits = String(BUCKETS + at)
    found.push(digits.slice(0, digits.length - Math.log10(size)))
    at += size
  }
  return found
}
