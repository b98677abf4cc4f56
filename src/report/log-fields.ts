/** An event → what a machine may want of it besides the sentence: names and numbers, printable and bounded. */
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Event } from '../model/event.ts'
import type { Failure } from '../model/failure.ts'
import { printable } from '../model/failure.ts'

type Field = string | number | boolean | readonly Field[] | { readonly [name: string]: Field }
export type Fields = Readonly<Record<string, Field>>

const MOST = 20

// oxlint-disable-next-line complexity -- one case an event
export function fieldsOf(event: Event): Fields {
  switch (event.type) {
    case 'started':
      return { version: event.version, manifests: event.manifests.slice(0, MOST).map(safe) }
    case 'applied': {
      const codes = new Set(event.reasons.map(({ code }) => code))
      return { action: event.action, tookMs: event.tookMs, reasons: [...codes] }
    }
    case 'revision-held':
      return { object: safe(event.name), diagnostics: diagnosticFields(event.diagnostics) }
    case 'revision-released':
      return { object: safe(event.name) }
    case 'diagnostics':
    case 'config-rejected':
      return { diagnostics: diagnosticFields(event.diagnostics) }
    case 'capacity-changed':
      return capacityFields(event)
    case 'servers-released':
    case 'certificate-renewed':
      return { object: safe(event.resource) }
    case 'certificate-expiring':
      return { object: safe(event.resource), notAfter: new Date(event.notAfterMs).toISOString() }
    case 'guard-stopped':
    case 'guard-released':
      return { guard: event.guard }
    case 'consul-lost':
      return { service: safe(event.service), ...failureFields(event.failure) }
    case 'consul-back':
      return { service: safe(event.service) }
    case 'reload-put-off':
      return { waitMs: event.waitMs }
    case 'failed':
    case 'reload-failed':
      return failureFields(event.failure)
    case 'recovered':
      return { failures: event.failures }
    case 'suspended':
      return { by: safe(event.by), reason: safe(event.reason) }
    case 'notification-failed':
      return { receiver: safe(event.receiver), gaveUp: event.gaveUp }
    default:
      return {}
  }
}

function capacityFields({
  before,
  capacity,
}: Extract<Event, { readonly type: 'capacity-changed' }>): Fields {
  const { resource, level, available, desired, minimum } = capacity
  return {
    object: safe(resource),
    level,
    available,
    ...(before !== undefined && { before }),
    ...(desired !== undefined && { desired }),
    ...(minimum !== undefined && { minimum }),
  }
}

function failureFields({ reason, transient }: Failure): Fields {
  return { reason, transient }
}

function diagnosticFields(diagnostics: readonly Diagnostic[]): Field {
  return diagnostics.slice(0, MOST).map(({ code, severity, message, at }) => ({
    code,
    severity,
    message: safe(message),
    ...(at !== undefined && { file: safe(at.file), line: at.line, column: at.column }),
  }))
}

function safe(text: string): string {
  return printable(text, 500)
}
