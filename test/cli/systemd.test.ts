/** What systemd is told, and when; by a fake clock, and once through the real program to a real socket where both exist. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import { LoopHealth } from '../../src/cli/loop-health.ts'
import { openSystemd, saySystemd, type Systemd } from '../../src/cli/systemd.ts'
import { fakeClock, type FakeClock } from '../fakes/clock.ts'

const BEGAN: Event = { type: 'pass-began', reasons: ['start'] }

interface Rig {
  readonly systemd: Systemd
  readonly clock: FakeClock
  readonly said: string[]
  readonly complaints: string[]
  alive: boolean
  status: string
  trouble: string | undefined
}

function rig(env: Readonly<Record<string, string>> = {}): Rig {
  const clock = fakeClock()
  const said: string[] = []
  const complaints: string[] = []
  const state = { alive: true, status: 'InSync', trouble: undefined as string | undefined }
  const systemd = openSystemd({
    env: { NOTIFY_SOCKET: '/run/n', ...env },
    pid: 42,
    clock,
    say: async (words) => {
      said.push(words.join(' '))
      return state.trouble
    },
    isAlive: () => state.alive,
    status: () => state.status,
    complain: (message) => complaints.push(message),
  })
  if (systemd === undefined) throw new Error('nothing to talk to')
  return Object.assign(state, { systemd, clock, said, complaints })
}

test('without NOTIFY_SOCKET nobody is told', () => {
  const ports = {
    pid: 1,
    clock: fakeClock(),
    say: () => Promise.resolve(undefined),
    isAlive: () => true,
    status: () => '',
    complain: () => undefined,
  }
  expect(openSystemd({ ...ports, env: {} })).toBeUndefined()
  expect(openSystemd({ ...ports, env: { NOTIFY_SOCKET: '' } })).toBeUndefined()
})

test('it is ready after the first pass has ended, with its status, and says so once', async () => {
  const at = rig()
  at.systemd.onEvent({ type: 'started', version: '1', manifests: [] })
  at.systemd.onEvent(BEGAN)
  await at.clock.advance(0)
  expect(at.said).toEqual([])
  at.systemd.onPass()
  at.systemd.onPass()
  at.status = 'Failing; no'
  at.systemd.onPass()
  await at.systemd.close()
  expect(at.said).toEqual(['READY=1 STATUS=InSync', 'STATUS=Failing; no'])
})

test('a bug does not keep it from being ready', async () => {
  const at = rig()
  at.systemd.onEvent({ type: 'pass-ended', result: 'bug', tookMs: 1 })
  await at.systemd.close()
  expect(at.said).toEqual(['READY=1 STATUS=InSync'])
})

test('SIGHUP is a reload, from that pass to its end; stopping is the last word', async () => {
  const at = rig()
  at.systemd.onEvent({ type: 'pass-began', reasons: ['SIGHUP'] })
  at.systemd.onPass()
  at.systemd.onEvent({ type: 'pass-began', reasons: ['files', 'SIGHUP'] })
  at.systemd.onPass()
  at.systemd.onEvent({ type: 'stopping' })
  await at.systemd.close()
  expect(at.said.map((words) => words.replace(/\d{6,}/, 'µs'))).toEqual([
    'READY=1 STATUS=InSync',
    'RELOADING=1 MONOTONIC_USEC=µs',
    'READY=1',
    'STOPPING=1',
  ])
})

describe('the watchdog', () => {
  test('is told twice within its time, while the loop goes on', async () => {
    const at = rig({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' })
    await at.clock.advance(60_000)
    expect(at.said).toEqual(Array.from({ length: 4 }, () => 'WATCHDOG=1'))
    at.alive = false
    await at.clock.advance(60_000)
    expect(at.said).toHaveLength(4)
    await at.systemd.close()
    expect(at.clock.waits).toEqual([])
  })

  test.each([
    { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '43' },
    { WATCHDOG_USEC: 'soon' },
    { WATCHDOG_USEC: '0' },
    {},
  ])('is not meant with %j', async (env) => {
    const at = rig(env)
    await at.clock.advance(600_000)
    expect(at.said).toEqual([])
  })
})

test('that it cannot be told is told once', async () => {
  const at = rig({ WATCHDOG_USEC: '1000000' })
  at.trouble = 'systemd-notify: ENOENT'
  await at.clock.advance(10_000)
  expect(at.complaints).toEqual(['systemd is not told how it goes: systemd-notify: ENOENT'])
})

describe('the health of the loop', () => {
  const limits = { idleMs: 100, passMs: 1000 }
  const after = (...events: readonly (readonly [Pick<Event, 'type'>, number])[]): LoopHealth => {
    const health = new LoopHealth(limits, 0)
    for (const [event, atMs] of events) health.onEvent(event, atMs)
    return health
  }

  test.each([
    ['no pass begins at the start', after(), 100],
    ['no pass begins', after([BEGAN, 10], [{ type: 'pass-ended' }, 50]), 150],
    ['a pass does not end', after([BEGAN, 10], [{ type: 'pass-ended' }, 50], [BEGAN, 60]), 1060],
    ['what is no pass is no sign of life', after([{ type: 'recovered' }, 90]), 100],
  ])('%s', (_name, health, untilMs) => {
    expect(health.isAlive(untilMs)).toBe(true)
    expect(health.isAlive(untilMs + 1)).toBe(false)
  })
})

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const RECEIVER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    print(repr(s.recv(4096).decode()), flush=True)
`

test.runIf(isThere('systemd-notify') && isThere('python3'))(
  'the real systemd-notify brings the words to the socket',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'legate-n-'))
    const receiver = spawn('python3', ['-c', RECEIVER, join(folder, 's')])
    onTestFinished(() => {
      receiver.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    })
    let heard = ''
    receiver.stdout.on('data', (chunk: Buffer) => (heard += chunk.toString()))
    await once(receiver.stdout, 'data')
    const before = process.env['NOTIFY_SOCKET']
    process.env['NOTIFY_SOCKET'] = join(folder, 's')
    onTestFinished(() => {
      if (before === undefined) delete process.env['NOTIFY_SOCKET']
      else process.env['NOTIFY_SOCKET'] = before
    })
    expect(await saySystemd(['READY=1', 'STATUS=InSync; nothing --to do'])).toBeUndefined()
    await expect.poll(() => heard).toContain('READY=1\\nSTATUS=InSync; nothing --to do')
    process.env['NOTIFY_SOCKET'] = join(folder, 'nobody')
    expect(await saySystemd(['READY=1'])).toMatch(/^systemd-notify: /)
  },
)
