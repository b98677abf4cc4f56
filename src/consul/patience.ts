/** Knows when to stop waiting: outcomes of questions go in, the failure that stands for all further ones comes out. */
import type { Answer } from '../model/catalog.ts'
import type { Failure } from '../model/failure.ts'

export interface Patience {
  note(datacenter: string | undefined, answer: Answer): void
  /** The failure to answer with instead of asking; undefined while asking makes sense. */
  lost(datacenter: string | undefined): Failure | undefined
}

/**
 * A Consul that hangs would cost one deadline a question: thousands of seconds for thousands of
 * services. When `enough` questions in a row about one datacenter ran out of time, the rest of this
 * reading is not asked. One answer, of whatever kind, makes patience new.
 */
export function patience(enough: number): Patience {
  const rows = new Map<string, { count: number; failure: Failure }>()
  return {
    note(datacenter = '', answer) {
      if (answer.state === 'answered' || answer.failure.reason !== 'timeout')
        rows.delete(datacenter)
      else {
        const count = (rows.get(datacenter)?.count ?? 0) + 1
        rows.set(datacenter, { count, failure: answer.failure })
      }
    },
    lost(datacenter = '') {
      const row = rows.get(datacenter)
      return row !== undefined && row.count >= enough ? row.failure : undefined
    },
  }
}
