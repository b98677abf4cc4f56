/** Keeps what the status shows: folds outcomes and events of the daemon. */
import { hasErrors } from '../model/diagnostic.ts'
import type { Capacity, Event } from '../model/event.ts'
import type { CatalogFeed, Clock } from '../model/feed.ts'
import type { LoopMemory } from '../reconcile/memory.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import { logLine } from '../report/log.ts'
import type { PageView } from '../report/page-view.ts'
import type { Status } from '../report/status.ts'
import { diagnosticStatus, watchStatus } from '../report/status.ts'
import { describeSuspension } from './suspended.ts'
import { ActionLog } from './action-log.ts'
import { pageFacts } from './page-facts.ts'

const MOST_EVENTS = 100

export interface BoardFacts {
  readonly version: string
  readonly clock: Clock
  readonly feed: CatalogFeed
}

export class StatusBoard {
  readonly #facts: BoardFacts
  readonly #startedAt: string
  #sync: Status['sync'] = 'Starting'
  #since: string
  #why: readonly string[] = []
  #outcome: Outcome | undefined
  /** The newest that came to look at HAProxy, else the newest that compiled. */
  #seen: Outcome | undefined
  readonly #actions = new ActionLog()
  #drift: Status['drift'] = []
  /** Of the last passes that came so far: one that ends early leaves them standing. */
  #backends: readonly Capacity[] = []
  /** The same as it is shown, made when somebody looks. */
  #shown: Status['backends'] | undefined
  #haproxy: Status['haproxy']
  #applied: string | undefined
  #held: LoopMemory['held']
  #commit: string | undefined
  #heldCommit: string | undefined
  #lastPass: Status['lastPass']
  #reasons: readonly string[] = []
  readonly #passes = new Map<string, number>()
  readonly #levels = new Map<string, { readonly level: string; readonly since: string }>()
  readonly #events: { readonly at: string; readonly text: string }[] = []

  constructor(facts: BoardFacts) {
    this.#facts = facts
    this.#startedAt = this.#now()
    this.#since = this.#startedAt
  }

  onEvent(event: Event): void {
    if (event.type === 'pass-began') this.#reasons = event.reasons
    if (event.type === 'pass-ended') {
      const { result, tookMs } = event
      this.#lastPass = { at: this.#now(), result, tookMs, reasons: this.#reasons }
      this.#passes.set(result, (this.#passes.get(result) ?? 0) + 1)
    }
    if (event.type === 'bug')
      this.#become('Failing', ['a bug in Legate; HAProxy keeps what it has'])
    const text = logLine(event, '', 'text').trim()
    if (text === '') return
    this.#events.unshift({ at: this.#now(), text })
    this.#events.length = Math.min(this.#events.length, MOST_EVENTS)
  }

