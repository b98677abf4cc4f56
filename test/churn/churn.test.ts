/**
 * Services that change as fast as Consul takes it, for long: HAProxy ends up with what Consul says, changes
 * share passes, and nothing piles up in the daemon.
 *
 * LEGATE_CHANGES is how many (1,000; LEGATE_SOAK=1: 10,000), LEGATE_CHURN_SEED repeats those of an earlier test.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { runCommands } from '../../src/haproxy/cli.ts'
import { startDaemon, makeDaemonSite, type Daemon, type DaemonSite } from '../daemon/rig.ts'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { SERVICES, startChurn } from './changes.ts'
import { descriptorsOf, gaugeAt, heapAfterCollection } from './gauge.ts'

const isSoak = process.env['LEGATE_SOAK'] === '1'
const CHANGES = Number(process.env['LEGATE_CHANGES'] ?? (isSoak ? 10_000 : 1000))
/** After these everything that is kept for good is there. */
const FIRST = isSoak ? 1000 : 200
/** Of a short run a part is what comes once and stays. */
const MOST_GROWTH = isSoak ? 1.1 : 1.2
const SEED = Number(process.env['LEGATE_CHURN_SEED'] ?? Date.now() % 1_000_000)
/** Reloads are rationed, and servers that leave in numbers are held for a while. */
const CALM_MS = 60_000

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

function manifests(place: { readonly port: number }): string {
  const backends = SERVICES.map((service) => consulBackend(service, service))
  return plainFrontend(place).replace('name: app', `name: ${SERVICES[0]}`) + backends.join('')
}

/** `<service> <port> <weight>` of all that may get requests. */
async function wanted(): Promise<string[]> {
  const lists = await Promise.all(
    SERVICES.map(async (service) => {
      const entries = await consul.call('GET', `/v1/health/service/${service}?passing`)
      return (entries as Entry[]).map(({ Service: { Port, Weights } }) => ({
        service,
        Port,
        Weights,
      }))
    }),
  )
  return lists
    .flatMap((list) =>
      list.map(({ service, Port, Weights }) => {
        // Alone, it weighs what every server weighs where all are equal.
        const weight = list.length === 1 ? 100 : Weights.Passing
        return `${service} ${Port} ${weight}`
      }),
    )
    .toSorted()
}

interface Entry {
  readonly Service: { readonly Port: number; readonly Weights: { readonly Passing: number } }
}

/** The same of HAProxy. */
async function served(site: DaemonSite): Promise<string[]> {
  const socket = site.path('m.sock')
  const answers = await runCommands(socket, ['show servers state'], {
    target: '@1',
    timeoutMs: 5000,
  })
  const [, heading = '', ...lines] = (answers.ok ? (answers.value[0] ?? '') : '').trim().split('\n')
  const names = heading.replace('# ', '').split(' ')
  const rows = lines.map((line) => new Map(line.split(' ').map((cell, i) => [names[i], cell])))
  const cells = (row: ReadonlyMap<string | undefined, string>): string =>
    ['be_name', 'srv_port', 'srv_uweight'].map((name) => row.get(name)).join(' ')
  return rows
    .filter((row) => row.get('srv_admin_state') === '0')
    .map(cells)
    .toSorted()
}

async function untilEqual(site: DaemonSite, daemon: Daemon): Promise<void> {
  const expected = await wanted()
  await expect.poll(() => served(site), { timeout: CALM_MS, interval: 100 }).toEqual(expected)
  await daemon.until(({ sync }) => sync === 'InSync', CALM_MS)
}

async function passesOf(daemon: Daemon): Promise<number> {
  const { passes } = await daemon.status()
  return Object.values(passes).reduce((sum, count) => sum + count, 0)
}

/** What this test has asked is over. */
const REST_MS = 5000

describe.skipIf(haproxy === undefined || shared === undefined)(`${CHANGES} changes`, () => {
  test(`with seed ${SEED}`, { timeout: 3 * CALM_MS + CHANGES * 50 }, async () => {
    const site = await makeDaemonSite(consul, manifests)
    const gauge = site.path('g.sock')
    const churn = await startChurn(consul, SEED)
    const daemon = await startDaemon(site, { env: gaugeAt(gauge) })
    // Changes that came before the start would be in the file, and bring nothing of what the others need.
    await untilEqual(site, daemon)
    await churn.run(FIRST)
    await untilEqual(site, daemon)
    await pause(REST_MS)
    const open = descriptorsOf(daemon.pid)
    const heapBefore = await heapAfterCollection(gauge)
    const passesBefore = await passesOf(daemon)
    const startMs = performance.now()

    await churn.run(CHANGES - FIRST)
    const seconds = (performance.now() - startMs) / 1000
    await untilEqual(site, daemon)
    const passes = (await passesOf(daemon)) - passesBefore
    const heap = await heapAfterCollection(gauge)

    const rate = Math.round((CHANGES - FIRST) / seconds)
    const grown = `${(heapBefore / 1e6).toFixed(1)} MB before, ${(heap / 1e6).toFixed(1)} MB after`
    process.stderr.write(
      `${CHANGES} changes, LEGATE_CHURN_SEED=${SEED}: ${rate} a second, ${passes} passes; heap ${grown}\n`,
    )
    expect(passes).toBeLessThanOrEqual((CHANGES - FIRST) / 10)
    expect(heap).toBeLessThan(heapBefore * MOST_GROWTH)
    await expect.poll(() => descriptorsOf(daemon.pid), { timeout: 10_000 }).toEqual(open)
    expect((await daemon.stop()).code).toBe(0)
  })
})
