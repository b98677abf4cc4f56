/** A daemon for as long as the test may take, with faults all the time, in a cluster that never rests. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { descriptorsOf, gaugeAt, heapAfterCollection } from '../churn/gauge.ts'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { inSoak, tell } from './durations.ts'
import { makeFaultProxy } from './fault-proxy.ts'
import type { Daemon } from './rig.ts'
import {
  expectClean,
  expectNoDrift,
  makeDaemonSite,
  only,
  putWebs,
  startDaemon,
  underLoad,
} from './rig.ts'
import { put } from './services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

const ROUNDS = inSoak(3_000, 25)
/** After these everything that is kept for good is there. */
const WARM = inSoak(300, 10)

async function passesOf(daemon: Daemon): Promise<number> {
  const { passes } = await daemon.status()
  return Object.values(passes).reduce((sum, count) => sum + count, 0)
}

/** Children that have ended and nobody has asked about. */
function zombiesOf(pid: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [, state, parent] =
          /\) (\S) (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
        return state === 'Z' && Number(parent) === pid
      } catch {
        return false
      }
    })
}

describe.skipIf(haproxy === undefined || shared === undefined)('for long', () => {
  test(
    `${ROUNDS} rounds of five, one with a fault: no descriptor, no child and no memory is left`,
    { timeout: ROUNDS * 1_500 + 60_000 },
    async () => {
      const app = 'rounds'
      const proxy = await makeFaultProxy(consul.address)
      const [port = 0] = await putWebs(consul, app, [1, 2])
      const site = await makeDaemonSite(
        proxy,
        (s) => plainFrontend(s) + consulBackend('app', app),
        {
          loop: { endpointQuiet: '10ms', endpointMax: '50ms' },
          templates: 'templates',
        },
      )
      site.write('templates/README', '')
      const good = site.read('manifests/site.yaml')
      const gauge = site.path('g.sock')
      const daemon = await startDaemon(site, { env: gaugeAt(gauge) })
      await daemon.servers('app', 2)
      const faults = [
        () => proxy.spoil('status-500'),
        () => site.write('manifests/site.yaml', good.replace('rules:', 'rulez:')),
        () => proxy.spoil('refused'),
        () => site.write('templates/backend.cfg.njk', 'backend {{ nobody }}\n'),
        () => proxy.spoil('truncated'),
      ]
      const round = async (i: number): Promise<void> => {
        const health = i % 2 === 0 ? 'critical' : 'passing'
        await put(consul, { service: app, id: `${app}-1`, port, health })
        for (const _ of [1, 2, 3]) {
          daemon.signal('SIGHUP')
          await pause(80)
        }
        faults[i % faults.length]?.()
        await pause(100)
        proxy.heal()
        site.write('manifests/site.yaml', good)
        rmSync(site.path('templates/backend.cfg.njk'), { force: true })
        await pause(20)
      }
      const rest = async (): Promise<void> => {
        await put(consul, { service: app, id: `${app}-1`, port })
        await daemon.servers('app', 2, 30_000)
        await pause(1_000)
      }
      const seen = await underLoad(site, [only(app)], async () => {
        for (let i = 0; i < WARM; i += 1) await round(i)
        await rest()
        const before = {
          open: descriptorsOf(daemon.pid),
          heap: await heapAfterCollection(gauge),
          passes: await passesOf(daemon),
        }
        for (let i = WARM; i < ROUNDS; i += 1) await round(i)
        await rest()
        const passes = (await passesOf(daemon)) - before.passes
        const grown = (await heapAfterCollection(gauge)) - before.heap
        tell(
          `${passes} passes: heap ${(before.heap / 1e6).toFixed(1)} MB and ${(grown / 1e3).toFixed(0)} kB more`,
        )
        await expect.poll(() => descriptorsOf(daemon.pid), { timeout: 10_000 }).toEqual(before.open)
        expect(grown).toBeLessThan(before.heap / 10)
        expect(passes).toBeGreaterThan((ROUNDS - WARM) * 2)
      })
      expectClean(seen)
      expect(zombiesOf(daemon.pid)).toEqual([])
      await expectNoDrift(site)
    },
  )
})
