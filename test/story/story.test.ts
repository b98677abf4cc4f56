/** The story this project began with, in 2014: one of two instances dies. Nobody noticed then; now everybody is told. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { only, serversIn, underLoad, type Seen } from '../daemon/rig.ts'
import { haproxy, shareConsul, until } from '../e2e/rig.ts'
import { emptyPanels } from '../prometheus/dashboard.ts'
import { promtool, runPromtool } from '../prometheus/promtool.ts'
import { prometheus } from '../prometheus/rig.ts'
import { CHECK_MS, GATHER_MS, layOut, makeScene, startInstance, type Scene } from './scene.ts'
import { alertUntil, lookEverywhere, pageOf } from './surfaces.ts'

const consul = await shareConsul()
const parts = [consul, haproxy, prometheus, promtool]

/** An answer may take so long to be read. */
const UNDER_WAY_MS = 250

const WELL = {
  haproxy: 2,
  page: 'In sync',
  terminal: '2 of 2  Healthy',
  available: 2,
  conditions: ['Healthy'],
  alerts: [],
}
const DEGRADED = {
  haproxy: 1,
  page: 'In sync, degraded',
  terminal: '1 of 2  BelowDesired',
  available: 1,
  conditions: ['BelowDesired'],
  alerts: ['LegateBackendBelowDesired firing'],
}

describe.skipIf(parts.includes(undefined))('the story', () => {
  test('one of two dies: HAProxy leaves it, all say so, one message; it returns: all is over, one message', async () => {
    if (consul === undefined) throw new Error('no Consul')
    const scene = await makeScene(consul)
    const [, victim] = scene.instances
    const watched = watchStatus(scene)
    let [diedMs, leftMs] = [0, 0]

    const seen = await underLoad(scene.site, [only('api')], async () => {
      const beganMs = performance.now()
      expect(await lookEverywhere(scene)).toEqual(WELL)

      const died = new Date()
      diedMs = performance.now() - beganMs
      victim.child.kill('SIGKILL')
      await until(async () => (await serversIn(scene.site)) === 1)
      leftMs = performance.now() - beganMs
      expect(leftMs - diedMs).toBeLessThan(CHECK_MS + 2000)
      const corpse = await layOut(victim.port)
      expect(await alertUntil(scene, 'firing')).toEqual(['pending', 'firing'])
      expect(await lookEverywhere(scene)).toEqual(DEGRADED)
      await expectWhenAndWhy(scene, died)
      await expectData(scene)
      expect(scene.ops.got).toHaveLength(1)

      expect(corpse.asked).toEqual([])
      await corpse.bury()
      await startInstance(victim.id, victim.port)
      await alertUntil(scene, 'inactive')
      await until(async () => (await serversIn(scene.site)) === 2)
      expect(await lookEverywhere(scene)).toEqual(WELL)
      await expectActions(scene)
    })

    expectServed(seen, diedMs, leftMs)
    expect(await watched).toMatch(/ 2 of 2 .* 1 of 2 .* 2 of 2 /s)
    await expectTwoMessages(scene)
    expect(await scene.daemon.stop()).toMatchObject({ code: 0 })
  })
})

/** What `legate status --watch` prints until it has seen the end of the story. */
async function watchStatus({ site }: Scene): Promise<string> {
  const { stdout } = await site.run(['status', '--watch'], {
    onStart: (child) => {
      let said = ''
      child.stdout?.on('data', (chunk: string) => {
        said += chunk
        if (/ 1 of 2 .* 2 of 2 /s.test(said)) child.kill('SIGTERM')
      })
    },
  })
  return stdout
}

