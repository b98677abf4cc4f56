/** What scrapes and pages took → the lines to print, the sentences of their limits, and whether each held. */
import type { Verdict } from './judge-contest.ts'
import type { ReportCost } from './report.ts'
import { ASKED } from './report.ts'

const ALONE = 'prom-client alone'
/** Times of prom-client alone. */
const MOST = { scrape: 3, page: 5 } as const
const MOST_DELAY_MS = 50

export function printReport({ series, taken, delays }: ReportCost): string[] {
  const aloneMs = timeOf(ALONE, taken)
  return [
    `1,000 services of 10 instances, ${series} series; medians, taken in turns, each after a change`,
    ...taken.map(({ what, medianMs, maxMs }) =>
      [
        what.padEnd(42),
        `${medianMs.toFixed(1)} ms`.padStart(10),
        `${(medianMs / aloneMs).toFixed(2)}x`.padStart(8),
        `most ${maxMs.toFixed(1)} ms`.padStart(16),
      ].join(''),
    ),
    'event loop late by itself (wall: for want of a core, too)'.padEnd(60) +
      ['p50', 'p99', 'most', 'wall p99'].map((c) => c.padStart(10)).join(''),
    ...delays.map(
      ({ during, p50Ms, p99Ms, maxMs, wallP99Ms }) =>
        `  ${during}`.padEnd(60) +
        [p50Ms, p99Ms, maxMs, wallP99Ms].map((ms) => `${ms.toFixed(1)} ms`.padStart(10)).join(''),
    ),
  ]
}

export function judgeReport({ taken, delays }: ReportCost): Verdict[] {
  const aloneMs = timeOf(ALONE, taken)
  const times = taken.flatMap(({ what, medianMs }) => {
    const kind = what.startsWith('scrape') ? 'scrape' : 'page'
    const ratio = medianMs / aloneMs
    const text = `${what}: ${ratio.toFixed(2)} times prom-client alone, at most ${MOST[kind]}`
    return what === ALONE ? [] : [{ text, held: ratio <= MOST[kind] }]
  })
  // The others are for comparison: what the machine does besides, and what passes take.
  const asked = delays.filter(({ during }) => during === ASKED)
  const delay = asked.map(({ during, p99Ms }) => ({
    text: `event loop during ${during}: ${p99Ms.toFixed(1)} ms late at p99 by itself, below ${MOST_DELAY_MS}`,
    held: p99Ms < MOST_DELAY_MS,
  }))
  return [...times, ...delay]
}

function timeOf(wanted: string, taken: ReportCost['taken']): number {
  return taken.find(({ what }) => what === wanted)?.medianMs ?? Number.NaN
}
