/** The barrier between Consul's first answers and a pass. */
import { expect, test } from 'vitest'
import { feedSource, type FeedSource } from '../../src/cli/feed-source.ts'
import type { Answer, Catalog, CatalogEntry, ServiceQuery } from '../../src/model/catalog.ts'
import { queryKey } from '../../src/model/catalog.ts'
import type { CatalogFeed } from '../../src/model/feed.ts'
import { fakeClock, settle, type FakeClock } from '../fakes/clock.ts'
import { FAILED } from '../reconcile/fake-world.ts'

const [api, web]: [ServiceQuery, ServiceQuery] = [{ service: 'api' }, { service: 'web' }]
const answered: Answer = { state: 'answered', instances: [] }

interface Rig {
  readonly clock: FakeClock
  readonly source: FeedSource
  readonly followed: (readonly ServiceQuery[])[]
  answer(query: ServiceQuery, answer: Answer): void
  /** Reads, and tells whether it has been answered. */
  read(...queries: readonly ServiceQuery[]): { readonly states: string[]; isDone: boolean }
}

function makeRig(known: readonly string[] = []): Rig {
  const clock = fakeClock()
  const entries = new Map<string, CatalogEntry>()
  const followed: (readonly ServiceQuery[])[] = []
  const listeners: ((key: string) => void)[] = []
  const feed: CatalogFeed = {
    name: 'fake',
    follow: (queries) => void followed.push(queries),
    current: () => entries,
    entry: (key) => entries.get(key),
    watches: () => [],
    watch: () => undefined,
    onChange: (listener) => void listeners.push(listener),
    close: () => Promise.resolve(),
  }
  const lastKnown = (key: string): boolean => known.some((service) => key.includes(`"${service}"`))
  const source = feedSource(feed, { clock, syncTimeoutMs: 30_000, lastKnown })
  return {
    clock,
    source,
    followed,
    answer(query, answer) {
      const key = queryKey(query)
      entries.set(key, { query, answer })
      for (const listener of listeners) listener(key)
      // One for all waits there will ever be.
      expect(listeners).toHaveLength(1)
    },
    read(...queries) {
      const result: { states: string[]; isDone: boolean } = { states: [], isDone: false }
      void source.read(queries).then((catalog: Catalog) => {
        result.states = queries.map((q) => catalog.get(queryKey(q))?.answer.state ?? 'none')
        result.isDone = true
        return result
      })
      return result
    },
  }
}

test('waits until every question is answered', async () => {
  const rig = makeRig()
  const read = rig.read(api, web)
  rig.answer(api, answered)
  await settle()
  expect(read.isDone).toBe(false)
  rig.answer(web, answered)
  await settle()
  expect(read).toEqual({ isDone: true, states: ['answered', 'answered'] })
  expect(rig.clock.waits).toEqual([])
})

test('a first attempt that fails is no answer: Consul may be starting', async () => {
  const rig = makeRig()
  const read = rig.read(api)
  rig.answer(api, FAILED)
  await rig.clock.advance(29_000)
  expect(read.isDone).toBe(false)
  rig.answer(api, answered)
  await settle()
  expect(read.states).toEqual(['answered'])
})

test('gives up after syncTimeout, counted from the first question, and does not wait again', async () => {
  const rig = makeRig()
  const first = rig.read(api)
  await rig.clock.advance(29_999)
  expect(first.isDone).toBe(false)
  await rig.clock.advance(1)
  expect(first).toEqual({ isDone: true, states: ['failed'] })
  const second = rig.read(api)
  await settle()
  expect(second.isDone).toBe(true)
})

test('a question with a last known answer is not waited for', async () => {
  const rig = makeRig(['api'])
  const read = rig.read(api)
  await settle()
  expect(read).toEqual({ isDone: true, states: ['failed'] })
})

test('a question that comes later has its own time', async () => {
  const rig = makeRig()
  rig.answer(api, answered)
  rig.read(api)
  await rig.clock.advance(100_000)
  const read = rig.read(api, web)
  await rig.clock.advance(29_999)
  expect(read.isDone).toBe(false)
  await rig.clock.advance(1)
  expect(read.states).toEqual(['answered', 'failed'])
})

test('follows once for as long as the questions stay the same', async () => {
  const rig = makeRig(['api', 'web'])
  rig.read(api)
  rig.read(api)
  rig.read(api, web)
  await settle()
  expect(rig.followed).toEqual([[api], [api, web]])
})

test('gives up when the daemon ends', async () => {
  const rig = makeRig()
  const read = rig.read(api)
  await settle()
  rig.source.giveUp()
  await settle()
  expect(read.isDone).toBe(true)
  expect(rig.clock.waits).toEqual([])
})
