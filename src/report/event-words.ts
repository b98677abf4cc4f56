/** An event → one sentence for a person, with how much it matters; not yet made printable. */
import type { Event } from '../model/event.ts'
import type { Failure } from '../model/failure.ts'
import { printReason } from './plan.ts'
import { took } from './took.ts'

export interface Line {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
}

export type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>

/** Diagnostics of one event that are told in full. */
const MOST_TOLD = 5

/** Undefined for events that are not worth a line. */
export function describeEvent(event: Event): Line | undefined {
  const say: (event: never) => Line | undefined = WORDS[event.type]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the row is that of the type
  return say(event as never)
}

type Words = { readonly [T in Event['type']]: (event: Of<T>) => Line | undefined }

const WORDS: Words = {
  started: ({ version, manifests }) => info(`Legate ${version} follows ${manifests.join(', ')}`),
  'pass-began': () => undefined,
  'pass-ended': () => undefined,
  applied: (event) => info(describeApplied(event)),
  'revision-held': (event) => error(describeHeld(event)),
  'revision-released': ({ name }) => info(`${name} is no longer held`),
  diagnostics: ({ diagnostics }) => error(describeDiagnostics(diagnostics)),
  'manifests-mended': () => info('the manifests are valid again'),
  'config-rejected': ({ diagnostics }) =>
    error(`HAProxy rejects the configuration: ${describeDiagnostics(diagnostics)}`),
  'capacity-changed': describeCapacity,
  'capacity-ended': ({ resource, before }) =>
    info(`${resource} is no longer declared (was ${before})`),
  'servers-held': ({ message }) => warn(message),
  'servers-released': ({ resource }) => info(`${resource}: servers are no longer held`),
  'guard-stopped': ({ guard, message }) => warn(`held back (${guard}): ${message}`),
  'guard-released': ({ guard }) => info(`no longer held back (${guard})`),
  'consul-lost': ({ service, failure }) =>
    warn(`Consul service ${service}: ${describeFailure(failure)}; what was known stays`),
  'consul-back': ({ service }) => info(`Consul service ${service}: answered again`),
  'reload-put-off': ({ waitMs }) => info(`the next reload waits ${(waitMs / 1000).toFixed(1)} s`),
  'reload-failed': ({ failure }) => error(describeFailure(failure)),
  'rolled-back': () => warn('the previous configuration is back, and proven'),
  'drift-found': ({ drift }) =>
    warn(`drift (${drift.kind}): ${drift.message}; ${AFTER[drift.policy]}`),
  'drift-ended': ({ drift }) => info(`no longer drifted (${drift.kind}): ${drift.object}`),
  'certificate-expiring': describeCertificate,
  'certificate-renewed': ({ resource }) => info(`${resource}: the certificate is renewed`),
  suspended: ({ by, reason }) =>
    warn(`suspended by ${by}: ${reason}; nothing is applied until \`legate resume\``),
  resumed: () => info('resumed: changes are applied again'),
  'notification-failed': describeUntold,
  failed: ({ failure, again }) => (again ? undefined : error(describeFailure(failure))),
  recovered: ({ failures }) => info(`passes end well again, after ${failures} that did not`),
  bug: ({ message }) => error(`a bug in Legate; HAProxy keeps what it has: ${message}`),
  stopping: () => info('stopping'),
  stopped: () => info('stopped'),
}

const AFTER = {
  Revert: 'it is set right',
  Report: 'it is left as it is (setting drift)',
  Adopt: 'it is left as it is for a time (setting drift.adoptFor)',
} as const

/** For an action without reasons: they were told when the servers left. */
export const TIDIED = 'servers that had left are taken out'

function describeApplied({ action, tookMs, reasons }: Of<'applied'>): string {
  const [first, ...others] = reasons.map(printReason)
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `applied (${action}) in ${took(tookMs)}: ${first ?? TIDIED}${more}`
}

function describeHeld({ name, diagnostics, why }: Of<'revision-held'>): string {
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const said = errors.length === 0 ? [] : [describeDiagnostics(errors)]
  const all = why === undefined ? said : [why, ...said]
  return `${name} is held, the last good one stays in force: ${all.join('; ')}`
}

function describeDiagnostics(all: Of<'diagnostics'>['diagnostics']): string {
  const more = all.length > MOST_TOLD ? `; and ${all.length - MOST_TOLD} more` : ''
  return `${all.slice(0, MOST_TOLD).map(describeDiagnostic).join('; ')}${more}`
}

function describeDiagnostic(d: Of<'diagnostics'>['diagnostics'][number]): string {
  const where = d.at === undefined ? '' : `${d.at.file}:${d.at.line}:${d.at.column}: `
  return `${where}${d.message} [${d.code}]`
}

function describeCapacity({ before, capacity }: Of<'capacity-changed'>): Line {
  const { resource, level, available, desired, minimum, out } = capacity
  const wanted = desired ?? minimum
  const count = wanted === undefined ? `${available} servers` : `${available} of ${wanted} servers`
  const why = out.length === 0 ? '' : `: ${out.map((o) => `${o.instance} ${o.why}`).join('; ')}`
  const was = before === undefined ? '' : ` (was ${before})`
  const message = `${resource} is ${level}${was}, ${count}${why}`
  if (level === 'Healthy') return info(message)
  return level === 'BelowDesired' ? warn(message) : error(message)
}

function describeCertificate({ resource, notAfterMs, isOver }: Of<'certificate-expiring'>): Line {
  const day = new Date(notAfterMs).toISOString().slice(0, 10)
  return isOver
    ? error(`${resource}: the certificate ended on ${day}; clients refuse it`)
    : warn(`${resource}: the certificate ends on ${day}`)
}

function describeUntold({ receiver, message, gaveUp }: Of<'notification-failed'>): Line {
  const what = `notifications to ${receiver}: ${message}`
  return gaveUp ? error(`${what}; given up`) : warn(`${what}; tried again`)
}

function describeFailure({ message, hint }: Failure): string {
  return hint === undefined ? message : `${message} (${hint})`
}

function info(message: string): Line {
  return { level: 'info', message }
}

function warn(message: string): Line {
  return { level: 'warn', message }
}

function error(message: string): Line {
  return { level: 'error', message }
}
