/** The only server of a Backend moves, while the old place goes on answering: once it has moved, nobody is asked there. */
import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { atLeast, parseVersion } from '../../src/model/version.ts'
import { makeDaemonSite, startDaemon, type DaemonSite } from '../daemon/rig.ts'
import { put } from '../daemon/services.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { startLoad } from './load.ts'
import { serversOfProcess } from './servers.ts'
import { laneOf, manifestsOf, TCP_CHECK } from './sites.ts'
import { startWeb, type Web } from './web.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

/** From 3.0 on a server that is told another address leaves the old one. */
const leavesAtOnce =
  haproxy !== undefined &&
  atLeast(parseVersion(execFileSync(haproxy, ['-v']).toString()) ?? '', '3.0')

/** Connections to the server are busy when it moves, and wanted again a little later. */
const STRENGTH = { clients: { fresh: 0, kept: 4, slow: 12 }, pauseMs: 30, slowMs: 20 }
const SOURCE = /source: .*/

interface Place {
  readonly kind: 'Consul' | 'static'
  readonly name: string
}

/** Consul, or a manifest, says that the server is there. */
async function place(site: DaemonSite, { kind, name }: Place, { port }: Web): Promise<void> {
  if (kind === 'Consul') return put(consul, { service: name, id: `${name}-1`, port })
  const servers = `[{ name: one, address: 127.0.0.1, port: ${port} }]`
  site.edit('manifests/site.yaml', (text) =>
    text.replace(SOURCE, `source: { static: { servers: ${servers} } }`),
  )
}

describe.skipIf(haproxy === undefined || shared === undefined)('a lone server', () => {
  // Consul's is another server, a name of a manifest's stays: up to 2.8 HAProxy takes that by a reload only.
  test.each([
    { kind: 'Consul', reloads: 0 },
    { kind: 'static', reloads: leavesAtOnce ? 0 : 1 },
  ] as const)('of $kind that moves', async ({ kind, reloads }) => {
    const name = `lone-${kind.toLowerCase()}`
    const [old, next] = [await startWeb(`${name}-old`), await startWeb(`${name}-next`)]
    const site = await makeDaemonSite(consul, manifestsOf([{ name, more: [TCP_CHECK] }]))
    await place(site, { kind, name }, old)
    const daemon = await startDaemon(site)
    await daemon.servers(name, 1)
    const load = startLoad([laneOf(name, site)], STRENGTH)
    await expect.poll(() => old.asked).toBeGreaterThan(50)
    await place(site, { kind, name }, next)
    const running = (): Promise<string[]> => serversOfProcess(site.path('m.sock'))
    const isIn = new RegExp(`:${next.port} [1-9]\\d* ready$`)
    await expect
      .poll(async () => (await running()).some((line) => isIn.test(line)), { timeout: 10_000 })
      .toBe(true)
    // What was on its way then, and one more request on each connection that clients keep.
    await pause(300)
    old.asked = 0
    next.asked = 0
    await pause(1500)
    const { failures } = await load.stop()
    expect(failures).toEqual([])
    expect(old.asked).toBe(0)
    expect(next.asked).toBeGreaterThan(50)
    expect((await site.seen()).reloads).toBe(reloads)
    if (reloads > 0) expect(daemon.log).toContain('would go on asking it at the old address')
  })
})
