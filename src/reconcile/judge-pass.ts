/** The outcome of a pass and what the loop remembers → what it remembers next, what happened, when to go on. Pure. */
import type { Capacity, CapacityLevel, Event, PassResult } from '../model/event.ts'
import type { FailureReason } from '../model/failure.ts'
import type { Outcome } from './outcome.ts'
import type { ReloadGate, ReloadLimits } from './reload-gate.ts'
import { countReload, forgetWish, gateWaitMs, openGate, wantReload } from './reload-gate.ts'

export interface LoopLimits {
  readonly reload: ReloadLimits
  /** How long a removal that is too large is held. */
  readonly totalHoldMs: number
  /** First and longest wait after a failure; doubled in between, with full jitter. */
  readonly retryMs: { readonly first: number; readonly most: number }
}

/** How long a revision that HAProxy could not be proven with is not tried again. */
const REFUSED_MS = 300_000

export interface LoopMemory {
  readonly gate: ReloadGate
  /** Revisions that are not tried again before this time (monotonic ms). */
  readonly refused: ReadonlyMap<string, number>
  /** The guard that stops, what it says, and since when. */
  readonly stopped:
    { readonly guard: string; readonly message: string; readonly sinceMs: number } | undefined
  readonly heldRevision: string | undefined
  /** The configuration whose reload is put off. */
  readonly putOff: string | undefined
  readonly levels: ReadonlyMap<string, CapacityLevel>
  readonly failures: number
}

export interface Judgement {
  readonly memory: LoopMemory
  readonly events: readonly Event[]
  readonly result: PassResult
  /** Another pass is due after this long, whatever happens meanwhile. */
  readonly againMs?: number
}

export function emptyMemory(limits: LoopLimits): LoopMemory {
  return {
    gate: openGate(limits.reload),
    refused: new Map(),
    stopped: undefined,
    heldRevision: undefined,
    putOff: undefined,
    levels: new Map(),
    failures: 0,
  }
}

/** `random` is from 0 up to 1. */
export interface Moment {
  readonly atMs: number
  readonly random: number
}

export function judgePass(
  outcome: Outcome,
  memory: LoopMemory,
  limits: LoopLimits,
  moment: Moment,
): Judgement {
  const result = resultOf(outcome)
  const gate = gateAfter(outcome, memory, limits.reload, moment.atMs)
  const refused = refusedAfter(outcome, memory.refused, limits, moment.atMs)
  const stopped = stoppedAfter(outcome, memory.stopped, moment.atMs)
  const failures = result === 'failed' ? memory.failures + 1 : 0
  const levels = levelsOf(outcome, memory.levels)
  const heldRevision = outcome.held?.revision
  const putOff = outcome.deferred === true ? outcome.bundle?.config : undefined
  const next = { gate, refused, stopped, failures, levels, heldRevision, putOff }
  const againMs = againAfter({ outcome, before: memory, next, limits, moment, result })
  return {
    memory: next,
    result,
    events: [...eventsOf(outcome, memory, next), ...putOffEvents(outcome, memory, againMs)],
    ...(againMs !== undefined && { againMs }),
  }
}

/** Removals may pass once the same one has been held for long enough. */
export function mayRemove({ stopped }: LoopMemory, limits: LoopLimits, atMs: number): boolean {
  return stopped !== undefined && atMs - stopped.sinceMs >= limits.totalHoldMs
}

export function refusedNow({ refused }: LoopMemory, atMs: number): Set<string> {
  return new Set([...refused].filter(([, untilMs]) => atMs < untilMs).map(([revision]) => revision))
}

function resultOf({ diagnostics, failure, refusal, deferred, applied }: Outcome): PassResult {
  if (failure !== undefined) return 'failed'
  if (diagnostics.some((d) => d.severity === 'error')) return 'rejected'
  if (refusal !== undefined) return 'held-by-guard'
  if (deferred === true) return 'put-off'
  return applied === undefined ? 'in-sync' : 'applied'
}

function gateAfter(
  { plan, deferred, applied, bundle }: Outcome,
  { gate, putOff }: LoopMemory,
  limits: ReloadLimits,
  atMs: number,
): ReloadGate {
  // A pass that finds nothing new does not put the reload off any further.
  if (deferred === true) return putOff === bundle?.config ? gate : wantReload(gate, atMs)
  if (applied !== undefined && plan?.action === 'reload') return countReload(gate, atMs, limits)
  return plan === undefined ? gate : forgetWish(gate)
}

/** Refusals that a revision may be the cause of; Consul's and the disk's are not among them. */
const REVISION_FAULTS: ReadonlySet<FailureReason> = new Set([
  'haproxy-rejected',
  'preflight-failed',
  'reload-failed',
  'reload-unproven',
  'haproxy-down',
] as const)

