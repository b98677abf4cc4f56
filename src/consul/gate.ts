/** Lets only so many work at a time: who wants to enter waits, in order, until somebody leaves or until given up. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../model/feed.ts'

/** Between two of those that are in no haste, where there are many: they leave most of the time to others. */
const BETWEEN_MS = 2
const MANY = 32
const LONGEST_HOLD_MS = 2_000

export class Gate {
  #limit: number
  readonly #clock: Pick<Clock, 'after' | 'monotonicMs'>
  #inside = 0
  readonly #waiting = new Set<() => void>()
  #behind = 0
  #last: Promise<void> = Promise.resolve()
  #lastMs = -Infinity

  constructor(limit: number, clock: Pick<Clock, 'after' | 'monotonicMs'>) {
    this.#limit = limit
    this.#clock = clock
  }

  /** Who is inside stays inside. */
  set limit(limit: number) {
    this.#limit = limit
    this.#admit()
  }

  /** False when given up; who was let in must leave. */
  enter(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false)
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve(true)
      }
      const giveUp = (): void => {
        this.#waiting.delete(admit)
        resolve(false)
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiting.add(admit)
      this.#admit()
    })
  }

  /** For who is in no haste and does not enter: behind those who wait to, if that does not last. Never at once, and in order. */
  waitBehind(signal: AbortSignal): Promise<void> {
    const endMs = this.#clock.monotonicMs() + LONGEST_HOLD_MS
    this.#behind += 1
    this.#last = this.#last.then(() => this.#goBehind(signal, endMs))
    return this.#last
  }

  async #goBehind(signal: AbortSignal, endMs: number): Promise<void> {
    await nextTurn()
    while (!signal.aborted && this.#mustWait(endMs))
      // oxlint-disable-next-line no-await-in-loop -- it waits
      await new Promise<void>((resolve) => void this.#clock.after(BETWEEN_MS, resolve))
    this.#behind -= 1
    this.#lastMs = this.#clock.monotonicMs()
  }

  #mustWait(endMs: number): boolean {
    const atMs = this.#clock.monotonicMs()
    const isClose = this.#behind > MANY && atMs - this.#lastMs < BETWEEN_MS
    return isClose || (this.#waiting.size > 0 && atMs < endMs)
  }

  leave(): void {
    this.#inside -= 1
    this.#admit()
  }

  #admit(): void {
    for (const admit of this.#waiting) {
      if (this.#inside >= this.#limit) return
      this.#waiting.delete(admit)
      this.#inside += 1
      admit()
    }
  }
}
