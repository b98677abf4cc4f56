/** The outcome of a pass, and the loop's memory before and after it → what is worth telling. Pure. */
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Capacity, Event, PassResult } from '../model/event.ts'
import type { Failure, FailureReason } from '../model/failure.ts'
import type { LoopMemory } from './memory.ts'
import type { Outcome } from './outcome.ts'

export function resultOf({
  diagnostics,
  failure,
  refusal,
  suspended,
  deferred,
  plan,
  applied,
}: Outcome): PassResult {
  if (failure !== undefined) return 'failed'
  if (diagnostics.some((d) => d.severity === 'error')) return 'rejected'
  if (suspended !== undefined && plan !== undefined && plan.action !== 'in-sync') return 'suspended'
  if (refusal !== undefined) return 'held-by-guard'
  if (deferred === true) return 'put-off'
  return applied === undefined ? 'in-sync' : 'applied'
}

/** Transitions: what stays as it was has been told. */
export function eventsOf(
  outcome: Outcome,
  before: LoopMemory,
  next: LoopMemory,
  againMs: number | undefined,
): Event[] {
  return [
    ...revisionEvents(outcome, before, next),
    ...(before.levels === next.levels ? [] : levelEvents(outcome, before, next)),
    ...holdingEvents(outcome, before, next),
    ...guardEvents(before, next),
    ...appliedEvents(outcome, before),
    ...meanwhileEvents(outcome),
    ...failureEvents(outcome, before),
    ...putOffEvents(outcome, before, againMs),
  ]
}

function revisionEvents(
  { held, diagnostics }: Outcome,
  before: LoopMemory,
  next: LoopMemory,
): Event[] {
  const was = before.held?.name
  const isReleased = was !== undefined && next.held?.name !== was
  const released: Event[] = isReleased ? [{ type: 'revision-released', name: was }] : []
  if (held === undefined || held.name === was)
    return [...released, ...manifestEvents(diagnostics, before, next)]
  const because = held.why === undefined ? {} : { why: held.why }
  return [
    ...released,
    ...rejection(held.diagnostics),
    { type: 'revision-held', name: held.name, diagnostics: held.diagnostics, ...because },
  ]
}

/** Of the manifests in use. */
function manifestEvents(
  diagnostics: readonly Diagnostic[],
  { told: before }: LoopMemory,
  { told }: LoopMemory,
): Event[] {
  if (told === before) return []
  if (told === '') return [{ type: 'manifests-mended' }]
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const rejected = rejection(errors)
  return rejected.length > 0 ? rejected : [{ type: 'diagnostics', diagnostics: errors }]
}

function rejection(found: readonly Diagnostic[]): Event[] {
  const diagnostics = found.filter((d) => d.severity === 'error' && d.code.startsWith('LG7'))
  return diagnostics.length === 0 ? [] : [{ type: 'config-rejected', diagnostics }]
}

function levelEvents(outcome: Outcome, before: LoopMemory, next: LoopMemory): Event[] {
  return [
    ...(outcome.compiled?.capacities ?? []).flatMap((c) => capacityEvents(c, before)),
    ...undeclaredEvents(before, next),
  ]
}

/** What a Backend was at the start is a transition, unless it is healthy. */
function capacityEvents(capacity: Capacity, { levels }: LoopMemory): Event[] {
  const before = levels.get(capacity.resource)
  if (before === capacity.level) return []
  if (before === undefined && capacity.level === 'Healthy') return []
  return [{ type: 'capacity-changed', before, capacity }]
}

function undeclaredEvents({ levels: before }: LoopMemory, { levels }: LoopMemory): Event[] {
  return [...before].flatMap(([resource, level]): Event[] =>
    level === 'Healthy' || levels.has(resource)
      ? []
      : [{ type: 'capacity-ended', resource, before: level }],
  )
}

function holdingEvents({ diagnostics }: Outcome, before: LoopMemory, next: LoopMemory): Event[] {
  const begun = [...next.holding].filter((resource) => !before.holding.has(resource))
  const ended = [...before.holding].filter((resource) => !next.holding.has(resource))
  const why = (resource: string): string =>
    diagnostics.find((d) => d.code === 'LG5005' && d.message.startsWith(`${resource}: `))
      ?.message ?? `${resource}: servers are kept`
  return [
    ...inFew(begun.map(why)).map((message): Event => ({ type: 'servers-held', message })),
    ...inFew(ended).map((resource): Event => ({ type: 'servers-released', resource })),
  ]
}

const MOST_TOLD = 5

/** At a start all of a thousand Backends may be held for a moment; the status names each of them. */
function inFew(texts: readonly string[]): readonly string[] {
  if (texts.length <= MOST_TOLD) return texts
  const [first = ''] = texts
  return [`${first}; and so ${texts.length - 1} other Backends`]
}

function guardEvents({ stopped: before }: LoopMemory, { stopped }: LoopMemory): Event[] {
  if (before?.guard === stopped?.guard && before?.sinceMs === stopped?.sinceMs) return []
  const released: Event[] =
    before === undefined ? [] : [{ type: 'guard-released', guard: before.guard }]
  return stopped === undefined
    ? released
    : [...released, { type: 'guard-stopped', guard: stopped.guard, message: stopped.message }]
}

/** A file that follows the process has been told with what it follows. */
function appliedEvents({ applied, plan }: Outcome, { fileLags }: LoopMemory): Event[] {
  if (applied?.state !== 'applied' || plan === undefined || plan.action === 'in-sync') return []
  if (fileLags && plan.action === 'write') return []
  const { action, tookMs } = applied
  return [{ type: 'applied', action, tookMs, reasons: plan.reasons }]
}

function meanwhileEvents({ meanwhile, plan }: Outcome): Event[] {
  if (meanwhile?.state !== 'applied' || plan?.action !== 'reload') return []
  const message = `${meanwhile.ran?.length ?? 0} changes of servers while the reload waits`
  const reasons = [{ code: 'servers-changed', message } as const]
  return [{ type: 'applied', action: meanwhile.action, tookMs: meanwhile.tookMs, reasons }]
}

function failureEvents(outcome: Outcome, { failed, failures }: LoopMemory): Event[] {
  const { failure } = outcome
  if (failure === undefined) return failures === 0 ? [] : [{ type: 'recovered', failures }]
  const again = failure.message === failed
  const reload = again ? [] : reloadEvents(outcome, failure)
  // What a failed reload says is said once.
  return [...reload, { type: 'failed', failure, again: again || reload.length > 0 }]
}

const UNPROVEN: ReadonlySet<FailureReason> = new Set([
  'reload-failed',
  'reload-unproven',
  'haproxy-down',
] as const)

function reloadEvents({ plan, applied }: Outcome, failure: Failure): Event[] {
  const isReload = plan?.action === 'reload' || plan?.action === 'start'
  if (!isReload || applied?.state !== 'failed' || !UNPROVEN.has(failure.reason)) return []
  const failed: Event = { type: 'reload-failed', failure }
  return applied.rolledBack ? [failed, { type: 'rolled-back' }] : [failed]
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
