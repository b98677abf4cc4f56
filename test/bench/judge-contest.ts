/** The rows of the contest → the sentences of its limits, and whether each held. */
import type { Results, Row } from './contest.ts'

export interface Verdict {
  readonly text: string
  readonly held: boolean
}

export function judgeContest(results: Results): Verdict[] {
  const sizes = [...new Set(results.rows.map((row) => row.services))]
  return [...sizes.flatMap((services) => judgeSize(results, services)), ...judgeLarge(results)]
}

/** How many times as fast as consul-template, by services. */
const FASTER: Readonly<Record<number, number>> = { 10: 15, 100: 20, 1000: 50 }

function judgeSize({ rows }: Results, services: number): Verdict[] {
  const [legate, limit, other] = ['legate', 'bare limit', 'consul-template'].map((name) =>
    find(rows, name, services),
  )
  const what = `${services} services: p50 of`
  return [
    ...ratio(`${what} Legate to the bare limit`, legate?.p50Ms, limit?.p50Ms, { most: 2 }),
    ...ratio(`${what} consul-template to Legate`, other?.p50Ms, legate?.p50Ms, {
      least: FASTER[services] ?? 1,
    }),
  ]
}

function judgeLarge({ rows, renderings }: Results): Verdict[] {
  const large = find(rows, 'legate', 1000)
  const cpu = large?.cpuPerChangeMs
  const small = find(rows, 'legate', 10)?.cpuPerChangeMs
  const other = find(rows, 'consul-template', 1000)
  const rendering = renderings.find(({ services }) => services === 1000)?.cpuPerChangeMs
  const what = 'CPU a change at 1,000 services'
  return [
    ...ratio(`${what} to that at 10`, cpu, small, { most: 1.5 }),
    ...ratio(`${what}, consul-template's template alone to Legate`, rendering, cpu, { least: 10 }),
    ...ratio('start at 1,000 services, consul-template to Legate', other?.startMs, large?.startMs, {
      least: 1,
    }),
  ]
}

function find(rows: readonly Row[], contender: string, services: number): Row | undefined {
  return rows.find((row) => row.contender === contender && row.services === services)
}

type Limit = { readonly most: number } | { readonly least: number }

/** None where one of the two was not measured. */
function ratio(
  text: string,
  a: number | undefined,
  b: number | undefined,
  limit: Limit,
): Verdict[] {
  if (a === undefined || b === undefined) return []
  const is = a / b
  const [words, held] =
    'most' in limit
      ? [`at most ${limit.most}`, is <= limit.most]
      : [`at least ${limit.least}`, is >= limit.least]
  return [{ text: `${text}: ${is.toFixed(2)}, ${words}`, held }]
}