function refusedAfter(
  outcome: Outcome,
  refused: ReadonlyMap<string, number>,
  limits: LoopLimits,
  atMs: number,
): ReadonlyMap<string, number> {
  const kept = new Map([...refused].filter(([, untilMs]) => atMs < untilMs))
  const { manifests, held, failure, refusal, bundle, diagnostics } = outcome
  if (manifests === undefined || held !== undefined) return kept
  const isRejected = bundle !== undefined && diagnostics.some((d) => d.code === 'LG7001')
  const isFault = failure !== undefined && REVISION_FAULTS.has(failure.reason)
  const isUnbuilt = diagnostics.some((d) => d.severity === 'error')
  if (isRejected || isFault || isUnbuilt) kept.set(manifests.revision, atMs + REFUSED_MS)
  if (refusal?.guard === 'resource-removal') kept.set(manifests.revision, atMs + limits.totalHoldMs)
  return kept
}

function stoppedAfter(
  { refusal, held }: Outcome,
  stopped: LoopMemory['stopped'],
  atMs: number,
): LoopMemory['stopped'] {
  if (refusal !== undefined) {
    const { guard, message } = refusal
    const isSame = stopped?.guard === guard && stopped.message === message
    return isSame ? stopped : { guard, message, sinceMs: atMs }
  }
  // The revision that would remove too much is stood in for, and waits for its time.
  return held !== undefined && stopped?.guard === 'resource-removal' ? stopped : undefined
}

function levelsOf(
  { compiled }: Outcome,
  levels: LoopMemory['levels'],
): ReadonlyMap<string, CapacityLevel> {
  return compiled === undefined
    ? levels
    : new Map(compiled.capacities.map((c) => [c.resource, c.level]))
}

interface Next {
  readonly outcome: Outcome
  readonly before: LoopMemory
  readonly next: LoopMemory
  readonly limits: LoopLimits
  readonly moment: Moment
  readonly result: PassResult
}

function againAfter({ outcome, before, next, limits, moment, result }: Next): number | undefined {
  const { atMs, random } = moment
  if (result === 'put-off')
    return Math.max(1, gateWaitMs(next.gate, oldWorkers(outcome), atMs, limits.reload))
  // A revision that has just been refused is stood in for by the last good one.
  const isNew = [...next.refused.keys()].some((revision) => !before.refused.has(revision))
  if (isNew) return 0
  if (next.stopped !== undefined && next.stopped.guard !== 'takeover')
    return Math.max(1, next.stopped.sinceMs + limits.totalHoldMs - atMs)
  if (result !== 'failed') return departureDue(outcome)
  const { first, most } = limits.retryMs
  return Math.max(first, Math.min(most, first * 2 ** next.failures) * random)
}

/** Servers that the guard of their Backend holds are looked at again soon. */
function departureDue({ compiled }: Outcome): number | undefined {
  const departing = [...(compiled?.applied.values() ?? [])].some(
    (applied) => applied.departingSinceMs !== undefined,
  )
  return departing ? 1000 : undefined
}

export function oldWorkers({ actual }: Outcome): number {
  return actual?.running.state === 'running' ? actual.running.process.oldWorkers.length : 0
}

function eventsOf(outcome: Outcome, before: LoopMemory, next: LoopMemory): Event[] {
  const { failure, applied, plan } = outcome
  return [
    ...revisionEvents(outcome, before),
    ...(outcome.compiled?.capacities ?? []).flatMap((c) => capacityEvents(c, before)),
    ...guardEvents(before, next),
    ...(applied?.state === 'applied' && plan !== undefined && plan.action !== 'in-sync'
      ? [{ type: 'applied', ...pick(applied), reasons: plan.reasons } as const]
      : []),
    ...(failure === undefined ? [] : [{ type: 'failed', failure } as const]),
  ]
}

function pick({ action, tookMs }: { readonly action: string; readonly tookMs: number }): {
  readonly action: string
  readonly tookMs: number
} {
  return { action, tookMs }
}

function revisionEvents({ held, diagnostics }: Outcome, before: LoopMemory): Event[] {
  const was = before.heldRevision
  if (held !== undefined && held.revision !== was)
    return [{ type: 'revision-held', revision: held.revision, diagnostics: held.diagnostics }]
  const released: Event[] =
    held === undefined && was !== undefined ? [{ type: 'revision-released', revision: was }] : []
  const errors = diagnostics.filter((d) => d.severity === 'error')
  return errors.length > 0 ? [...released, { type: 'diagnostics', diagnostics: errors }] : released
}

/** Transitions only: what a Backend was at the start is one, unless it is healthy. */
function capacityEvents(capacity: Capacity, { levels }: LoopMemory): Event[] {
  const before = levels.get(capacity.resource)
  if (before === capacity.level) return []
  if (before === undefined && capacity.level === 'Healthy') return []
  return [{ type: 'capacity-changed', before, capacity }]
}

function guardEvents({ stopped: before }: LoopMemory, { stopped }: LoopMemory): Event[] {
  if (before?.guard === stopped?.guard && before?.message === stopped?.message) return []
  const released: Event[] =
    before === undefined ? [] : [{ type: 'guard-released', guard: before.guard }]
  return stopped === undefined
    ? released
    : [...released, { type: 'guard-stopped', guard: stopped.guard, message: stopped.message }]
}

/** Said once, however often more comes while it waits. */
function putOffEvents(
  { deferred }: Outcome,
  before: LoopMemory,
  againMs: number | undefined,
): Event[] {
  if (deferred !== true || againMs === undefined || before.putOff !== undefined) return []
  return [{ type: 'reload-put-off', waitMs: againMs }]
}
