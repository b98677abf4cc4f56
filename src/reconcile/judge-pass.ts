/** The outcome of a pass and what the loop remembers → what it remembers next, what happened, when to go on. Pure. */
import type { Bundle, WantedServer } from '../model/bundle.ts'
import { hasErrors } from '../model/diagnostic.ts'
import type { Capacity, Event, PassResult } from '../model/event.ts'
import type { ApplyOutcome } from '../model/ports.ts'
import { remember, withEntries } from '../model/remember.ts'
import { driftAfter } from './drift-memory.ts'
import { rememberDeparting } from './guard.ts'
import { heldAfter, refusedAfter, stoppedAfter } from './hold-back.ts'
import type { LoopLimits, LoopMemory } from './memory.ts'
import { CHECK_REST_MS, FILE_REST_MS } from './memory.ts'
import type { Outcome } from './outcome.ts'
import { eventsOf, resultOf } from './pass-events.ts'
import type { ReloadGate, ReloadLimits } from './reload-gate.ts'
import { countReload, forgetWish, gateWaitMs, wantReload } from './reload-gate.ts'
import { waitingAfter } from './waiting.ts'

export interface Judgement {
  readonly memory: LoopMemory
  readonly events: readonly Event[]
  readonly result: PassResult
  /** Another pass is due after this long, whatever happens meanwhile. */
  readonly againMs?: number
}

/** `random` is from 0 up to 1. */
export interface Moment {
  readonly atMs: number
  readonly random: number
  /** The HAProxy backends that the pass has looked at; absent: at everything. */
  readonly glanced?: ReadonlySet<string>
}

