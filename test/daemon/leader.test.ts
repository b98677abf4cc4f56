/** Three Consul servers lose their leader, then their quorum: the daemon asks the one that is left, and HAProxy goes on. */
import { statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { RealServer } from '../consul/real-agent.ts'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy } from '../e2e/rig.ts'
import { startWeb } from '../e2e/web.ts'
import { findConsul } from '../tools/binaries.ts'
import { inSoak } from './durations.ts'
import { expectClean, makeDaemonSite, only, putWebs, startDaemon, underLoad } from './rig.ts'
import { put } from './services.ts'

const binary = await findConsul({ fetch: true })
/** How long nobody leads. */
const LOST_MS = inSoak(60_000, 2_000)

/** One that does not lead, and the others with the leader last. */
async function startCluster(consul: string): Promise<[RealServer, RealServer[]]> {
  const servers: RealServer[] = []
  for (let i = 0; i < 3; i += 1)
    servers.push(await RealServer.start({ binary: consul, join: { servers: 3, others: servers } }))
  await Promise.all(servers.map((server) => server.untilItLeads()))
  const leader = await servers[0]?.leader()
  const [asked, ...others] = servers.toSorted(
    (a, b) => Number(a.rpc === leader) - Number(b.rpc === leader),
  )
  if (asked === undefined) throw new Error('no servers')
  return [asked, others]
}

describe.skipIf(haproxy === undefined || binary === undefined)('Consul', () => {
  test(
    'loses its leader, then its quorum: nothing is applied, and it heals',
    {
      timeout: LOST_MS + 120_000,
    },
    async () => {
      const app = 'leader'
      const [asked, [follower, leader]] = await startCluster(binary ?? '')
      await putWebs(asked, app, [1, 2])
      const site = await makeDaemonSite(
        asked,
        (s) => plainFrontend(s) + consulBackend('app', app),
        {
          // A server that was elected and then loses its quorum holds the questions it has until their wait is over.
          consul: { timeout: '8s', wait: '2s' },
        },
      )
      const daemon = await startDaemon(site)
      await daemon.servers('app', 2)
      const seen = await underLoad(site, [only(app)], async () => {
        const { ino, mtimeMs } = statSync(site.configFile)
        const before = { ino, mtimeMs, ...(await site.seen()) }
        await leader?.kill()
        await asked.untilItLeads({ other: leader?.rpc ?? '' })
        await follower?.kill()
        await daemon.until((s) => s.consul.failing.length === 1, 30_000)
        await pause(LOST_MS)
        const now = statSync(site.configFile)
        expect({ ino: now.ino, mtimeMs: now.mtimeMs, ...(await site.seen()) }).toEqual(before)
        expect((await daemon.status()).backends[0]).toMatchObject({ available: 2, held: false })
        await follower?.restart()
        await leader?.restart()
        await asked.untilItLeads()
        const port = await startWeb(`${app}-3`)
        const added = (): Promise<boolean> =>
          put(asked, { service: app, id: `${app}-3`, port }).then(
            () => true,
            () => false,
          )
        // The servers find each other again.
        await expect.poll(added, { timeout: 30_000 }).toBe(true)
        await daemon.servers('app', 3, 30_000)
      })
      expectClean(seen)
      expect(seen.changes).toBe(1)
    },
  )
})
