/** The outcome of passes → the one value that `/api/v1/status` and `legate status` show. */
import type { CapacityLevel } from '../model/event.ts'
import type { Watch } from '../model/feed.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Drift } from '../model/drift.ts'
import type { Waiting } from '../model/plan.ts'
import { printWaiting } from './plan.ts'
import { took } from './took.ts'

/** Dates are ISO 8601. Everything in here is for people and machines to read; it holds no secret. */
export interface Status {
  readonly apiVersion: 'legate/v1'
  readonly kind: 'Status'
  readonly legate: { readonly version: string; readonly startedAt: string; readonly pid: number }
  /** `Starting` until the first pass has ended. */
  readonly sync: 'Starting' | 'InSync' | 'Held' | 'Suspended' | 'Failing'
  readonly since: string
  /** Why it is not in sync, one sentence each. */
  readonly why: readonly string[]
  readonly revision: {
    /** Digest of the manifests in force; absent before the first proof. */
    readonly applied?: string
    readonly git?: string
  }
  /** What is in the folders and is not used. */
  readonly held?: {
    /** `revision 0123456789ab`, `the template folder`. */
    readonly name: string
    /** Its digest. */
    readonly revision?: string
    readonly git?: string
  }
  /** Passes since the start, by their result. */
  readonly passes: Readonly<Record<string, number>>
  readonly lastPass?: {
    readonly at: string
    readonly result: string
    readonly tookMs: number
    readonly reasons: readonly string[]
  }
  readonly haproxy?: {
    readonly version: string
    readonly masterPid: number
    readonly workerPid: number
    readonly reloads: number
    readonly oldWorkers: number
    /** What the trial start before the last reload came to: `passed`, `off`, `unavailable: WHY`. */
    readonly trial?: string
  }
  readonly backends: readonly BackendStatus[]
  readonly consul: {
    readonly name: string
    readonly watches: number
    readonly failing: readonly WatchStatus[]
  }
  readonly diagnostics: readonly DiagnosticStatus[]
  /** What somebody else changed past Legate and is still there. */
  readonly drift: readonly DriftStatus[]
  /** Servers on their way in or out; at most 100. */
  readonly waiting: readonly Waiting[]
  /** What is to be done, and was not by the last pass. */
  readonly pending?: PendingStatus
  /** What was done since the start, newest first; at most 20. */
  readonly actions: readonly ActionStatus[]
  /** Newest first. */
  readonly events: readonly { readonly at: string; readonly text: string }[]
}

export interface BackendStatus {
  readonly resource: string
  readonly level: CapacityLevel
  readonly since: string
  readonly available: number
  readonly desired?: number
  readonly minimum?: number
  readonly held: boolean
  readonly isUnhealthy: boolean
  readonly out: readonly { readonly instance: string; readonly why: string }[]
}

export interface DriftStatus extends Drift {
  readonly since: string
}

export interface PendingStatus {
  /** `reload`, `runtime`, `write` or `start`. */
  readonly action: string
  /** Why it is not done. */
  readonly why: string
  /** Why it is to be done; at most 200. */
  readonly reasons: readonly string[]
}

export interface ActionStatus {
  /** Counts from 1 since the start. */
  readonly id: number
  readonly at: string
  /** `reload`, `runtime`, `write`, `start` or `written-only`. */
  readonly action: string
  readonly result: 'applied' | 'failed' | 'rolled back'
  readonly tookMs?: number
  /** At most 200. */
  readonly reasons: readonly string[]
}

export interface WatchStatus {
  readonly service: string
  readonly message: string
  readonly failures: number
  readonly lastSuccessAt?: string
}

export interface DiagnosticStatus {
  readonly code: string
  readonly severity: string
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

export function watchStatus(watch: Watch): WatchStatus[] {
  if (watch.failure === undefined) return []
  return [
    {
      service: watch.query.service,
      message: watch.failure.message,
      failures: watch.failures,
      ...(watch.lastSuccessMs !== undefined && {
        lastSuccessAt: new Date(watch.lastSuccessMs).toISOString(),
      }),
    },
  ]
}

export function diagnosticStatus(diagnostic: Diagnostic): DiagnosticStatus {
  const { code, severity, message, hint, at } = diagnostic
  const place = at && { file: at.file, line: at.line, column: at.column }
  return { code, severity, message, ...(hint !== undefined && { hint }), ...place }
}

export function isTroubled({ level, held }: BackendStatus): boolean {
  return level !== 'Healthy' || held
}

/** Undefined where all is well with all of them. */
export function describeTrouble({ backends }: Pick<Status, 'backends'>): string | undefined {
  const count = backends.filter(isTroubled).length
  if (count === 0) return undefined
  const of = `${count} of ${backends.length} backend${backends.length === 1 ? '' : 's'}`
  return `${of} ${count === 1 ? 'is' : 'are'} in trouble`
}

/** For a terminal. */
export function printStatus(status: Status): string {
  const { sync, since, why, revision, held, lastPass, haproxy } = status
  return [
    `${sync} since ${since}`,
    ...[...why, describeTrouble(status) ?? []].flat().map((line) => `    ${line}`),
    ...(revision.applied === undefined
      ? []
      : [`Revision   ${revision.applied.slice(0, 12)}${gitOf(revision.git)}`]),
    ...(held === undefined
      ? []
      : [`Held       ${held.name}${gitOf(held.git)}: the last good one stays in force`]),
    ...(lastPass === undefined
      ? []
      : [`Last pass  ${lastPass.at} ${lastPass.result} in ${took(lastPass.tookMs)}`]),
    ...(haproxy === undefined
      ? []
      : [
          `HAProxy    ${haproxy.version}, worker ${haproxy.workerPid}, ${haproxy.reloads} reloads, ${haproxy.oldWorkers} old workers${haproxy.trial === undefined ? '' : `, trial start ${haproxy.trial}`}`,
        ]),
    `Consul     ${status.consul.name}, ${status.consul.watches} watches${failing(status)}`,
    ...status.backends.flatMap(printBackend),
    ...status.diagnostics.map(printDiagnostic),
    ...status.drift.map((d) => `drift since ${d.since}: ${d.message} (${d.policy})`),
    ...printPending(status),
    ...(status.waiting.length === 0 ? [] : [printWaiting(status.waiting)]),
    ...(status.events.length === 0 ? [] : ['Events']),
    ...status.events.slice(0, 10).map(({ at, text }) => `    ${at} ${text}`),
    '',
  ].join('\n')
}

function printPending({ pending }: Status): string[] {
  if (pending === undefined) return []
  const { action, why, reasons } = pending
  return [`To be done: ${action}; ${why}`, ...reasons.slice(0, 5).map((r) => `    because ${r}`)]
}

function gitOf(commit: string | undefined): string {
  return commit === undefined ? '' : `, git ${commit}`
}

function failing({ consul }: Status): string {
  const [first] = consul.failing
  return first === undefined ? '' : `, ${consul.failing.length} failing: ${first.message}`
}

function printBackend(backend: BackendStatus): string[] {
  const { resource, level, available, desired, since, held, out } = backend
  const count = desired === undefined ? String(available) : `${available} of ${desired}`
  return [
    `${resource}  ${count}  ${level} since ${since}${held ? ', held' : ''}`,
    ...out.map((o) => `    ${o.instance} ${o.why}`),
  ]
}

function printDiagnostic(diagnostic: DiagnosticStatus): string {
  const { code, severity, message, hint, file, line } = diagnostic
  const where = file === undefined ? '' : `${file}:${line}: `
  return `${severity}[${code}] ${where}${message}${hint === undefined ? '' : `\n    ${hint}`}`
}
