/** A daemon with ten thousand instances of one service that come and go as fast as the machine lets them. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { inSoak, tell } from './durations.ts'
import { expectClean, makeDaemonSite, only, putWebs, startDaemon, underLoad } from './rig.ts'
import { put, remove } from './services.ts'

const shared = await shareConsul({ mode: 'server' })
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

const LARGE = inSoak(10_000, 300)
const CHURN_MS = inSoak(60_000, 3_000)
const LOOP_DELAY = new URL('../bench/children/loop-delay.mjs', import.meta.url).href

interface LoopDelay {
  /** Without the time in which other processes had all cores. */
  readonly p99Ms: number
  readonly wallP99Ms: number
}

async function loopDelay(socketPath: string): Promise<LoopDelay> {
  return JSON.parse(await text(connect(socketPath))) as LoopDelay
}

describe.skipIf(haproxy === undefined || shared === undefined)('a large cluster', () => {
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
      const delaySocket = site.path('d.sock')
      const daemon = await startDaemon(site, {
        env: { NODE_OPTIONS: `--import ${LOOP_DELAY}`, LEGATE_LOOP_DELAY: delaySocket },
      })
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
        await loopDelay(delaySocket)
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
        const answered = lags.toSorted((a, b) => a - b)[Math.floor(lags.length * 0.99)] ?? 0
        const { p99Ms, wallP99Ms } = await loopDelay(delaySocket)
        tell(
          `${LARGE} instances, ${changes} changes: converged after ${tookMs.toFixed(0)} ms, at most ${daemon.peakMemoryMiB.toFixed(0)} MiB; p99 of the event loop ${p99Ms.toFixed(0)} ms (${wallP99Ms.toFixed(0)} by the wall), of answers ${answered.toFixed(0)} ms`,
        )
        expect(tookMs).toBeLessThan(10_000)
        expect(daemon.peakMemoryMiB).toBeLessThan(400)
        expect(p99Ms).toBeLessThan(200)
        expect(answered).toBeLessThan(1_000)
      })
      expectClean(seen)
    },
  )
})
