/**
 * Tells a limit on connections from an agent that is ill: what happens to connections goes in, a verdict comes out.
 *
 * Consul says 429 to a connection too many and closes it at once, mostly before the question has come;
 * the reset then takes the 429 along. What remains to be seen is that new connections are reset, one
 * after the other, while questions on older ones go on waiting in peace.
 */
import type { Timers } from './exchange.ts'

const OLD_MS = 1_000
const FEWEST_OLD = 8
const FEWEST_RESETS = 3
const WITHIN_MS = 30_000

export class Crowding {
  readonly #timers: Timers
  readonly #waiting = new Set<{ readonly sinceMs: number }>()
  #resetsMs: readonly number[] = []

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** A question begins to wait; what is returned says that it does no longer. */
  begin(): () => void {
    const question = { sinceMs: this.#timers.monotonicMs() }
    this.#waiting.add(question)
    return () => void this.#waiting.delete(question)
  }

  /** A new connection was reset without a word: is it one too many? */
  isLimit(): boolean {
    const atMs = this.#timers.monotonicMs()
    const old = [...this.#waiting].filter(({ sinceMs }) => atMs - sinceMs >= OLD_MS)
    if (old.length < FEWEST_OLD) return false
    this.#resetsMs = [...this.#resetsMs.filter((ms) => atMs - ms < WITHIN_MS), atMs]
    return this.#resetsMs.length >= FEWEST_RESETS
  }
}
