/**
 * Reloads under load, one after the other: no request fails, on no connection, new or kept or slow. The same
 * without `option idle-close-on-response` must fail some, or the load could not tell.
 *
 * LEGATE_RELOADS is how many (25; LEGATE_SOAK=1: 300, and once more until 1,000 reloads and 1,000,000 requests
 * are full).
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inSoak, SOAK, tell } from '../daemon/durations.ts'
import { makeDaemonSite, startDaemon, type Changes, type DaemonSite } from '../daemon/rig.ts'
import { put } from '../daemon/services.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { ROOT } from '../tools/site.ts'
import { startLoad, type Load, type LoadResult } from './load.ts'
import { laneOf, manifestsOf, TCP_CHECK } from './sites.ts'
import { startWeb } from './web.ts'

const RELOADS = Number(process.env['LEGATE_RELOADS'] ?? inSoak(300, 25))
const CONTROL = inSoak(60, 20)
const SERVICES = ['first', 'second']
const STRENGTH = { clients: { fresh: 4, kept: 4, slow: 2 }, pauseMs: 2, slowMs: 1000 }
/** Nothing holds a reload back, and none is waited for longer than its proof takes. */
const HASTE: Changes = {
  haproxy: { settle: '300ms' },
  loop: {
    endpointQuiet: '10ms',
    reloadQuiet: '0ms',
    reloadMax: '1ms',
    reloadBurst: 100,
    reloadEvery: '1ms',
    oldWorkers: 1000,
  },
}

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

/** A timeout is of the structure: only a reload changes it. */
function manifests(round: number): ReturnType<typeof manifestsOf> {
  const more = [TCP_CHECK, `timeouts: { server: ${60_000 + round}ms }`]
  return manifestsOf(SERVICES.map((name) => ({ name, more })))
}

interface Run extends LoadResult {
  readonly reloads: number
}

/** Reloads for as long as is wished, under requests. */
async function reloadUnderLoad(
  settings: (site: DaemonSite) => Changes,
  goesOn: (reloads: number, load: Load) => boolean,
): Promise<Run> {
  const site = await makeDaemonSite(consul, manifests(0), HASTE)
  site.settings({ ...HASTE, ...settings(site) })
  const daemon = await startDaemon(site)
  await daemon.until((s) => s.sync === 'InSync')
  const load = startLoad(
    SERVICES.map((name) => laneOf(name, site)),
    STRENGTH,
  )
  const beganMs = performance.now()
  let reloads = 0
  try {
    while (goesOn(reloads, load)) {
      reloads += 1
      site.write('manifests/site.yaml', manifests(reloads)(site))
      await daemon.until((s) => s.sync === 'InSync' && s.haproxy?.reloads === reloads, 30_000)
    }
  } finally {
    // What goes wrong must not keep the requests going.
    await load.stop()
  }
  const result = await load.stop()
  const seconds = Math.round((performance.now() - beganMs) / 1000)
  tell(
    `${reloads} reloads in ${seconds} s, ${JSON.stringify(result.requests)} requests, ${result.failures.length} failed`,
  )
  expect((await site.seen()).reloads).toBe(reloads)
  expect((await daemon.stop()).code).toBe(0)
  return { ...result, reloads }
}

/** With the user's own template for `defaults`, which leaves the option out. */
function withoutOption(site: DaemonSite): Changes {
  const shipped = readFileSync(join(ROOT, 'templates/defaults.cfg.njk'), 'utf8')
  const without = shipped.replace(/^ *option idle-close-on-response\n/m, '')
  expect(without).not.toBe(shipped)
  mkdirSync(site.path('templates'))
  site.write('templates/defaults.cfg.njk', without)
  return { templates: 'templates' }
}

async function putServices(): Promise<void> {
  for (const service of SERVICES)
    for (const number of [1, 2, 3]) {
      const id = `${service}-${number}`
      await put(consul, { service, id, port: (await startWeb(id)).port })
    }
}

describe.skipIf(haproxy === undefined || shared === undefined)('reloads', () => {
  test(
    `${RELOADS} fail no request, and without idle-close-on-response some do`,
    { timeout: 60_000 + (RELOADS + CONTROL) * 5000 },
    async () => {
      await putServices()
      const proper = await reloadUnderLoad(
        () => ({}),
        (reloads) => reloads < RELOADS,
      )
      expect(proper.failures).toEqual([])
      for (const count of Object.values(proper.requests)) expect(count).toBeGreaterThan(RELOADS)

      const isEnough = ({ failed }: Load): boolean => !SOAK && failed > 2
      const control = await reloadUnderLoad(
        withoutOption,
        (reloads, load) => reloads < CONTROL && !isEnough(load),
      )
      expect(control.failures.length, 'the load is toothless').toBeGreaterThan(0)
    },
  )

  test.runIf(SOAK)(
    '1,000 under 1,000,000 requests fail none',
    { timeout: 90 * 60_000 },
    async () => {
      await putServices()
      const { failures } = await reloadUnderLoad(
        () => ({}),
        (reloads, { total, failed }) => failed === 0 && (reloads < 1000 || total < 1_000_000),
      )
      expect(failures).toEqual([])
    },
  )
})
