/** A plan goes in; it comes out with how many sessions the servers that leave have now. */
import type { Plan } from '../model/plan.ts'
import type { Hold } from '../model/ports.ts'
import type { RuntimeChange } from '../model/runtime.ts'
import { subjectOf } from '../model/runtime.ts'

/** More backends than this are not asked: counting is not free, and nobody reads so far. */
const MOST = 50

export async function withSessions(hold: Pick<Hold, 'sessions'>, plan: Plan): Promise<Plan> {
  if (plan.action !== 'runtime') return plan
  const leaving = plan.changes.flatMap((c) => (isLeaving(c) ? [c.backend] : []))
  if (leaving.length === 0) return plan
  const sessions = await hold.sessions([...new Set(leaving)].slice(0, MOST))
  return {
    ...plan,
    changes: plan.changes.map((change) => {
      if (!isLeaving(change)) return change
      const count = sessions.get(subjectOf(change))
      return count === undefined ? change : { ...change, sessions: count }
    }),
  }
}

function isLeaving(
  change: RuntimeChange,
): change is Extract<RuntimeChange, { kind: 'drain-server' | 'replace-server' }> {
  return change.kind === 'drain-server' || change.kind === 'replace-server'
}
