/**
 * Endpoints that change under load, one after the other: no reload, no failed request, and in the end Consul,
 * the process and the file say the same.
 *
 * LEGATE_ENDPOINT_CHANGES is how many (200; LEGATE_SOAK=1: 1,000), LEGATE_ENDPOINT_SEED repeats those of an
 * earlier test.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { inSoak, tell } from '../daemon/durations.ts'
import { makeDaemonSite, startDaemon, type Daemon, type DaemonSite } from '../daemon/rig.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { startChanges, type Changes } from './changes.ts'
import { startLoad } from './load.ts'
import { serversOfConsul, serversOfFile, serversOfProcess, withoutNames } from './servers.ts'
import { laneOf, manifestsOf } from './sites.ts'

const CHANGES = Number(process.env['LEGATE_ENDPOINT_CHANGES'] ?? inSoak(1000, 200))
const SEED = Number(process.env['LEGATE_ENDPOINT_SEED'] ?? Date.now() % 1_000_000)
/** Beyond the time that the daemon gathers changes, so that each is carried out and not made up for by the next. */
const PAUSE_MS = 60
const SERVICES = ['one', 'two']

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

/** Nobody is on the way, and all three agree. */
async function expectSettled(site: DaemonSite, daemon: Daemon): Promise<void> {
  const wanted = await serversOfConsul(consul, SERVICES)
  const running = (): Promise<string[]> => serversOfProcess(site.path('m.sock'))
  await expect
    .poll(async () => withoutNames(await running()), { timeout: 20_000, interval: 100 })
    .toEqual(wanted)
  await daemon.until((s) => s.sync === 'InSync' && s.waiting.length === 0)
  await expect.poll(() => serversOfFile(site.configFile)).toEqual(await running())
  expect(await serversOfConsul(consul, SERVICES)).toEqual(wanted)
}

/** Who is asked from now on is in Consul, and nobody who is there is left out. */
async function expectAsked({ webs, present }: Changes): Promise<void> {
  // What was asked before has had its answer.
  await pause(SLOW_MS)
  for (const web of webs) web.asked = 0
  const here = present().map(({ name }) => name)
  const asked = (): string[] => webs.filter((web) => web.asked > 0).map(({ name }) => name)
  await expect.poll(asked, { timeout: 10_000 }).toEqual(expect.arrayContaining(here))
  expect(asked().toSorted()).toEqual(here.toSorted())
}

const SLOW_MS = 500
const STRENGTH = { clients: { fresh: 2, kept: 3, slow: 4 }, pauseMs: 8, slowMs: SLOW_MS }

describe.skipIf(haproxy === undefined || shared === undefined)(`${CHANGES} changes`, () => {
  test(`with seed ${SEED}`, { timeout: 90_000 + CHANGES * 250 }, async () => {
    const changes = await startChanges(consul, SERVICES, SEED)
    const site = await makeDaemonSite(consul, manifestsOf(SERVICES.map((name) => ({ name }))), {
      guards: { backendShare: 100, totalShare: 100 },
      loop: { endpointQuiet: '20ms' },
    })
    const daemon = await startDaemon(site)
    await daemon.until((s) => s.sync === 'InSync')
    await expectSettled(site, daemon)
    const before = await site.seen()
    const load = startLoad(
      SERVICES.map((name) => laneOf(name, site)),
      STRENGTH,
    )
    const counts: Record<string, number> = {}
    try {
      for (let done = 0; done < CHANGES; done += 1) {
        const kind = await changes.next()
        counts[kind] = (counts[kind] ?? 0) + 1
        await pause(PAUSE_MS)
      }
      await expectSettled(site, daemon)
      await expectAsked(changes)
    } finally {
      // What goes wrong must not keep the requests going.
      await load.stop()
    }
    const { requests, failures } = await load.stop()
    const commands = await commandsOf(daemon)
    tell(
      `${CHANGES} endpoint changes, LEGATE_ENDPOINT_SEED=${SEED}: ${JSON.stringify(counts)}, ` +
        `commands ${JSON.stringify(commands)}; ${JSON.stringify(requests)} requests, ${failures.length} failed`,
    )
    expect(failures).toEqual([])
    expect(await site.seen()).toEqual(before)
    expect(Object.keys(counts)).toHaveLength(6)
    // Most were made one by one, and not made up for by the next one.
    const made = Object.values(commands).reduce((sum, count) => sum + count, 0)
    expect(made).toBeGreaterThan(CHANGES / 2)
    expect(load.total).toBeGreaterThan(CHANGES * 10)
    expect((await daemon.stop()).code).toBe(0)
  })
})

/** Changes made in the process, by kind and result. */
async function commandsOf(daemon: Daemon): Promise<Record<string, number>> {
  const lines = (await daemon.metrics()).matchAll(
    /^legate_runtime_commands_total\{([^}]*)\} (\d+)$/gm,
  )
  return Object.fromEntries(
    [...lines].map(([, labels = '', count]) => [labels.replaceAll(/\w+=|"/g, ''), Number(count)]),
  )
}
