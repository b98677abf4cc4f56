import { expect, test } from 'vitest'
import { parseShowProc } from '../../src/haproxy/show-proc.ts'
import type { Branch } from './captured.ts'
import { captured } from './captured.ts'

const branches: readonly Branch[] = ['2.6', '3.0', '3.2']

test('reads the master, its worker and the workers that finish, youngest first', () => {
  expect(parseShowProc(captured('2.6', 'show-proc-old-workers'))).toEqual({
    masterPid: 20590,
    version: '2.6.12-1+deb12u4',
    reloads: 2,
    failedReloads: 0,
    worker: { pid: 20840, reloads: 0, uptimeSeconds: 2 },
    oldWorkers: [
      { pid: 20708, reloads: 1, uptimeSeconds: 4 },
      { pid: 20593, reloads: 2, uptimeSeconds: 6 },
    ],
  })
})

test.each(branches)('%s: after a failed reload the same worker goes on serving', (branch) => {
  const before = parseShowProc(captured(branch, 'show-proc-old-workers'))
  const after = parseShowProc(captured(branch, 'show-proc-reload-failed'))
  expect(after).toMatchObject({ reloads: 3, failedReloads: 1, masterPid: before?.masterPid })
  expect(after?.worker?.pid).toBe(before?.worker?.pid)
  expect(after?.worker?.reloads).toBe(1)
  expect(after?.oldWorkers.map((w) => w.pid)).toEqual(before?.oldWorkers.map((w) => w.pid))
})

test('a master without any worker has none', () => {
  const text = captured('2.6', 'show-proc-old-workers')
  const alone = text.slice(0, text.indexOf('# workers'))
  expect(parseShowProc(alone)).toMatchObject({ worker: undefined, oldWorkers: [] })
})

test('workers that leave are not taken for the worker while no reload has failed', () => {
  const text = captured('3.2', 'show-proc-old-workers').replace(/# workers\n.*\n/, '# workers\n')
  expect(parseShowProc(text)).toMatchObject({ worker: undefined, oldWorkers: [{}, {}] })
})

test('adds up an uptime', () => {
  const text = captured('2.6', 'show-proc-old-workers').replace('0d00h00m02s', '3d04h05m06s')
  expect(parseShowProc(text)?.worker?.uptimeSeconds).toBe(3 * 86_400 + 4 * 3600 + 5 * 60 + 6)
})

test.each(['', '\n', 'Unknown command: show proc\n', '20590 master\n'])(
  '%j is not an answer to show proc',
  (text) => {
    expect(parseShowProc(text)).toBeUndefined()
  },
)
