/** The outcome of a pass → the servers that are on their way in or out after it. Pure. */
import type { Waiting } from '../model/plan.ts'
import { serverOf } from '../plan/servers.ts'
import type { Outcome } from './outcome.ts'

/** A reload leaves nobody on the way: the new process has what the file says. */
export function waitingOf({ plan, applied }: Outcome): readonly Waiting[] {
  if (plan === undefined || plan.action === 'reload' || plan.action === 'start') return []
  // Not gone yet, though it was to be deleted.
  const postponed = applied?.state === 'applied' ? (applied.postponed ?? []) : []
  const late = postponed.flatMap((change): Waiting[] =>
    'backend' in change
      ? [{ kind: 'draining', backend: change.backend, server: serverOf(change) }]
      : [],
  )
  return [...(plan.waiting ?? []), ...late]
}