  onOutcome(outcome: Outcome, memory: LoopMemory): void {
    this.#outcome = outcome
    this.#actions.onOutcome(outcome, this.#now())
    if (isBetter(outcome, this.#seen)) this.#seen = outcome
    this.#held = memory.held
    this.#drift = [...memory.drift.values()].map(({ drift, sinceMs }) => ({
      ...drift,
      since: this.#dateOf(sinceMs),
    }))
    const why = whyNot(outcome, memory)
    this.#become(syncOf(outcome, why), why)
    if (isInForce(outcome)) this.#applied = outcome.manifests?.revision
    this.#haproxy = withTrial(haproxyOf(outcome) ?? this.#haproxy, outcome, this.#haproxy)
    const { capacities = this.#backends } = outcome.compiled ?? {}
    if (capacities !== this.#backends) this.#onCapacities(capacities)
  }

  #onCapacities(capacities: readonly Capacity[]): void {
    this.#backends = capacities
    this.#shown = undefined
    for (const { resource, level } of capacities)
      if (this.#levels.get(resource)?.level !== level)
        this.#levels.set(resource, { level, since: this.#now() })
  }

  /** What the work tree is at; while a revision is held, that is the commit of what is not used. */
  onCommit(commit: string | undefined): void {
    if (this.#held === undefined) this.#commit = commit
    this.#heldCommit = commit
  }

  status(): Status {
    const { version, feed } = this.#facts
    const watches = feed.watches()
    const { pending } = this.#actions
    return {
      apiVersion: 'legate/v1',
      kind: 'Status',
      legate: { version, startedAt: this.#startedAt, pid: process.pid },
      sync: this.#sync,
      since: this.#since,
      why: this.#why,
      ...this.#revision(),
      passes: Object.fromEntries(this.#passes),
      ...(this.#lastPass !== undefined && { lastPass: this.#lastPass }),
      ...(this.#haproxy !== undefined && { haproxy: this.#haproxy }),
      backends: this.#backendsShown(),
      consul: { name: feed.name, watches: watches.length, failing: watches.flatMap(watchStatus) },
      diagnostics: this.#diagnostics(),
      drift: this.#drift,
      waiting: this.#actions.waiting,
      ...(pending !== undefined && { pending }),
      actions: this.#actions.actions,
      events: this.#events,
    }
  }

  page(): PageView {
    return {
      status: () => this.status(),
      actionDiff: (id) => this.#actions.diff(id),
      pendingDiff: () => this.#actions.pendingDiff(),
      ...pageFacts(() => this.#seen),
    }
  }

  #backendsShown(): Status['backends'] {
    this.#shown ??= this.#backends.map((capacity) => ({
      ...capacity,
      since: this.#levels.get(capacity.resource)?.since ?? this.#startedAt,
    }))
    return this.#shown
  }

  #dateOf(monotonicMs: number): string {
    const { clock } = this.#facts
    return new Date(clock.dateMs() - clock.monotonicMs() + monotonicMs).toISOString()
  }

  #now(): string {
    return new Date(this.#facts.clock.dateMs()).toISOString()
  }

  #become(sync: Status['sync'], why: readonly string[]): void {
    if (sync !== this.#sync) this.#since = this.#now()
    this.#sync = sync
    this.#why = why
  }

  #revision(): Pick<Status, 'revision' | 'held'> {
    const [applied, git] = [this.#applied, this.#commit]
    const revision = {
      ...(applied !== undefined && { applied }),
      ...(git !== undefined && { git }),
    }
    if (this.#held === undefined) return { revision }
    const [{ name, revision: digest }, heldGit] = [this.#held, this.#heldCommit]
    const held = {
      name,
      ...(digest !== undefined && { revision: digest }),
      ...(heldGit !== undefined && { git: heldGit }),
    }
    return { revision, held }
  }

  /** Those of the revision that is held come first: they are what somebody has to mend. */
  #diagnostics(): Status['diagnostics'] {
    const { held, diagnostics = [] } = this.#outcome ?? {}
    return [...(held?.diagnostics ?? []), ...diagnostics].map(diagnosticStatus)
  }
}

function isBetter({ compiled, actual }: Outcome, before: Outcome | undefined): boolean {
  return compiled !== undefined && (actual !== undefined || before?.actual === undefined)
}

function syncOf({ failure, suspended }: Outcome, why: readonly string[]): Status['sync'] {
  if (failure !== undefined) return 'Failing'
  if (suspended !== undefined) return 'Suspended'
  return why.length === 0 ? 'InSync' : 'Held'
}

/** HAProxy has been proven with the manifests of this pass. */
export function isInForce({
  failure,
  diagnostics,
  plan,
  deferred,
  refusal,
  suspended,
  applied,
}: Outcome): boolean {
  if (failure !== undefined || hasErrors(diagnostics) || plan === undefined) return false
  if (suspended !== undefined && plan.action !== 'in-sync') return false
  return deferred !== true && (refusal === undefined || applied !== undefined)
}

/** As it was looked at before something was applied; the worker is the new one. */
function haproxyOf({ actual, applied }: Outcome): Status['haproxy'] {
  const running = actual?.running
  if (running?.state !== 'running') return undefined
  const { version, masterPid, worker, reloads, oldWorkers } = running.process
  const isNew = applied?.state === 'applied' && applied.workerPid !== undefined
  const workerPid = isNew ? (applied.workerPid ?? worker.pid) : worker.pid
  return { version, masterPid, workerPid, reloads, oldWorkers: oldWorkers.length }
}

/** That of the last reload holds until there is another. */
function withTrial(
  haproxy: Status['haproxy'],
  { applied }: Outcome,
  before: Status['haproxy'],
): Status['haproxy'] {
  const tried = applied?.state === 'applied' ? applied.trial : undefined
  const trial = tried ?? before?.trial
  return haproxy === undefined || trial === undefined ? haproxy : { ...haproxy, trial }
}

function whyNot(outcome: Outcome, { stopped }: LoopMemory): string[] {
  const { failure, suspended, held, deferred, compiled } = outcome
  const errors = outcome.diagnostics.filter((d) => d.severity === 'error')
  const keeping = (compiled?.capacities ?? []).filter((c) => c.held)
  return [
    ...(failure === undefined ? [] : [failure.message]),
    ...(suspended === undefined ? [] : [describeSuspension(suspended)]),
    ...(held === undefined ? [] : [`${held.name} is held`]),
    ...errors.map((d) => d.message),
    ...(stopped === undefined ? [] : [stopped.message]),
    ...(deferred === true ? ['a reload waits for its turn'] : []),
    ...keeping.map((c) => `${c.resource}: servers are kept`),
  ]
}
