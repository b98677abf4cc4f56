/** Events → log lines, as text for people or JSON for machines; nothing of a line can break out of it. */
import type { Event } from '../model/event.ts'
import type { Failure } from '../model/failure.ts'
import { printable } from '../model/failure.ts'
import { fieldsOf } from './log-fields.ts'
import { printReason } from './plan.ts'

export type LogFormat = 'text' | 'json'
/** Diagnostics of one event that are told in full. */
const MOST_TOLD = 5

type Level = 'info' | 'warn' | 'error'

interface Line {
  readonly level: Level
  readonly message: string
}

/** Empty for events that are not worth a line. `date` is ISO 8601. */
export function logLine(event: Event, date: string, format: LogFormat): string {
  const line = describe(event)
  if (line === undefined) return ''
  const { level } = line
  const message = printable(line.message, 4000)
  return format === 'json'
    ? `${JSON.stringify({ time: date, level, event: event.type, message, ...fieldsOf(event) })}\n`
    : `${date} ${level.padEnd(5)} ${message}\n`
}

/** What a person is told of an event, printable; undefined for events that are not worth a line. */
export function sentenceOf(event: Event): string | undefined {
  const line = describe(event)
  return line && printable(line.message, 4000)
}

// oxlint-disable-next-line complexity -- one case an event
function describe(event: Event): Line | undefined {
  switch (event.type) {
    case 'started':
      return info(`Legate ${event.version} follows ${event.manifests.join(', ')}`)
    case 'applied':
      return info(describeApplied(event))
    case 'revision-held':
      return error(describeHeld(event))
    case 'revision-released':
      return info(`${event.name} is no longer held`)
    case 'diagnostics':
      return error(describeDiagnostics(event.diagnostics))
    case 'manifests-mended':
      return info('the manifests are valid again')
    case 'config-rejected':
      return error(`HAProxy rejects the configuration: ${describeDiagnostics(event.diagnostics)}`)
    case 'capacity-changed':
      return describeCapacity(event)
    case 'servers-held':
      return warn(event.message)
    case 'servers-released':
      return info(`${event.resource}: servers are no longer held`)
    case 'guard-stopped':
      return warn(`held back (${event.guard}): ${event.message}`)
    case 'guard-released':
      return info(`no longer held back (${event.guard})`)
    case 'consul-lost':
      return warn(
        `Consul service ${event.service}: ${describeFailure(event.failure)}; what was known stays`,
      )
    case 'consul-back':
      return info(`Consul service ${event.service}: answered again`)
    case 'reload-put-off':
      return info(`the next reload waits ${(event.waitMs / 1000).toFixed(1)} s`)
    case 'drift-found':
      return warn(
        `drift (${event.drift.kind}): ${event.drift.message}; ${AFTER[event.drift.policy]}`,
      )
    case 'drift-ended':
      return info(`no longer drifted (${event.drift.kind}): ${event.drift.object}`)
    case 'reload-failed':
      return error(describeFailure(event.failure))
    case 'rolled-back':
      return warn('the previous configuration is back, and proven')
    case 'certificate-expiring':
      return describeCertificate(event)
    case 'certificate-renewed':
      return info(`${event.resource}: the certificate is renewed`)
    case 'suspended':
      return warn(
        `suspended by ${event.by}: ${event.reason}; nothing is applied until \`legate resume\``,
      )
    case 'resumed':
      return info('resumed: changes are applied again')
    case 'notification-failed':
      return event.gaveUp ? error(describeUntold(event)) : warn(describeUntold(event))
    case 'failed':
      return event.again ? undefined : error(describeFailure(event.failure))
    case 'recovered':
      return info(`passes end well again, after ${event.failures} that did not`)
    case 'bug':
      return error(`a bug in Legate; HAProxy keeps what it has: ${event.message}`)
    case 'stopping':
    case 'stopped':
      return info(event.type)
    case 'pass-began':
    case 'pass-ended':
      return undefined
  }
}

const AFTER = {
  Revert: 'it is set right',
  Report: 'it is left as it is (setting drift)',
  Adopt: 'it is left as it is for a time (setting drift.adoptFor)',
} as const

type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>

function describeApplied({ action, tookMs, reasons }: Of<'applied'>): string {
  const [first, ...others] = reasons.map(printReason)
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `applied (${action}) in ${(tookMs / 1000).toFixed(1)} s: ${first ?? ''}${more}`
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

function describeUntold({ receiver, message, gaveUp }: Of<'notification-failed'>): string {
  return `notifications to ${receiver}: ${message}; ${gaveUp ? 'given up' : 'tried again'}`
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
