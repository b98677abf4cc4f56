/** A feed on a fake Consul and a fake clock: what the tests of the feed share. */
import { onTestFinished } from 'vitest'
import { consulFeed, type ConsulFeedOptions } from '../../src/consul/feed.ts'
import { queryKey, type Answer, type ServiceQuery } from '../../src/model/catalog.ts'
import type { CatalogFeed, Watch } from '../../src/model/feed.ts'
import { fakeClock, settle, type FakeClock } from '../fakes/clock.ts'
import { FakeService } from '../fakes/consul-service.ts'
import { startFakeConsul, type FakeConsul, type FakeOptions } from '../fakes/consul.ts'

export interface FeedRig {
  readonly consul: FakeConsul
  readonly clock: FakeClock
  readonly feed: CatalogFeed
  /** Services named by every call of a listener, in order. */
  readonly changes: string[]
  /** A service that Consul knows from now on. */
  serve(service: string, ids: readonly string[]): FakeService
  /** What is known of the service at present. */
  answer(service: string): Answer | undefined
  /** Ids of the instances known, or the reason of the failure. */
  known(service: string): string | undefined
  watch(service: string): Watch
  /** Questions about this service so far, as `index=…` or `plain`. */
  asked(service: string): string[]
  /** The next blocking query about the service waits. */
  blocked(service: FakeService): Promise<void>
  /** Lets time pass, and answers come, until the condition holds: how many milliseconds it took. */
  pass(condition: () => boolean, stepMs?: number): Promise<number>
}

interface RigOptions {
  readonly feed?: Partial<ConsulFeedOptions>
  readonly fake?: FakeOptions
  readonly chance?: () => number
}

export async function startRig(options: RigOptions = {}): Promise<FeedRig> {
  const consul = await startFakeConsul(options.fake)
  const clock = fakeClock(options.chance)
  const feed = consulFeed(
    {
      address: consul.address,
      tls: { verify: 'None' },
      timeoutMs: 10_000,
      maxConnections: 150,
      maxAnswerBytes: 1_000_000,
      ...options.feed,
    },
    clock,
  )
  onTestFinished(async () => {
    await feed.close()
    await consul.stop()
  })
  const changes: string[] = []
  feed.onChange((key) => changes.push(serviceOf(key)))
  const answer = (service: string): Answer | undefined =>
    feed.current().get(queryKey({ service }))?.answer
  return {
    consul,
    clock,
    feed,
    changes,
    serve: (name, ids) => {
      const service = new FakeService(ids)
      consul.on(name, service.behaviour)
      return service
    },
    answer,
    known: (service) => describe(answer(service)),
    watch: (service) => {
      const found = feed.watches().find((w) => w.query.service === service)
      if (found === undefined) throw new Error(`${service} is not followed`)
      return found
    },
    asked: (service) =>
      consul.asked
        .filter(({ url }) => url.split('?')[0] === `/v1/health/service/${service}`)
        .map(({ url }) => /index=\d+/.exec(url)?.[0] ?? 'plain'),
    blocked: async (service) => until(() => service.waiting.size > 0),
    pass: async (condition, stepMs = STEP_MS) => pass(clock, condition, stepMs),
  }
}

export function questions(count: number): ServiceQuery[] {
  return Array.from({ length: count }, (_, i) => ({ service: `s${i}` }))
}

export function describe(answer: Answer | undefined): string | undefined {
  if (answer === undefined) return undefined
  return answer.state === 'failed'
    ? answer.failure.reason
    : answer.instances.map(({ id }) => id).join(' ')
}

const PATIENCE_MS = 15_000

/** What comes over sockets comes when it comes; time stands still meanwhile. */
export async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`never came: ${condition.toString()}`)
    // oxlint-disable-next-line no-await-in-loop -- one look after the other is the point
    await settle()
  }
}

/** Chance that is the same in every run. */
export function seeded(): () => number {
  let seed = 1
  return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647
}

const STEP_MS = 50
const LONGEST_MS = 900_000

async function pass(clock: FakeClock, condition: () => boolean, stepMs: number): Promise<number> {
  const beganMs = clock.monotonicMs()
  for (;;) {
    // What is on its way over a socket is there after a few turns.
    for (let turn = 0; turn < 5; turn += 1) {
      if (condition()) return clock.monotonicMs() - beganMs
      // oxlint-disable-next-line no-await-in-loop -- one look after the other is the point
      await settle()
    }
    if (clock.monotonicMs() - beganMs > LONGEST_MS)
      throw new Error(`never came: ${condition.toString()}`)
    // oxlint-disable-next-line no-await-in-loop -- one step after the other is the point
    await clock.advance(stepMs)
  }
}

function serviceOf(key: string): string {
  const [service]: unknown[] = JSON.parse(key)
  return String(service)
}
