/** Events of the loop → whether it goes on: passes begin in time, and end. Time is an argument. */
import type { Event } from '../model/event.ts'

export interface LoopHealthLimits {
  /** Longest time without a pass. */
  readonly idleMs: number
  /** Longest time of one pass. */
  readonly passMs: number
}

export class LoopHealth {
  readonly #limits: LoopHealthLimits
  #isRunning = false
  #sinceMs: number

  constructor(limits: LoopHealthLimits, atMs: number) {
    this.#limits = limits
    this.#sinceMs = atMs
  }

  onEvent({ type }: Pick<Event, 'type'>, atMs: number): void {
    if (type !== 'pass-began' && type !== 'pass-ended') return
    this.#isRunning = type === 'pass-began'
    this.#sinceMs = atMs
  }

  isAlive(atMs: number): boolean {
    const { idleMs, passMs } = this.#limits
    return atMs - this.#sinceMs <= (this.#isRunning ? passMs : idleMs)
  }
}
