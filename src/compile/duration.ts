/** `1h30m`, `5s`, `250ms` (Gateway API GEP-2257) to milliseconds. */

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** The schema has checked the form; anything else here is a bug. */
export function durationMs(text: string): number {
  let total = 0
  for (const [, digits, unit] of text.matchAll(/(\d+)(ms|h|m|s)/g))
    total += Number(digits) * (UNIT_MS[unit ?? ''] ?? Number.NaN)
  if (Number.isNaN(total)) throw new Error(`not a duration: ${text}`)
  return total
}
