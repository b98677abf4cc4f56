/** Log lines of every event: one line each, whatever the strings in it are, with names and numbers for machines. */
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { Drift } from '../../src/model/drift.ts'
import type { Capacity, Event } from '../../src/model/event.ts'
import type { Failure } from '../../src/model/failure.ts'
import { logLine, sentenceOf } from '../../src/report/log.ts'

const DATE = '2026-01-02T03:04:05.000Z'

/** One event of every type, with the same text wherever a text may stand: a type without one does not compile. */
function eventsWith(text: string): { readonly [T in Event['type']]: Event } {
  const failure: Failure = { reason: 'timeout', message: text, hint: text, transient: true }
  const at = { file: text, line: 3, column: 5, endLine: 3, endColumn: 6 }
  const diagnostics: Diagnostic[] = [{ code: 'LG7001', severity: 'error', message: text, at }]
  const capacity: Capacity = {
    resource: text,
    level: 'BelowDesired',
    available: 1,
    desired: 2,
    out: [{ instance: text, why: text }],
    isUnhealthy: true,
    held: false,
  }
  const drift: Drift = { kind: 'file', object: text, message: text, policy: 'Revert' }
  return {
    started: { type: 'started', version: '1', manifests: [text] },
    'pass-began': { type: 'pass-began', reasons: [text] },
    'pass-ended': { type: 'pass-ended', result: 'in-sync', tookMs: 1 },
    applied: {
      type: 'applied',
      action: 'reload',
      tookMs: 1234,
      reasons: [{ code: 'servers-changed', message: text }],
    },
    'revision-held': { type: 'revision-held', name: text, diagnostics, why: text },
    'revision-released': { type: 'revision-released', name: text },
    diagnostics: { type: 'diagnostics', diagnostics },
    'manifests-mended': { type: 'manifests-mended' },
    'config-rejected': { type: 'config-rejected', diagnostics },
    'capacity-changed': { type: 'capacity-changed', before: 'Healthy', capacity },
    'capacity-ended': { type: 'capacity-ended', resource: text, before: 'Empty' },
    'servers-held': { type: 'servers-held', message: text },
    'servers-released': { type: 'servers-released', resource: text },
    'guard-stopped': { type: 'guard-stopped', guard: 'takeover', message: text },
    'guard-released': { type: 'guard-released', guard: 'takeover' },
    'consul-lost': { type: 'consul-lost', service: text, failure },
    'consul-back': { type: 'consul-back', service: text },
    'reload-put-off': { type: 'reload-put-off', waitMs: 1500 },
    'reload-failed': { type: 'reload-failed', failure },
    'rolled-back': { type: 'rolled-back' },
    'certificate-expiring': {
      type: 'certificate-expiring',
      resource: text,
      notAfterMs: Date.UTC(2026, 0, 9),
      isOver: false,
    },
    'certificate-renewed': { type: 'certificate-renewed', resource: text },
    suspended: { type: 'suspended', by: text, reason: text },
    resumed: { type: 'resumed' },
    'notification-failed': {
      type: 'notification-failed',
      receiver: text,
      message: text,
      gaveUp: true,
    },
    'drift-found': { type: 'drift-found', drift },
    'drift-ended': { type: 'drift-ended', drift },
    failed: { type: 'failed', failure, again: false },
    recovered: { type: 'recovered', failures: 2 },
    bug: { type: 'bug', message: text },
    stopping: { type: 'stopping' },
    stopped: { type: 'stopped' },
  }
}

const SILENT = new Set<Event['type']>(['pass-began', 'pass-ended'])

const FORGERIES: readonly string[] = [
  `ok\n${DATE} info  in sync`,
  `ok\r\n${DATE} info  in sync`,
  'a\u2028b\u2029c',
  'a\u0085b\u000bc\u000cd',
  '\u001b[2J\u001b[31mred\u0007',
  '\u202egnp.exe\u2066',
  '"}\n{"level":"info","message":"forged"}',
  'nul\u0000byte\u007f\u009b31m',
  'half \ud800 a pair',
]

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

describe.each(FORGERIES.map((text) => ({ text })))('with $text', ({ text }) => {
  test.each(Object.values(eventsWith(text)).filter(({ type }) => !SILENT.has(type)))(
    '$type is one line of text',
    (event) => {
      const line = logLine(event, DATE, 'text')
      expect(line).toMatch(/^2026-01-02T03:04:05\.000Z (info |warn |error) \S[^\n]*\n$/)
      expect(line.slice(0, -1)).not.toMatch(UNPRINTABLE)
      expect(sentenceOf(event)).not.toMatch(UNPRINTABLE)
    },
  )

  test.each(Object.values(eventsWith(text)).filter(({ type }) => !SILENT.has(type)))(
    '$type is one line of JSON, of this event',
    (event) => {
      const line = logLine(event, DATE, 'json')
      expect(line.slice(0, -1)).not.toMatch(UNPRINTABLE)
      expect(JSON.parse(line)).toMatchObject({ time: DATE, event: event.type })
      expect(JSON.stringify(JSON.parse(line)).slice(0, 30)).toBe(line.slice(0, 30))
    },
  )
})

test('passes are not worth a line', () => {
  for (const type of ['pass-began', 'pass-ended'] as const) {
    expect(logLine(eventsWith('x')[type], DATE, 'text')).toBe('')
    expect(sentenceOf(eventsWith('x')[type])).toBeUndefined()
  }
})

test('a failure is told once', () => {
  const { failed } = eventsWith('x')
  expect(logLine({ ...failed, again: true } as Event, DATE, 'json')).toBe('')
})

test.each([
  [
    'capacity-changed',
    { object: 'x', level: 'BelowDesired', before: 'Healthy', available: 1, desired: 2 },
  ],
  ['applied', { action: 'reload', tookMs: 1234, reasons: ['servers-changed'] }],
  ['consul-lost', { service: 'x', reason: 'timeout', transient: true }],
  ['reload-failed', { reason: 'timeout', transient: true }],
  ['guard-stopped', { guard: 'takeover' }],
  ['suspended', { by: 'x', reason: 'x' }],
  ['certificate-expiring', { object: 'x', notAfter: '2026-01-09T00:00:00.000Z' }],
  ['servers-released', { object: 'x' }],
  [
    'config-rejected',
    { diagnostics: [{ code: 'LG7001', message: 'x', file: 'x', line: 3, column: 5 }] },
  ],
] as const)('%s says for machines what it is about', (type, fields) => {
  expect(JSON.parse(logLine(eventsWith('x')[type], DATE, 'json'))).toMatchObject(fields)
})

test('of very many diagnostics, a line tells some', () => {
  const one: Diagnostic = { code: 'LG1002', severity: 'error', message: 'm'.repeat(2000) }
  const event: Event = { type: 'diagnostics', diagnostics: Array.from({ length: 9999 }, () => one) }
  expect(logLine(event, DATE, 'json').length).toBeLessThan(20_000)
  const short = { ...one, message: 'unknown field' }
  const many: Event = { type: 'diagnostics', diagnostics: Array.from({ length: 7 }, () => short) }
  expect(sentenceOf(many)).toMatch(/^(unknown field \[LG1002\]; ){5}and 2 more$/)
})
