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
/** When an agent dies, all its connections end, but not in the same instant: that is one moment. */
const SAME_MOMENT_MS = 200

export interface Waiting {
  readonly sinceMs: number
}

export class Crowding {
  readonly #timers: Timers
  readonly #waiting = new Set<Waiting>()
  #resetsMs: readonly number[] = []

  constructor(timers: Timers) {
    this.#timers = timers
  }

  begin(): Waiting {
    const question = { sinceMs: this.#timers.monotonicMs() }
    this.#waiting.add(question)
    return question
  }

  end(question: Waiting): void {
    this.#waiting.delete(question)
  }

  /** The connection of this question, which has ended, was reset without a word: was it one too many? */
  isLimit(question: Waiting): boolean {
    const atMs = this.#timers.monotonicMs()
    const isOld = ({ sinceMs }: Waiting): boolean => atMs - sinceMs >= OLD_MS
    if (isOld(question) || [...this.#waiting].filter(isOld).length < FEWEST_OLD) return false
    if (atMs - (this.#resetsMs.at(-1) ?? -Infinity) >= SAME_MOMENT_MS)
      this.#resetsMs = [...this.#resetsMs.filter((ms) => atMs - ms < WITHIN_MS), atMs]
    return this.#resetsMs.length >= FEWEST_RESETS
  }
}
