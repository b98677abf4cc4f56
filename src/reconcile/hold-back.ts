/** The outcome of a pass → which revision and which guard hold something back from now on, and for how long. Pure. */
import type { FailureReason } from '../model/failure.ts'
import type { Refusal } from './guard.ts'
import type { LoopLimits, LoopMemory, Stopped } from './memory.ts'
import type { Outcome, RefusedRevision } from './outcome.ts'

/** How long a revision that HAProxy could not be proven with is not tried again. */
const REFUSED_MS = 300_000

/** Removals may pass once the same one has been held for long enough; a takeover never does by itself. */
export function mayRemove({ stopped }: LoopMemory, limits: LoopLimits, atMs: number): boolean {
  if (stopped === undefined || stopped.guard === 'takeover') return false
  return atMs - stopped.sinceMs >= limits.totalHoldMs
}

export function refusedNow(
  { refused }: LoopMemory,
  atMs: number,
): ReadonlyMap<string, RefusedRevision> {
  return new Map([...refused].filter(([, { untilMs }]) => atMs < untilMs))
}

/** Refusals that a revision may be the cause of; Consul's and the disk's are not among them. */
const REVISION_FAULTS: ReadonlySet<FailureReason> = new Set([
  'haproxy-rejected',
  'preflight-failed',
  'reload-failed',
  'reload-unproven',
  'haproxy-down',
] as const)

export function refusedAfter(
  outcome: Outcome,
  before: LoopMemory,
  stopped: Stopped | undefined,
  { atMs, limits }: { readonly atMs: number; readonly limits: LoopLimits },
): LoopMemory['refused'] {
  const kept = new Map([...before.refused].filter(([, { untilMs }]) => atMs < untilMs))
  const { manifests, held, templates } = outcome
  if (manifests === undefined || held !== undefined) return kept
  const { revision } = manifests
  const fault = faultOf(outcome)
  const withTemplates = templates === undefined ? {} : { templates }
  if (fault !== undefined)
    // Tried although it is refused: there was no other.
    kept.set(revision, {
      untilMs: kept.get(revision)?.untilMs ?? atMs + REFUSED_MS,
      ...withTemplates,
      ...fault,
    })
  else if (stopped?.revision === revision)
    kept.set(revision, {
      untilMs: stopped.sinceMs + limits.totalHoldMs,
      diagnostics: [],
      why: stopped.message,
    })
  return kept
}

function faultOf({ diagnostics, failure }: Outcome): RefusedRevision | undefined {
  const errors = diagnostics.filter((d) => d.severity === 'error')
  if (failure !== undefined && REVISION_FAULTS.has(failure.reason))
    return { diagnostics: errors, why: failure.message }
  return errors.length > 0 ? { diagnostics: errors } : undefined
}

export function stoppedAfter(
  outcome: Outcome,
  before: LoopMemory,
  limits: LoopLimits,
  atMs: number,
): Stopped | undefined {
  const { stopped } = before
  if (outcome.refusal !== undefined) return stoppedBy(outcome.refusal, outcome, stopped, atMs)
  if (stopped === undefined) return undefined
  // The revision that would remove too much is stood in for, and waits for its time.
  if (outcome.held?.revision === stopped.revision && outcome.held !== undefined) return stopped
  // Nobody asked the guard, or what it let pass was put off or failed: that is no release.
  const isUndone = outcome.deferred === true || outcome.failure !== undefined
  const isReleased = isUndone && mayRemove(before, limits, atMs)
  return outcome.plan === undefined || isReleased ? stopped : undefined
}

function stoppedBy(
  { guard, message, flag }: Refusal,
  { manifests }: Outcome,
  stopped: Stopped | undefined,
  atMs: number,
): Stopped {
  const revision = guard === 'resource-removal' ? manifests?.revision : undefined
  const isSame = stopped?.guard === guard && stopped.revision === revision
  return {
    guard,
    message: `${message}; ${flag} lets it pass`,
    sinceMs: isSame ? stopped.sinceMs : atMs,
    ...(revision !== undefined && { revision }),
  }
}

/** What is tried again and refused again was held all the time. */
export function heldAfter(
  { held, manifests }: Outcome,
  before: LoopMemory,
  refused: LoopMemory['refused'],
): LoopMemory['held'] {
  if (held !== undefined) return held
  const isOver = manifests !== undefined && !refused.has(manifests.revision)
  return isOver ? undefined : before.held
}
