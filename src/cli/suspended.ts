/** The flag that nothing be changed, seen by the daemon: a pass that goes as far as the plan, and events when it comes and goes. */
import { readSuspension } from '../files/suspension.ts'
import type { Event } from '../model/event.ts'
import type { Suspension } from '../model/suspension.ts'
import type { Intent, Outcome } from '../reconcile/outcome.ts'

type Pass = (intent: Intent) => Promise<Outcome>

/** The flag is looked at before each pass; what has begun goes on to its end. */
export function suspendable(stateDir: string, pass: Pass, emit: (event: Event) => void): Pass {
  let known: Suspension | undefined
  return async (intent) => {
    const suspended = await readSuspension(stateDir)
    if (suspended === undefined && known !== undefined) emit({ type: 'resumed' })
    if (suspended !== undefined && !isSame(suspended, known))
      emit({ type: 'suspended', by: suspended.by, reason: suspended.reason })
    known = suspended
    if (suspended === undefined) return pass(intent)
    return { ...(await pass({ ...intent, until: 'plan' })), suspended }
  }
}

/** For a daemon that only reports: as if it were suspended for good, with what is desired as the measure of drift. */
export function detecting(pass: Pass): Pass {
  const suspended: Suspension = { by: '--detect-only', at: '', reason: 'only reports' }
  return async (intent) => {
    const { daemon } = intent
    const asked =
      daemon === undefined ? intent : { ...intent, daemon: { ...daemon, detects: true } }
    return { ...(await pass({ ...asked, until: 'plan' })), suspended }
  }
}

export function describeSuspension({ by, at, reason }: Suspension): string {
  const since = at.replace(/\.\d+Z$/, 'Z')
  return `suspended by ${by}${since === '' ? '' : ` since ${since}`}: ${reason}`
}

function isSame(a: Suspension, b: Suspension | undefined): boolean {
  return a.by === b?.by && a.at === b.at && a.reason === b.reason
}
