/** Ends of certificates, pass for pass → events when one is about to end, has ended, or is renewed. Pure but for what it remembers. */
import type { Event } from '../model/event.ts'

/** As the warning of `validate`. */
const SOON_MS = 14 * 24 * 3_600_000

type State = 'expiring' | 'over'

export class CertificateWatch {
  #known: ReadonlyMap<string, State> = new Map()

  /** `ends`: milliseconds since the epoch by `namespace/name`. */
  look(ends: ReadonlyMap<string, number>, nowMs: number): Event[] {
    const before = this.#known
    const now = new Map<string, State>()
    const events: Event[] = []
    for (const [name, notAfterMs] of ends) {
      if (notAfterMs - nowMs >= SOON_MS) continue
      const isOver = notAfterMs <= nowMs
      const state: State = isOver ? 'over' : 'expiring'
      now.set(name, state)
      const resource = `Certificate/${name}`
      if (before.get(name) !== state)
        events.push({ type: 'certificate-expiring', resource, notAfterMs, isOver })
    }
    this.#known = now
    const gone = [...before.keys()].filter((name) => !now.has(name))
    return [
      ...events,
      ...gone.map((name): Event => ({
        type: 'certificate-renewed',
        resource: `Certificate/${name}`,
      })),
    ]
  }
}
