/** Which events are told to receivers, as which trouble of which object. */
import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { Event } from '../../src/model/event.ts'
import type { Failure } from '../../src/model/failure.ts'
import { knownAfter, NOTHING_KNOWN, noticesOf, type Notice } from '../../src/notify/notice.ts'
import { capacityEvent } from './notices.ts'

function noticesFor(...events: readonly Event[]): Notice[] {
  let known = NOTHING_KNOWN
  return events.flatMap((event, atMs) => {
    const told = { event, sentence: `it said ${event.type}`, atMs }
    const notices = noticesOf(known, told)
    known = knownAfter(known, told)
    return notices
  })
}

function brief(...events: readonly Event[]): string[] {
  return noticesFor(...events).map((n) => `${n.state} ${n.topic}/${n.object} ${n.reason}`)
}

function failed(reason: Failure['reason']): Event {
  return { type: 'failed', failure: { reason, message: 'no', transient: true }, again: false }
}

test.each([
  ['Healthy', 'Recovery Capacity/Backend/default/api BackendRecovered', 'info'],
  ['BelowDesired', 'Problem Capacity/Backend/default/api BackendBelowDesired', 'warning'],
  ['BelowMinimum', 'Problem Capacity/Backend/default/api BackendBelowMinimum', 'error'],
  ['Empty', 'Problem Capacity/Backend/default/api BackendEmpty', 'error'],
] as const)('capacity: %s', (level, words, severity) => {
  expect(brief(capacityEvent(level))).toEqual([words])
  expect(noticesFor(capacityEvent(level))[0]).toMatchObject({
    severity,
    message: 'it said capacity-changed',
  })
})

describe('a revision that is held', () => {
  const held = (...codes: Diagnostic['code'][]): Event => ({
    type: 'revision-held',
    name: 'revision abc',
    diagnostics: codes.map((code) => ({ code, severity: 'error', message: 'm' })),
  })

  test.each([
    [held('LG1002'), 'ManifestsInvalid'],
    [held('LG7001'), 'ConfigRejected'],
    [held(), 'RevisionHeld'],
  ])('is told with its reason', (event, reason) => {
    expect(brief(event)).toEqual([`Problem Revision/Manifests ${reason}`])
    expect(noticesFor(event)[0]?.variant).toBe('revision abc')
  })

  test('its release ends what a failed reload was about, too', () => {
    expect(brief({ type: 'revision-released', name: 'revision abc' })).toEqual([
      'Recovery Revision/Manifests RevisionReleased',
      'Recovery Reload/HAProxy ReloadNotNeeded',
    ])
  })

  test('while it is held, passes that end well do not end a failed reload', () => {
    expect(brief(held(), { type: 'recovered', failures: 1 })).toHaveLength(1)
    expect(brief({ type: 'recovered', failures: 1 })).toHaveLength(1)
  })
})

test('a roll back says what it came from', () => {
  const failure: Failure = { reason: 'reload-unproven', message: 'no stamp', transient: false }
  const [first, second] = noticesFor({ type: 'reload-failed', failure }, { type: 'rolled-back' })
  expect(first).toMatchObject({ object: 'HAProxy', reason: 'ReloadFailed', isNotable: true })
  expect(second).toMatchObject({
    reason: 'RolledBack',
    message: 'it said reload-failed; it said rolled-back',
  })
})

test('a change at run time proves no reload', () => {
  const applied = (action: string): Event => ({ type: 'applied', action, reasons: [], tookMs: 1 })
  expect(brief(applied('runtime'), applied('write'))).toEqual([])
  expect(brief(applied('reload'))).toEqual(['Recovery Reload/HAProxy ReloadProven'])
})

test('Consul is lost with the first service, and back with the last', () => {
  const failure: Failure = { reason: 'consul-unreachable', message: 'no', transient: true }
  const lost = (service: string): Event => ({ type: 'consul-lost', service, failure })
  const back = (service: string): Event => ({ type: 'consul-back', service })
  expect(brief(lost('a'), lost('b'), back('a'), back('b'), back('b'))).toEqual([
    'Problem Consul/Consul ConsulLost',
    'Recovery Consul/Consul ConsulBack',
  ])
  expect(noticesFor(lost('a'))[0]?.isPatient).toBe(true)
})

test('passes that fail are told once they have failed for long, and that they end well', () => {
  expect(
    brief(
      failed('write-failed'),
      { type: 'pass-ended', result: 'failed', tookMs: 1 },
      { type: 'pass-ended', result: 'in-sync', tookMs: 1 },
    ),
  ).toEqual(['Problem Failure/Legate PassesFail', 'Recovery Failure/Legate PassesEndWell'])
  expect(noticesFor(failed('write-failed'))[0]?.isPatient).toBe(true)
  expect(brief(failed('reload-failed'))).toEqual([])
})

test.each([
  ['guard-stopped', { type: 'guard-stopped', guard: 'takeover', message: 'm' }, 'Guard takeover'],
  ['guard-released', { type: 'guard-released', guard: 'takeover' }, 'Guard takeover'],
  ['suspended', { type: 'suspended', by: 'me', reason: 'r' }, 'Legate'],
  ['resumed', { type: 'resumed' }, 'Legate'],
  ['diagnostics', { type: 'diagnostics', diagnostics: [] }, 'Manifests'],
  ['manifests-mended', { type: 'manifests-mended' }, 'Manifests'],
  ['certificate-renewed', { type: 'certificate-renewed', resource: 'c' }, 'c'],
] as const satisfies readonly (readonly [string, Event, string])[])(
  '%s is told, of its object',
  (_name, event, object) => {
    expect(noticesFor(event).map((n) => n.object)).toEqual([object])
  },
)

test.each([
  { type: 'pass-began', reasons: [] },
  { type: 'servers-held', message: 'm' },
  { type: 'reload-put-off', waitMs: 1 },
  { type: 'stopping' },
  { type: 'notification-failed', receiver: 'r', message: 'm', gaveUp: true },
] as const satisfies readonly Event[])('$type is told to nobody', (event) => {
  expect(noticesFor(event)).toEqual([])
})

test('a message is one printable line', () => {
  const [bug] = noticesFor({ type: 'bug', message: 'Error: x\u001b[31m\n  at y' })
  expect(bug?.message).toBe('a bug in Legate; HAProxy keeps what it has: Error: x\\u{1b}[31m')
})