export function judgePass(
  outcome: Outcome,
  before: LoopMemory,
  limits: LoopLimits,
  moment: Moment,
): Judgement {
  const { atMs } = moment
  const result = resultOf(outcome)
  const stopped = stoppedAfter(outcome, before, limits, atMs)
  const refused = refusedAfter(outcome, before, stopped, { atMs, limits })
  const isNew = [...refused].some(([r, { untilMs }]) => before.refused.get(r)?.untilMs !== untilMs)
  const drifted = driftAfter(outcome, before, atMs)
  const next: LoopMemory = {
    gate: gateAfter(outcome, before, limits.reload, atMs),
    refused,
    stopped,
    held: heldAfter(outcome, before, refused),
    putOff: outcome.deferred === true ? outcome.bundle?.config : undefined,
    levels: levelsAfter(outcome, before.levels),
    holding: holdingAfter(outcome, before.holding),
    proven: provenAfter(outcome, before),
    drift: drifted.drift,
    lookedMs: lookedAfter(outcome, before, moment),
    waitingIn: waitingAfter(outcome, before.waitingIn, moment.glanced, atMs),
    ...fileAfter(outcome, before, atMs),
    unchecked: outcome.unchecked ?? before.unchecked,
    failures: result === 'failed' ? before.failures + 1 : 0,
    failed: outcome.failure?.message,
    told: isNew ? before.told : toldAfter(outcome, before.told),
  }
  // What was refused just now is stood in for by the last good revision, or told by the next pass.
  const againMs = isNew ? 0 : againAfter({ outcome, next, limits, moment, result })
  const events = [...eventsOf(outcome, before, next, againMs), ...drifted.events]
  return { memory: next, result, events, ...(againMs !== undefined && { againMs }) }
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

function levelsAfter({ compiled }: Outcome, levels: LoopMemory['levels']): LoopMemory['levels'] {
  return compiled === undefined ? levels : levelsOf(compiled.capacities)
}

/** The same capacities give the same levels: then there is nothing to tell. */
const levelsOf = remember(
  (capacities: readonly Capacity[]) => new Map(capacities.map((c) => [c.resource, c.level])),
)

function holdingAfter(
  { compiled }: Outcome,
  holding: LoopMemory['holding'],
): LoopMemory['holding'] {
  return compiled === undefined ? holding : heldOf(compiled.capacities)
}

const heldOf = remember(
  (capacities: readonly Capacity[]) =>
    new Set(capacities.filter((c) => c.held).map((c) => c.resource)),
)

/** While a revision is stood in for, its errors are told by the event that says so. */
function toldAfter({ diagnostics, held, manifests }: Outcome, told: string): string {
  if (manifests === undefined || held !== undefined) return told
  const errors = diagnostics.filter((d) => d.severity === 'error')
  return errors.length === 0 ? '' : JSON.stringify(errors.map((d) => [d.code, d.message, d.at]))
}

interface Next {
  readonly outcome: Outcome
  readonly next: LoopMemory
  readonly limits: LoopLimits
  readonly moment: Moment
  readonly result: PassResult
}

function againAfter(all: Next): number | undefined {
  const { outcome, next, limits, moment, result } = all
  const { atMs, random } = moment
  if (outcome.deferred === true)
    return Math.max(1, gateWaitMs(next.gate, oldWorkers(outcome), atMs, limits.reload))
  if (result !== 'failed')
    return [departureDue(all), waitingDue(all), fileDue(all), checkDue(all)].reduce(
      soonest,
      releaseDue(all),
    )
  const { first, most } = limits.retryMs
  return Math.max(first, Math.min(most, first * 2 ** next.failures) * random)
}

function releaseDue({ next: { stopped }, limits, moment }: Next): number | undefined {
  if (stopped === undefined || stopped.guard === 'takeover') return undefined
  const ms = stopped.sinceMs + limits.totalHoldMs - moment.atMs
  return ms > 0 ? ms : undefined
}

const isDeparting = rememberDeparting()

/** Servers that the guard of their Backend holds are looked at again soon. */
function departureDue({ outcome, next }: Next): number | undefined {
  if (next.stopped?.guard === 'server-removal') return undefined
  return isDeparting(outcome.compiled?.applied) ? 1000 : undefined
}

const SOONEST_MS = 20
/** A timer may be a little early, and is to find something due all the same. */
const EARLY_MS = 5

function waitingDue({ next: { waitingIn }, moment: { atMs } }: Next): number | undefined {
  const due = Math.min(...[...waitingIn.values()].map(({ dueMs }) => dueMs))
  return due === Infinity ? undefined : Math.max(SOONEST_MS, due - atMs + EARLY_MS)
}

/** A pass that has nothing to do in the process writes the file at once. */
function fileDue({ next: { fileMs, fileLags }, moment: { atMs } }: Next): number | undefined {
  if (!fileLags) return undefined
  const leftMs = (fileMs ?? atMs) + FILE_REST_MS - atMs
  // It was due, and something stands in its way.
  return leftMs > 0 ? leftMs : FILE_REST_MS
}

/** The file must be there, and not be about to change. */
function checkDue({
  next: { fileMs, fileLags, unchecked },
  moment: { atMs },
}: Next): number | undefined {
  if (!unchecked || fileLags || fileMs === undefined) return undefined
  return Math.max(SOONEST_MS, fileMs + CHECK_REST_MS - atMs)
}

function fileAfter(
  { applied, plan, fileLags = false }: Outcome,
  before: LoopMemory,
  atMs: number,
): Pick<LoopMemory, 'fileMs' | 'fileLags'> {
  if (applied?.state !== 'applied')
    return { fileMs: before.fileMs, fileLags: before.fileLags && plan?.action !== 'in-sync' }
  return { fileMs: fileLags ? before.fileMs : atMs, fileLags }
}

function lookedAfter(
  outcome: Outcome,
  { lookedMs }: LoopMemory,
  { atMs, glanced }: Moment,
): number | undefined {
  if (outcome.failure !== undefined || outcome.actual === undefined || isUnread(outcome))
    return undefined
  return glanced === undefined ? atMs : lookedMs
}

/** What was known of the process is worth nothing after a reload, or where nobody has read it back. */
function isUnread({ applied }: Outcome): boolean {
  if (applied?.state !== 'applied') return false
  const { action, actual } = applied
  return action === 'reload' || action === 'start' || (action === 'runtime' && actual === undefined)
}

/** A pass that changed nothing and found nothing to do proves as well as one that has applied. */
function provenAfter(outcome: Outcome, { proven }: LoopMemory): LoopMemory['proven'] {
  const { applied, plan, bundle, actual, meanwhile } = outcome
  if (outcome.failure !== undefined || actual?.running.state === 'not-held') return proven
  if (meanwhile !== undefined) return withServers(proven, bundle, meanwhile)
  const isDone = applied?.state === 'applied' || plan?.action === 'in-sync'
  return isDone && !hasErrors(outcome.diagnostics) ? bundle : proven
}

/** What the process was proven with, and the servers that have changed in it since. */
function withServers(
  proven: Bundle | undefined,
  wanted: Bundle | undefined,
  { ran = [] }: ApplyOutcome,
): Bundle | undefined {
  if (proven === undefined || wanted === undefined || ran.length === 0) return proven
  const changed = new Set(ran.flatMap((change) => ('backend' in change ? [change.backend] : [])))
  const entries = [...changed].flatMap((name): [string, readonly WantedServer[]][] => {
    const servers = wanted.live.servers.get(name)
    return servers === undefined ? [] : [[name, servers]]
  })
  const { sections, files, structure, live, fixed, retries, secrets } = proven
  return {
    sections,
    files,
    structure,
    live: { ...live, servers: withEntries(live.servers, entries) },
    fixed,
    ...(retries !== undefined && { retries }),
    secrets,
    get config() {
      return proven.config
    },
  }
}

function soonest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.min(a, b)
}

export function oldWorkers({ actual }: Outcome): number {
  return actual?.running.state === 'running' ? actual.running.process.oldWorkers.length : 0
}
