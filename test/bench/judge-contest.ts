/** The rows of the contest → the sentences of its limits, and whether each held. */
import type { Row } from './contest.ts'

export function judgeContest(
  rows: readonly Row[],
): { readonly text: string; readonly held: boolean }[] {
  const find = (contender: string, services: number): Row | undefined =>
    rows.find((row) => row.contender === contender && row.services === services)
  const found: { text: string; held: boolean }[] = []
  const judge = (text: string, is: number, limit: number, most: boolean): void => {
    const held = most ? is <= limit : is >= limit
    found.push({
      text: `${text}: ${is.toFixed(2)}, ${most ? 'at most' : 'at least'} ${limit}`,
      held,
    })
  }
  const faster: Readonly<Record<number, number>> = { 10: 15, 100: 20, 1000: 50 }
  for (const services of new Set(rows.map((row) => row.services))) {
    const [legate, limit, other] = ['legate', 'bare limit', 'consul-template'].map((name) =>
      find(name, services),
    )
    if (legate === undefined || limit === undefined) continue
    judge(
      `${services} services: p50 of Legate to the bare limit`,
      legate.p50Ms / limit.p50Ms,
      2,
      true,
    )
    if (other !== undefined)
      judge(
        `${services} services: p50 of consul-template to Legate`,
        other.p50Ms / legate.p50Ms,
        faster[services] ?? 1,
        false,
      )
  }
  const [small, large, other] = [
    find('legate', 10),
    find('legate', 1000),
    find('consul-template', 1000),
  ]
  if (small !== undefined && large !== undefined)
    judge(
      'CPU a change at 1,000 services to that at 10',
      large.cpuPerChangeMs / small.cpuPerChangeMs,
      1.5,
      true,
    )
  if (large === undefined || other === undefined) return found
  judge(
    'CPU a change at 1,000 services, consul-template to Legate',
    other.cpuPerChangeMs / large.cpuPerChangeMs,
    10,
    false,
  )
  judge(
    'start at 1,000 services, consul-template to Legate',
    other.startMs / large.startMs,
    1,
    false,
  )
  return found
}
