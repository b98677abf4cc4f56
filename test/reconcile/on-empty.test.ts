/** What becomes of a Backend over several passes when Consul's answer is empty: policy, time and memory. */
import { expect, test } from 'vitest'
import { pass } from '../../src/reconcile/pass.ts'
import { aCheck, anInstance, backendYaml, FRONTEND_YAML, routeYaml } from '../builders.ts'
import type { FakeWorld } from './fake-world.ts'
import { fakeWorld, FAILED, serversOf } from './fake-world.ts'

const MINUTE_MS = 60_000
const instances = [anInstance({ id: 'one' }), anInstance({ id: 'two', address: '10.0.0.2' })]
const answered = { state: 'answered', instances } as const

/** A world in which both instances have been applied, and after that are gone from Consul. */
async function emptied(onEmpty: string): Promise<FakeWorld> {
  const route = routeYaml('api', [], '[{ backendRefs: [{ name: api }] }]')
  const sorry = backendYaml('sorry')
  const frontend = FRONTEND_YAML.replace('}] }', '}], defaultBackendRef: { name: sorry } }')
  const yaml = `${frontend}${route}${backendYaml('api', `, onEmpty: ${onEmpty}`)}${sorry}`
  const world = fakeWorld(yaml, { answers: { api: answered, sorry: answered } })
  await pass(world, { until: 'applied' })
  world.answers = { sorry: answered }
  return world
}

async function servers(world: FakeWorld): Promise<number> {
  const outcome = await pass(world, { until: 'applied' })
  expect(outcome.failure).toBeUndefined()
  return serversOf(outcome, 'api').length
}

test('Hold keeps what was there for holdFor, counted from the first empty answer', async () => {
  const world = await emptied('{ policy: Hold, holdFor: 5m }')
  expect(await servers(world)).toBe(2)
  world.nowMs += 4 * MINUTE_MS
  expect(await servers(world)).toBe(2)
  world.nowMs += MINUTE_MS - 1
  expect(await servers(world)).toBe(2)
  world.nowMs += 1
  expect(await servers(world)).toBe(0)
  // It stays believed, however late the next pass is.
  expect(await servers(world)).toBe(0)
})

test('while it holds, that is said', async () => {
  const world = await emptied('{}')
  const { diagnostics, compiled, plan } = await pass(world, { until: 'applied' })
  expect(diagnostics).toMatchObject([{ code: 'LG5005', severity: 'warning' }])
  expect(compiled?.capacities[0]).toMatchObject({ held: true, available: 2 })
  expect(plan).toEqual({ action: 'in-sync' })
})

test('an instance that comes back ends the hold, and the next one begins anew', async () => {
  const world = await emptied('{ policy: Hold, holdFor: 5m }')
  await servers(world)
  world.nowMs += 4 * MINUTE_MS
  world.answers = { api: answered }
  expect(await servers(world)).toBe(2)
  world.answers = {}
  world.nowMs += 4 * MINUTE_MS
  expect(await servers(world)).toBe(2)
})

test('a failed question neither ends the hold nor begins another', async () => {
  const world = await emptied('{ policy: Hold, holdFor: 5m }')
  await servers(world)
  world.nowMs += 6 * MINUTE_MS
  world.answers = { api: FAILED }
  expect(await servers(world)).toBe(2)
  world.answers = {}
  expect(await servers(world)).toBe(0)
})

test('ServiceUnavailable empties at once', async () => {
  const world = await emptied('{ policy: ServiceUnavailable }')
  const outcome = await pass(world, { until: 'applied' })
  expect(serversOf(outcome, 'api')).toEqual([])
  expect(outcome.diagnostics).toMatchObject([{ code: 'LG5001' }])
  expect(outcome.diagnostics[0]?.message).toContain('requests get 503')
})

test('Fallback sends the routes elsewhere at once, and back when an instance returns', async () => {
  const world = await emptied('{ policy: Fallback, fallbackRef: { name: sorry } }')
  const targets = async (): Promise<string | undefined> => {
    const { bundle } = await pass(world, { until: 'applied' })
    return bundle?.files.find((f) => f.name === 'web-targets.map')?.text
  }
  expect(await targets()).toBe('default/api/0/ sorry\n')
  world.answers = { api: answered, sorry: answered }
  expect(await targets()).toBe('default/api/0/ api\n')
})

test('instances that are all critical are a real 503, and nothing is held', async () => {
  const world = await emptied('{ policy: Hold }')
  const critical = instances.map((i) => ({ ...i, checks: [aCheck('critical')] }))
  world.answers = { api: { state: 'answered', instances: critical } }
  expect(await servers(world)).toBe(0)
})
