/** An event → what a machine may want of it besides the sentence: names and numbers, printable and bounded. */
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Drift } from '../model/drift.ts'
import type { Event } from '../model/event.ts'
import type { Failure } from '../model/failure.ts'
import { printable } from '../model/failure.ts'
import type { Of } from './event-words.ts'

type Field = string | number | boolean | readonly Field[] | { readonly [name: string]: Field }
export type Fields = Readonly<Record<string, Field>>

const MOST = 20

export function fieldsOf(event: Event): Fields {
  const fields: ((event: never) => Fields) | undefined = FIELDS[event.type]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the row is that of the type
  return fields?.(event as never) ?? {}
}

type Rows = { readonly [T in Event['type']]?: (event: Of<T>) => Fields }

const FIELDS: Rows = {
  started: ({ version, manifests }) => ({ version, manifests: manifests.slice(0, MOST).map(safe) }),
  applied: ({ action, tookMs, reasons }) => ({
    action,
    tookMs,
    reasons: [...new Set(reasons.map(({ code }) => code))],
  }),
  'revision-held': ({ name, diagnostics }) => ({
    object: safe(name),
    diagnostics: diagnosticFields(diagnostics),
  }),
  'revision-released': ({ name }) => ({ object: safe(name) }),
  diagnostics: ({ diagnostics }) => ({ diagnostics: diagnosticFields(diagnostics) }),
  'config-rejected': ({ diagnostics }) => ({ diagnostics: diagnosticFields(diagnostics) }),
  'capacity-changed': capacityFields,
  'capacity-ended': ({ resource, before }) => ({ object: safe(resource), before }),
  'servers-released': ({ resource }) => ({ object: safe(resource) }),
  'certificate-renewed': ({ resource }) => ({ object: safe(resource) }),
  'certificate-expiring': ({ resource, notAfterMs }) => ({
    object: safe(resource),
    notAfter: new Date(notAfterMs).toISOString(),
  }),
  'guard-stopped': ({ guard }) => ({ guard }),
  'guard-released': ({ guard }) => ({ guard }),
  'consul-lost': ({ service, failure }) => ({ service: safe(service), ...failureFields(failure) }),
  'consul-back': ({ service }) => ({ service: safe(service) }),
  'reload-put-off': ({ waitMs }) => ({ waitMs }),
  'drift-found': ({ drift }) => driftFields(drift),
  'drift-ended': ({ drift }) => driftFields(drift),
  failed: ({ failure }) => failureFields(failure),
  'reload-failed': ({ failure }) => failureFields(failure),
  recovered: ({ failures }) => ({ failures }),
  suspended: ({ by, reason }) => ({ by: safe(by), reason: safe(reason) }),
  'notification-failed': ({ receiver, gaveUp }) => ({ receiver: safe(receiver), gaveUp }),
}

function driftFields({ kind, object, policy }: Drift): Fields {
  return { kind, object: safe(object), policy }
}

function capacityFields({ before, capacity }: Of<'capacity-changed'>): Fields {
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
