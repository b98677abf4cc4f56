/** Events → log lines, as text for people or JSON for machines; nothing of a line can break out of it. */
import type { Event } from '../model/event.ts'
import type { Failure } from '../model/failure.ts'
import { printable } from '../model/failure.ts'
import { printReason } from './plan.ts'

export type LogFormat = 'text' | 'json'
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
    ? `${JSON.stringify({ time: date, level, event: event.type, message })}\n`
    : `${date} ${level.padEnd(5)} ${message}\n`
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
      return error(event.diagnostics.map(describeDiagnostic).join('; '))
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

type Of<T extends Event['type']> = Extract<Event, { readonly type: T }>

function describeApplied({ action, tookMs, reasons }: Of<'applied'>): string {
  const [first, ...others] = reasons.map(printReason)
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `applied (${action}) in ${(tookMs / 1000).toFixed(1)} s: ${first ?? ''}${more}`
}

function describeHeld({ name, diagnostics, why }: Of<'revision-held'>): string {
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const said = errors.slice(0, 5).map(describeDiagnostic)
  const all = why === undefined ? said : [why, ...said]
  return `${name} is held, the last good one stays in force: ${all.join('; ')}`
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
