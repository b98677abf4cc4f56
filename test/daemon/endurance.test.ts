/** A daemon for as long as the test may take, with faults all the time, in a cluster that never rests, and in a large one. */
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
import { put, remove } from './services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

const ROUNDS = inSoak(3_000, 25)
/** After these everything that is kept for good is there. */
const WARM = inSoak(300, 10)
const LARGE = inSoak(10_000, 300)
const CHURN_MS = inSoak(60_000, 3_000)

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

function memoryOf(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024
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

  test(
    `${LARGE} instances that come and go: converges soon, answers all the time, memory is bounded`,
    { timeout: 900_000 },
    async () => {
      const app = 'large'
      await putWebs(consul, app, [1])
      const others = Array.from({ length: LARGE }, (_, i) => i)
      const add = (i: number): Promise<void> =>
        put(consul, {
          service: 'crowd',
          id: `crowd-${i}`,
          port: 1 + (i % 60_000),
          health: 'passing',
        })
      for (let i = 0; i < LARGE; i += 50) await Promise.all(others.slice(i, i + 50).map(add))
      const site = await makeDaemonSite(
        consul,
        (s) => plainFrontend(s) + consulBackend('app', app) + consulBackend('crowd', 'crowd'),
        { guards: { backendShare: 100, totalShare: 100 } },
      )
      const daemon = await startDaemon(site)
      await daemon.servers('crowd', LARGE, 120_000)
      const lags: number[] = []
      const seen = await underLoad(site, [only(app)], async () => {
        const state = { isOver: false }
        const look = async (): Promise<void> => {
          while (!state.isOver) {
            const askedMs = performance.now()
            await fetch(`http://${site.listen}/healthz`)
            lags.push(performance.now() - askedMs)
            await pause(20)
          }
        }
        const looking = look()
        const untilMs = performance.now() + CHURN_MS
        let changes = 0
        while (performance.now() < untilMs) {
          const batch = others.slice((changes * 7) % (LARGE - 10)).slice(0, 10)
          await Promise.all(batch.map((i) => remove(consul, `crowd-${i}`)))
          await Promise.all(batch.map(add))
          changes += 20
        }
        const endMs = performance.now()
        await add(LARGE)
        await daemon.servers('crowd', LARGE + 1, 60_000)
        const tookMs = performance.now() - endMs
        state.isOver = true
        await looking
        const lag = lags.toSorted((a, b) => a - b)[Math.floor(lags.length * 0.99)] ?? 0
        tell(
          `${LARGE} instances, ${changes} changes: converged after ${tookMs.toFixed(0)} ms, p99 of answers ${lag.toFixed(0)} ms, at most ${memoryOf(daemon.pid, 'VmHWM').toFixed(0)} MiB`,
        )
        expect(tookMs).toBeLessThan(10_000)
        expect(memoryOf(daemon.pid, 'VmHWM')).toBeLessThan(400)
        expect(lag).toBeLessThan(inSoak(200, 1_000))
      })
      expectClean(seen)
    },
  )
})
