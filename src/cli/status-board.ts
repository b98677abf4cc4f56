/** Keeps what the status shows: folds outcomes and events of the daemon. */
import type { Event } from '../model/event.ts'
import type { CatalogFeed, Clock } from '../model/feed.ts'
import type { LoopMemory } from '../reconcile/judge-pass.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import { logLine } from '../report/log.ts'
import type { BackendStatus, Status } from '../report/status.ts'
import { diagnosticStatus, watchStatus } from '../report/status.ts'

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
  #memory: LoopMemory | undefined
  #git: string | undefined
  #lastPass: Status['lastPass']
  #reasons: readonly string[] = []
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
    }
    const text = logLine(event, '', 'text').trim()
    if (text === '') return
    this.#events.unshift({ at: this.#now(), text })
    this.#events.length = Math.min(this.#events.length, MOST_EVENTS)
  }

  /** The label of the commit that the manifests in force are at. */
  onGit(git: string | undefined): void {
    this.#git = git
  }

  onOutcome(outcome: Outcome, memory: LoopMemory): void {
    this.#outcome = outcome
    this.#memory = memory
    this.#why = whyNot(outcome, memory)
    const sync = outcome.failure === undefined ? syncOf(this.#why) : 'Failing'
    if (sync !== this.#sync) this.#since = this.#now()
    this.#sync = sync
    for (const { resource, level } of outcome.compiled?.capacities ?? [])
      if (this.#levels.get(resource)?.level !== level)
        this.#levels.set(resource, { level, since: this.#now() })
  }

  status(): Status {
    const { version, feed } = this.#facts
    const watches = feed.watches()
    const applied = this.#outcome?.manifests?.revision
    const held = this.#memory?.heldRevision
    return {
      apiVersion: 'legate/v1',
      kind: 'Status',
      legate: { version, startedAt: this.#startedAt, pid: process.pid },
      sync: this.#sync,
      since: this.#since,
      why: this.#why,
      revision: {
        ...(applied !== undefined && { applied }),
        ...(this.#git !== undefined && { git: this.#git }),
        ...(held !== undefined && { held }),
      },
      ...(this.#lastPass !== undefined && { lastPass: this.#lastPass }),
      ...this.#haproxy(),
      backends: this.#backends(),
      consul: { name: feed.name, watches: watches.length, failing: watches.flatMap(watchStatus) },
      diagnostics: this.#diagnostics(),
      events: this.#events,
    }
  }

  #now(): string {
    return new Date(this.#facts.clock.dateMs()).toISOString()
  }

  #haproxy(): Pick<Status, 'haproxy'> {
    const running = this.#outcome?.actual?.running
    if (running?.state !== 'running') return {}
    const { version, masterPid, worker, reloads, oldWorkers } = running.process
    const workerPid = worker.pid
    return { haproxy: { version, masterPid, workerPid, reloads, oldWorkers: oldWorkers.length } }
  }

  #backends(): BackendStatus[] {
    return (this.#outcome?.compiled?.capacities ?? []).map((capacity) => ({
      ...capacity,
      since: this.#levels.get(capacity.resource)?.since ?? this.#startedAt,
    }))
  }

  /** Those of the revision that is held come first: they are what somebody has to mend. */
  #diagnostics(): Status['diagnostics'] {
    const { held, diagnostics = [] } = this.#outcome ?? {}
    return [...(held?.diagnostics ?? []), ...diagnostics].map(diagnosticStatus)
  }
}

function syncOf(why: readonly string[]): Status['sync'] {
  return why.length === 0 ? 'InSync' : 'Held'
}

function whyNot(outcome: Outcome, memory: LoopMemory): string[] {
  const { failure, held, refusal, deferred, compiled } = outcome
  const errors = outcome.diagnostics.filter((d) => d.severity === 'error')
  const keeping = (compiled?.capacities ?? []).filter((c) => c.held)
  return [
    ...(failure === undefined ? [] : [failure.message]),
    ...(held === undefined ? [] : [`revision ${held.revision.slice(0, 12)} is held`]),
    ...errors.map((d) => d.message),
    ...(refusal === undefined ? [] : [`${refusal.message}; ${refusal.flag} lets it pass`]),
    ...(memory.stopped !== undefined && refusal === undefined ? [memory.stopped.message] : []),
    ...(deferred === true ? ['a reload waits for its turn'] : []),
    ...keeping.map((c) => `${c.resource}: servers are kept`),
  ]
}
