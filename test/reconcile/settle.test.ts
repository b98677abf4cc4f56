/** What a single pass waits for, and for how long. */
import { expect, test } from 'vitest'
import type { Actual } from '../../src/model/actual.ts'
import type { RunningServer } from '../../src/model/runtime.ts'
import { asIfApplied } from '../../src/reconcile/compare.ts'
import { passUntilSettled } from '../../src/reconcile/settle.ts'
import { fakeWorld } from './fake-world.ts'

const SITE = `apiVersion: legate/v1
kind: Frontend
metadata: {name: web}
spec:
  listeners: [{name: http, port: 8080, protocol: HTTP}]
  defaultBackendRef: {name: api}
---
apiVersion: legate/v1
kind: Backend
metadata: {name: api}
spec:
  source:
    static:
      servers: [{name: one, address: 10.0.0.1, port: 80}]
`
const leaving: RunningServer = {
  name: 'two',
  address: '10.0.0.2',
  port: 80,
  weight: 0,
  admin: 'drain',
  check: 'passed',
}

/** A process in which a second server drains, with as many sessions as `sessions` says at each look. */
function draining(sessions: readonly number[]): {
  readonly world: ReturnType<typeof fakeWorld>
  readonly sleeps: number[]
  readonly run: (isEnding?: () => boolean) => Promise<unknown>
  readonly told: string[]
} {
  const world = fakeWorld(SITE)
  let looks = 0
  const sleeps: number[] = []
  const told: string[] = []
  if (world.hold === undefined) throw new Error('held')
  const hold = {
    ...world.hold,
    observe: (desired: Parameters<typeof asIfApplied>[0]): Promise<Actual> => {
      const actual = asIfApplied(desired, desired)
      if (actual.running.state !== 'running') throw new Error('it runs')
      const { process } = actual.running
      const left = sessions[looks++]
      const api = process.live.servers.get('api') ?? []
      const out =
        left === undefined
          ? []
          : [{ ...leaving, sessions: left, ...(left === 0 && { idleForMs: 60_000 }) }]
      const servers = new Map([...process.live.servers, ['api', [...api, ...out]] as const])
      const live = { ...process.live, servers }
      // A file that is behind, so that the first pass has something to do.
      const config = looks === 1 ? ({ state: 'absent' } as const) : actual.config
      return Promise.resolve({
        ...actual,
        config,
        running: { state: 'running', process: { ...process, live } },
      })
    },
  }
  const run = (isEnding = () => false): Promise<unknown> =>
    passUntilSettled(
      { ...world, hold },
      { until: 'applied' },
      {
        sleep: (ms) => {
          sleeps.push(ms)
          return Promise.resolve()
        },
        onWait: (waiting) => told.push(waiting.map(({ server }) => server).join()),
        isEnding,
      },
    )
  return { world, sleeps, told, run }
}

test('nothing on its way, nothing to wait for', async () => {
  const { run, sleeps, told } = draining([])
  await run()
  expect([sleeps, told]).toEqual([[], []])
})

test('waits until the last session has ended and the server is gone', async () => {
  const { run, sleeps, told, world } = draining([2, 1, 0])
  await run()
  expect(told).toEqual(['two'])
  expect(sleeps).toHaveLength(2)
  expect(world.calls.filter((call) => call === 'apply').length).toBeGreaterThan(1)
})

test('ends when it is told to', async () => {
  const { run, sleeps } = draining([2, 2, 2, 2])
  await run(() => true)
  expect(sleeps).toEqual([])
})

test('ends when the time for draining is over, whatever HAProxy says', async () => {
  const { run, sleeps } = draining(Array.from({ length: 2000 }, () => 1))
  await run()
  expect(sleeps.reduce((all, ms) => all + ms, 0)).toBe(70_000)
})
