/** Changes in their planned order go in, those of them that may be sent to HAProxy together come out together. */
import type { RuntimeChange } from '../model/runtime.ts'
import { subjectOf } from '../model/runtime.ts'
import type { ServerChange } from './recipes.ts'

/** One answer of HAProxy that is late must not make hundreds of others late. */
const LARGEST = 200

/**
 * A batch is of one kind: should some of it be refused, the rest does no harm, while what was planned after
 * it is not sent yet. Of one server there is one change in it, of maps and certificates there is one.
 */
export function batchesOf(changes: readonly RuntimeChange[]): RuntimeChange[][] {
  const batches: RuntimeChange[][] = []
  let subjects = new Set<string>()
  for (const change of changes) {
    const last = batches.at(-1)
    const isApart =
      last === undefined ||
      last[0]?.kind !== change.kind ||
      last.length >= LARGEST ||
      subjects.has(subjectOf(change)) ||
      !isOfServer(change)
    if (isApart) {
      batches.push([change])
      subjects = new Set([subjectOf(change)])
    } else {
      last.push(change)
      subjects.add(subjectOf(change))
    }
  }
  return batches
}

export function isOfServer(change: RuntimeChange): change is ServerChange {
  return 'backend' in change
}
