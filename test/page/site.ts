/** A daemon without processes: real passes on a fake world, told to a real board, served on a free port. */
import { readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { StatusBoard } from '../../src/cli/status-board.ts'
import type { Actual } from '../../src/model/actual.ts'
import type { Answer } from '../../src/model/catalog.ts'
import type { CatalogFeed } from '../../src/model/feed.ts'
import type { Suspension } from '../../src/model/suspension.ts'
import type { LoopLimits, LoopMemory } from '../../src/reconcile/memory.ts'
import { emptyMemory } from '../../src/reconcile/memory.ts'
import type { Outcome } from '../../src/reconcile/outcome.ts'
import { judgePass } from '../../src/reconcile/judge-pass.ts'
import { pass } from '../../src/reconcile/pass.ts'
import { serveStatus } from '../../src/report/http.ts'
import { aCheck, anInstance } from '../builders.ts'
import type { FakeClock } from '../fakes/clock.ts'
import { fakeClock } from '../fakes/clock.ts'
import { limits } from '../loop/outcomes.ts'
import type { FakeWorld } from '../reconcile/fake-world.ts'
import { fakeWorld } from '../reconcile/fake-world.ts'

export interface PageSite {
  readonly world: FakeWorld
  readonly clock: FakeClock
  readonly board: StatusBoard
  readonly url: string
  /** Told to change nothing, as the daemon is. */
  suspended?: Suspension
  /** What HAProxy shows is passed through this. */
  see: (actual: Actual) => Actual
  /** One pass of the daemon, told as the daemon tells it. */
  pass(reason?: string): Promise<Outcome>
}

const LIMITS: LoopLimits = limits

export interface SiteWishes {
  readonly allowedHosts?: readonly string[]
  readonly listen?: string
}

export async function makePageSite(
  yaml: string,
  change: Partial<FakeWorld> = {},
  { allowedHosts = [], listen = '127.0.0.1:0' }: SiteWishes = {},
): Promise<PageSite> {
  const world = fakeWorld(yaml, change)
  const clock = fakeClock()
  const feed: CatalogFeed = {
    name: 'consul http://127.0.0.1:8500',
    follow: () => undefined,
    current: () => new Map(),
    entry: () => undefined,
    watch: () => undefined,
    watches: () => Object.keys(world.answers).map((service) => watchOf(service)),
    onChange: () => undefined,
    close: () => Promise.resolve(),
  }
  const board = new StatusBoard({ version: '0.1.0', clock, feed })
  const site: Omit<PageSite, 'url'> = {
    world,
    clock,
    board,
    see: (actual) => actual,
    pass: (reason = 'Consul service api') => onePass(site, memory, reason),
  }
  const memory: { current: LoopMemory } = { current: emptyMemory(LIMITS) }
  const { hold } = world
  Object.assign(world, {
    hold: hold && {
      ...hold,
      observe: async (...args: Parameters<typeof hold.observe>) =>
        site.see(withFacts(await hold.observe(...args))),
    },
  })
  const metrics = (): Promise<string> => Promise.resolve('legate_up 1\n')
  const views = { status: () => board.status(), metrics, page: board.page(), allowedHosts }
  const served = await serveStatus(listen, views)
  if (!served.ok) throw new Error(served.failure.message)
  onTestFinished(() => served.value.close())
  return Object.assign(site, { url: `http://${served.value.address}` })
}

function watchOf(service: string): ReturnType<CatalogFeed['watches']>[number] {
  return { key: service, query: { service }, failures: 0, confirming: false }
}

/** As a real one looks. */
function withFacts(actual: Actual): Actual {
  const { running } = actual
  if (running.state !== 'running') return actual
  const worker = { pid: 4711, reloads: 0, uptimeSeconds: 3600 }
  const process = {
    ...running.process,
    version: '2.6.12-1+deb12u4',
    masterPid: 4700,
    reloads: 3,
    worker,
  }
  return { ...actual, running: { ...running, process } }
}

async function onePass(
  { world, clock, board, suspended }: Pick<PageSite, 'world' | 'clock' | 'board' | 'suspended'>,
  memory: { current: LoopMemory },
  reason: string,
): Promise<Outcome> {
  const before = memory.current
  board.onEvent({ type: 'pass-began', reasons: [reason] })
  const done = await pass(world, {
    until: suspended === undefined ? 'applied' : 'plan',
    daemon: {
      refused: before.refused,
      departures: { share: 50, least: 3, holdMs: 30_000 },
      mayReload: true,
      ...(before.proven !== undefined && { proven: before.proven }),
    },
  })
  const outcome = suspended === undefined ? done : { ...done, suspended }
  const moment = { atMs: clock.monotonicMs(), random: 0.5 }
  const { memory: after, events, result } = judgePass(outcome, before, LIMITS, moment)
  memory.current = after
  board.onOutcome(outcome, after)
  for (const event of events) board.onEvent(event)
  board.onEvent({ type: 'pass-ended', result, tookMs: 12 })
  return outcome
}

/** The example's manifests. */
export const EXAMPLE: string = ['defaults', 'global', 'frontends', 'routes', 'backends']
  .map((name) => readFileSync(`manifests/${name}.yaml`, 'utf8'))
  .map((text) => (text.startsWith('---') ? text : `---\n${text}`))
  .join('\n')

/** Instances `<service>-1` …; those that are named are critical. */
export function answerOf(service: string, count: number, ill: readonly number[] = []): Answer {
  const instances = Array.from({ length: count }, (_, i) =>
    anInstance({
      id: `${service}-${i + 1}`,
      node: `node-${String.fromCodePoint(97 + (i % 26))}`,
      address: `10.0.${Math.floor(i / 250)}.${(i % 250) + 1}`,
      checks: [aCheck(ill.includes(i + 1) ? 'critical' : 'passing', `${service} answers`)],
    }),
  )
  return { state: 'answered', instances }
}
