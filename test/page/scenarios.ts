/** The states that a person may find the page in. */
import type { Actual } from '../../src/model/actual.ts'
import type { Answer } from '../../src/model/catalog.ts'
import type { Failure } from '../../src/model/failure.ts'
import type { ReferencedFiles } from '../../src/model/snapshot.ts'
import { FAILED } from '../reconcile/fake-world.ts'
import type { PageSite } from './site.ts'
import { answerOf, EXAMPLE, makePageSite } from './site.ts'

const HEALTHY: Readonly<Record<string, Answer>> = {
  api: answerOf('api', 2),
  'api-next': answerOf('api-next', 1),
  web: answerOf('web', 3),
}

/** Long enough that the times differ. */
const LATER_MS = 95_000

export async function inSync(): Promise<PageSite> {
  const site = await makePageSite(EXAMPLE, { answers: HEALTHY, files: FILES })
  site.see = checked
  await site.pass('start')
  await site.clock.advance(LATER_MS)
  site.world.answers = { ...HEALTHY, web: answerOf('web', 4) }
  await site.pass('Consul service web')
  await site.clock.advance(LATER_MS)
  await site.pass('a look')
  return site
}

/** Half of the api is gone, as in 2014; and somebody is told. */
export async function degraded(): Promise<PageSite> {
  const site = await inSync()
  site.world.answers = { ...HEALTHY, api: answerOf('api', 2, [2]), web: answerOf('web', 4) }
  await site.pass('Consul service api')
  await site.clock.advance(LATER_MS)
  await site.pass('a look')
  return site
}

/** Somebody has edited the file, and Legate is told to leave it. */
export async function drifted(): Promise<PageSite> {
  const site = await inSync()
  Object.assign(site.world, { planRules: { ...site.world.planRules, file: 'Report' } })
  site.see = (actual) => ({ ...checked(actual), config: edited(actual.config) })
  await site.clock.advance(LATER_MS)
  await site.pass('a look')
  return site
}

/** A commit that cannot be used: the last good one stays. */
export async function rejected(): Promise<PageSite> {
  const site = await inSync()
  const wrong = EXAMPLE.replace(
    'backendRefs: [{ name: web }]',
    'backendRefs: [{ name: wbe }]',
  ).replace('capacity:', 'capacty:')
  site.world.sources = [{ path: 'manifests/site.yaml', text: wrong }]
  await site.clock.advance(LATER_MS)
  await site.pass('files')
  await site.pass('files')
  return site
}

/** Somebody works on it; meanwhile an instance leaves. */
export async function suspended(): Promise<PageSite> {
  const site = await inSync()
  const reason = 'the cabling of rack 4'
  site.suspended = { by: 'anna@lb-1', at: '2026-01-01T00:03:00.000Z', reason }
  site.world.answers = { ...HEALTHY, web: answerOf('web', 4, [3]) }
  await site.clock.advance(LATER_MS)
  await site.pass('Consul service web')
  return site
}

/** Consul does not answer about one service, and HAProxy does not take a change. */
export async function failing(): Promise<PageSite> {
  const site = await inSync()
  site.world.answers = { ...site.world.answers, api: FAILED }
  const failure: Failure = {
    reason: 'reload-failed',
    message: 'the new worker did not show its stamp within 60 s',
    hint: 'see what HAProxy logs',
    transient: true,
  }
  const result = { ok: false as const, failure }
  site.world.apply = { state: 'failed', result, rolledBack: true }
  site.world.sources = site.world.sources.map(({ path, text }) => ({
    path,
    text: text.replace('api.farmer.io', 'apo.farmer.io'),
  }))
  await site.clock.advance(LATER_MS)
  await site.pass('files')
  return site
}

export const SCENARIOS: Readonly<Record<string, () => Promise<PageSite>>> = {
  'in-sync': inSync,
  degraded,
  drifted,
  rejected,
  suspended,
  failing,
}

const FILES: ReferencedFiles = new Map()

function edited(config: Actual['config']): Actual['config'] {
  if (!('text' in config)) return config
  return { state: 'edited', text: config.text.replace('maxconn', 'maxconn 1 #') }
}

/** HAProxy's checks have passed, but for what Consul takes out. */
function checked(actual: Actual): Actual {
  const { running } = actual
  if (running.state !== 'running') return actual
  const { live } = running.process
  const servers = new Map(
    [...live.servers].map(([name, list]) => [
      name,
      list.map((server) => ({ ...server, check: 'passed' as const })),
    ]),
  )
  return {
    ...actual,
    running: { ...running, process: { ...running.process, live: { ...live, servers } } },
  }
}
