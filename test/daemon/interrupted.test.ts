/** Daemons that are told to end, or die, at every step of a change, and many that want the same target: what is left is whole, and the next one heals. */
import { rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Failpoint } from '../../src/haproxy/failpoint.ts'
import { backend, plainFrontend, staticBackend } from '../e2e/manifests.ts'
import { haproxy } from '../e2e/rig.ts'
import { startWeb } from '../e2e/web.ts'
import { inSoak } from './durations.ts'
import type { Daemon, DaemonSite, Seen } from './rig.ts'
import { expectClean, expectNoDrift, makeDaemonSite, only, startDaemon, underLoad } from './rig.ts'

const NO_CONSUL = { address: 'http://127.0.0.1:9' }
const POINTS: readonly Failpoint[] = [
  'in-pass',
  'after-maps',
  'before-rename',
  'after-rename',
  'after-reload',
  'after-proof',
]
const STAYS_MS = 700

async function makeStaticSite(app: string): Promise<DaemonSite> {
  const port = await startWeb(`${app}-1`)
  return makeDaemonSite(NO_CONSUL, (s) => plainFrontend(s) + staticBackend('app', { one: port }), {
    lockWait: '30s',
    guards: { totalShare: 100 },
  })
}

/** A change of structure: one more Backend, with this name only. */
function change(site: DaemonSite, name: string): void {
  const source = 'source: { static: { servers: [{ name: one, address: 127.0.0.1, port: 9 }] } }'
  site.write('manifests/more.yaml', backend(name, [source]).slice('---\n'.length))
}

/** It stays for a while at each of the points while the file `armed` is there, and writes down where it is. */
function failpoints(site: DaemonSite, points: string): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'test',
    LEGATE_FAILPOINTS: points,
    LEGATE_FAILPOINTS_WHILE: site.path('armed'),
  }
}

async function isInForce(daemon: Daemon, name: string): Promise<void> {
  await daemon.until(
    (s) => s.sync === 'InSync' && s.backends.some((b) => b.resource.endsWith(`/${name}`)),
    15_000,
  )
}

const ENDS = ['SIGTERM', 'SIGKILL', 'SIGTERM twice'] as const
/** Kills of single passes at each step are in every run of test/e2e/kill.test.ts. */
const STEPS: Readonly<Record<(typeof ENDS)[number], readonly Failpoint[]>> = {
  SIGTERM: POINTS,
  SIGKILL: inSoak(POINTS, ['after-maps', 'after-rename', 'after-reload']),
  'SIGTERM twice': inSoak(POINTS, ['before-rename', 'after-rename']),
}

async function endWithin(daemon: Daemon, how: (typeof ENDS)[number]): Promise<void> {
  daemon.signal(how === 'SIGKILL' ? 'SIGKILL' : 'SIGTERM')
  if (how === 'SIGTERM twice') {
    await pause(30)
    daemon.signal('SIGTERM')
  }
  const { code, signal } = await daemon.ended()
  // What has begun is brought to its end by the first, and by nothing else.
  if (how === 'SIGTERM') expect(code).toBe(0)
  if (how === 'SIGKILL') expect(signal).toBe('SIGKILL')
}

/** At each of the steps in turn; the next daemon is left alone. */
async function endAtEachStep(how: (typeof ENDS)[number]): Promise<Seen> {
  const app = `each-step-${how.toLowerCase().replace(' ', '-')}`
  const site = await makeStaticSite(app)
  const first = await startDaemon(site)
  await first.servers('app', 1)
  await first.stop()
  const seen = await underLoad(site, [only(app)], async () => {
    for (const [i, point] of STEPS[how].entries()) {
      const env = failpoints(site, `${point}:sleep(${STAYS_MS})`)
      const daemon = await startDaemon(site, { env })
      await daemon.until((s) => s.sync === 'InSync')
      writeFileSync(site.path('armed'), '')
      change(site, `step-${i}`)
      await pause(400)
      await endWithin(daemon, how)
      rmSync(site.path('armed'))
      const next = await startDaemon(site)
      await isInForce(next, `step-${i}`)
      expect((await next.stop()).code).toBe(0)
    }
  })
  const last = await startDaemon(site)
  change(site, 'last')
  await isInForce(last, 'last')
  await last.stop()
  // Nothing is left half.
  const left = [...site.files().keys()].filter((name) => /\.tmp$|previous|rejected/.test(name))
  expect(left).toEqual([])
  await expectNoDrift(site)
  return seen
}

describe.skipIf(haproxy === undefined)('a daemon', () => {
  test(
    'told to end, ended at once or killed at each step of a change: the next one finishes it',
    {
      timeout: 180_000,
    },
    async () => {
      const [ended, killed, hurried] = await Promise.all(ENDS.map(endAtEachStep))
      for (const seen of [ended, killed, hurried])
        // A reload that was begun is begun anew by who does not know whether it was.
        if (seen !== undefined) expectClean(seen, seen === ended ? 0 : POINTS.length)
      expect(ended?.changes).toBe(POINTS.length)
    },
  )

  test('many at once: one works, the others wait; each that is killed is followed by one', async () => {
    const app = 'many'
    const site = await makeStaticSite(app)
    const first = await startDaemon(site)
    await first.servers('app', 1)
    const others: Daemon[] = []
    for (let i = 1; i < inSoak(10, 4); i += 1) others.push(await startDaemon(site))
    const all = [first, ...others]
    const worksNow = async (): Promise<number> => (await first.status()).legate.pid
    const seen = await underLoad(site, [only(app)], async () => {
      for (let left = all.length; left > 1; left -= 1) {
        const pid = await worksNow()
        const working = all.find((daemon) => daemon.pid === pid)
        await working?.kill()
        const killedMs = performance.now()
        await expect.poll(() => worksNow().catch(() => pid), { timeout: 10_000 }).not.toBe(pid)
        expect(performance.now() - killedMs).toBeLessThan(2000)
        change(site, `left-${left}`)
        await isInForce(first, `left-${left}`)
      }
    })
    expectClean(seen)
    // One wrote at a time: each of the changes once.
    expect(seen.changes).toBe(all.length - 1)
  })
})
