/** Lets only so many work at a time: who wants to enter waits, in order, until somebody leaves or until given up. */
export class Gate {
  #limit: number
  #inside = 0
  readonly #waiting = new Set<() => void>()

  constructor(limit: number) {
    this.#limit = limit
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
