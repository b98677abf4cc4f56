/** The outcome of a pass, and the loop's memory before and after it → what is worth telling. Pure. */
import type { Capacity, Event, PassResult } from '../model/event.ts'
import type { LoopMemory } from './memory.ts'
import type { Outcome } from './outcome.ts'

export function resultOf({
  diagnostics,
  failure,
  refusal,
  deferred,
  applied,
}: Outcome): PassResult {
  if (failure !== undefined) return 'failed'
  if (diagnostics.some((d) => d.severity === 'error')) return 'rejected'
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
    ...(outcome.compiled?.capacities ?? []).flatMap((c) => capacityEvents(c, before)),
    ...holdingEvents(outcome, before, next),
    ...guardEvents(before, next),
    ...appliedEvents(outcome),
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
  if (held !== undefined && held.name !== was) {
    const because = held.why === undefined ? {} : { why: held.why }
    const { name } = held
    return [...released, { type: 'revision-held', name, diagnostics: held.diagnostics, ...because }]
  }
  if (next.told === '' || next.told === before.told) return released
  const errors = diagnostics.filter((d) => d.severity === 'error')
  return [...released, { type: 'diagnostics', diagnostics: errors }]
}

/** What a Backend was at the start is a transition, unless it is healthy. */
function capacityEvents(capacity: Capacity, { levels }: LoopMemory): Event[] {
  const before = levels.get(capacity.resource)
  if (before === capacity.level) return []
  if (before === undefined && capacity.level === 'Healthy') return []
  return [{ type: 'capacity-changed', before, capacity }]
}

function holdingEvents({ diagnostics }: Outcome, before: LoopMemory, next: LoopMemory): Event[] {
  const begun = [...next.holding].filter((resource) => !before.holding.has(resource))
  const ended = [...before.holding].filter((resource) => !next.holding.has(resource))
  const why = (resource: string): string =>
    diagnostics.find((d) => d.code === 'LG5005' && d.message.startsWith(`${resource}: `))
      ?.message ?? `${resource}: servers are kept`
  return [
    ...begun.map((resource): Event => ({ type: 'servers-held', message: why(resource) })),
    ...ended.map((resource): Event => ({ type: 'servers-released', resource })),
  ]
}

function guardEvents({ stopped: before }: LoopMemory, { stopped }: LoopMemory): Event[] {
  if (before?.guard === stopped?.guard && before?.sinceMs === stopped?.sinceMs) return []
  const released: Event[] =
    before === undefined ? [] : [{ type: 'guard-released', guard: before.guard }]
  return stopped === undefined
    ? released
    : [...released, { type: 'guard-stopped', guard: stopped.guard, message: stopped.message }]
}

function appliedEvents({ applied, plan }: Outcome): Event[] {
  if (applied?.state !== 'applied' || plan === undefined || plan.action === 'in-sync') return []
  const { action, tookMs } = applied
  return [{ type: 'applied', action, tookMs, reasons: plan.reasons }]
}

function failureEvents({ failure }: Outcome, { failed, failures }: LoopMemory): Event[] {
  if (failure !== undefined) return [{ type: 'failed', failure, again: failure.message === failed }]
  return failures === 0 ? [] : [{ type: 'recovered', failures }]
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