/** On the page, in the terminal and where a request goes: since it died, and the check that says so by its name. */
async function expectWhenAndWhy({ site, daemon, instances }: Scene, died: Date): Promise<void> {
  const [alive, { port }] = instances
  const why = `api-2 on legate-test (127.0.0.1:${port}) is critical: check "answers"`
  const { stdout } = await site.legate('status')
  const [, since = ''] = /app +1 of 2 +BelowDesired since (\S+)\n/.exec(stdout) ?? []
  expect(stdout).toContain(`${since}\n    ${why}\n`)
  expect(stdout).toMatch(/^InSync since \S+\n    1 of 1 backend is in trouble\n/)
  const afterMs = Date.parse(since) - died.getTime()
  expect([afterMs >= 0, afterMs < CHECK_MS + 2000]).toEqual([true, true])

  const page = (await pageOf(site.listen, '/')).replaceAll(/\s+/g, ' ')
  expect(page).toMatch(/ 1 of 2 servers ?<\/h3>/)
  expect(page).toContain(`<p>since <time datetime="${since}">`)
  expect(page).toContain(`<li>${why.replaceAll('"', '&quot;')}</li>`)
  expect(page).toContain(`process ${daemon.pid},`)

  const explained = await site.legate('explain', `http://127.0.0.1:${site.port}/x`)
  const servers = [...explained.stdout.matchAll(/^ +i-[\w-]+ {2}127\.0\.0\.1:(\d+) {2}weight/gm)]
  expect(servers.map(([, at]) => Number(at))).toEqual([alive.port])
}

/** Each panel of the dashboard has data, and the alert says whom it is about. */
async function expectData({ site, daemon, prometheus: server }: Scene): Promise<void> {
  const [alert] = await server.alerts()
  expect(alert?.labels).toMatchObject({ backend: 'default/app', instance: site.listen })
  const unhealthy = 'legate_backend_servers{backend="default/app",state="unhealthy"}'
  expect((await server.query(unhealthy))[0]?.value[1]).toBe('1')
  expect(await emptyPanels(server)).toEqual([])
  const checked = await runPromtool(['check', 'metrics'], await daemon.metrics())
  expect(checked).toEqual({ code: 0, said: '' })
}

/** What was done about the return is on the page, with its difference. */
async function expectActions({ site, daemon, instances }: Scene): Promise<void> {
  const [last] = (await daemon.status()).actions
  const page = await pageOf(site.listen, `/actions/${last?.id ?? 0}`)
  expect(page).toMatch(
    new RegExp(`class="add">\\+ +server i-[\\w-]+ 127\\.0\\.0\\.1:${instances[1].port} `),
  )
}

/**
 * Who asks gets an answer, from one that lives: HAProxy sends a request that its server does not take to another one
 * (Redispatch). All that may be lost are requests that were with the dead one at that moment, at most one on each of the
 * two connections, because nobody knows whether it has acted on them. HAProxy says so by 502, or on a kept connection by
 * closing it: clients take that as a word to ask again.
 */
function expectServed(seen: Seen, diedMs: number, leftMs: number): void {
  expect(seen.requests).toBeGreaterThan(200)
  expect(seen.failures.length).toBeLessThanOrEqual(2)
  for (const failure of seen.failures) {
    expect(failure).toMatch(/ms, (new: status 502|kept: (status 502|ECONNRESET))$/)
    const atMs = Number.parseInt(failure, 10)
    const isThen = atMs >= Math.floor(diedMs) && atMs <= leftMs + UNDER_WAY_MS
    expect({ failure, isThen }).toEqual({ failure, isThen: true })
  }
  expect(seen).toMatchObject({ refused: [], reloads: 0 })
}

async function expectTwoMessages({ ops }: Scene): Promise<void> {
  await until(() => ops.got.length >= 2)
  // Whatever there is to say besides would be said by then.
  await pause(2 * GATHER_MS)
  const told = ops.got.map(({ notices }) =>
    notices.map(({ topic, object, reason, state }) => ({ topic, object, reason, state })),
  )
  const about = { topic: 'Capacity', object: 'Backend/default/app' }
  expect(told).toEqual([
    [{ ...about, reason: 'BackendBelowDesired', state: 'Problem' }],
    [{ ...about, reason: 'BackendRecovered', state: 'Recovery' }],
  ])
  expect(ops.got[0]?.notices[0]?.message).toMatch(/1 of 2 servers: api-2 on .*check "answers"/)
  expect(ops.isSigned).toEqual([true, true])
}
