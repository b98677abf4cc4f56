/** The machine's time as a Clock. */
import type { Clock } from '../model/feed.ts'

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  dateMs: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}
