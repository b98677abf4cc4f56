/** Time that stands still until a test moves it: timers come in, `advance` runs those that are due, in order. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../src/model/feed.ts'

export interface FakeClock extends Clock {
  /** Moves on, running due timers in order; what each has started settles before the next one runs. */
  advance(ms: number): Promise<void>
  /** Moves the date alone, as a person or NTP does. */
  jumpDate(ms: number): void
  /** Milliseconds until each timer that still waits, soonest first. */
  readonly waits: readonly number[]
}

/** `random` stands for chance; without it, chance is always a half. */
export function fakeClock(random: () => number = () => 0.5): FakeClock {
  const timers = new Set<{ readonly dueMs: number; readonly run: () => void }>()
  let nowMs = 0
  let epochMs = Date.UTC(2026, 0, 1)
  /** Of timers due at the same time, the one set first: sorting is stable and a Set keeps order. */
  const inOrder = (): { dueMs: number; run: () => void }[] =>
    [...timers].toSorted((a, b) => a.dueMs - b.dueMs)
  return {
    random,
    monotonicMs: () => nowMs,
    dateMs: () => epochMs + nowMs,
    after: (ms, run) => {
      const timer = { dueMs: nowMs + Math.max(0, ms), run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance: async (ms) => {
      const untilMs = nowMs + ms
      await settle()
      for (;;) {
        const next = inOrder()[0]
        if (next === undefined || next.dueMs > untilMs) break
        timers.delete(next)
        nowMs = Math.max(nowMs, next.dueMs)
        next.run()
        // oxlint-disable-next-line no-await-in-loop -- one timer after the other is the point
        await settle()
      }
      nowMs = untilMs
    },
    jumpDate: (ms) => {
      epochMs += ms
    },
    get waits() {
      return inOrder().map(({ dueMs }) => dueMs - nowMs)
    },
  }
}

/** Every promise that needs no more than what is at hand is settled; what came in meanwhile is handled. */
export async function settle(): Promise<void> {
  await nextTurn()
  await nextTurn()
}

/** Time as it is, for tests with real processes. Timers keep no process alive. */
export function realClock(): Clock {
  return {
    monotonicMs: () => performance.now(),
    dateMs: () => Date.now(),
    random: () => Math.random(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms).unref()
      return () => clearTimeout(timer)
    },
  }
}
