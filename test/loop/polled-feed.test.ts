/** A source that can only be read, followed. */
import { expect, test } from 'vitest'
import { polledFeed } from '../../src/cli/polled-feed.ts'
import type { Answer, Catalog, ServiceQuery } from '../../src/model/catalog.ts'
import { queryKey } from '../../src/model/catalog.ts'
import type { CatalogFeed } from '../../src/model/feed.ts'
import { anInstance } from '../builders.ts'
import { fakeClock, settle, type FakeClock } from '../fakes/clock.ts'
import { FAILED } from '../reconcile/fake-world.ts'

const [api, web]: [ServiceQuery, ServiceQuery] = [{ service: 'api' }, { service: 'web' }]
const KEY = queryKey(api)

interface Rig {
  readonly clock: FakeClock
  readonly feed: CatalogFeed
  readonly told: string[]
  reads: number
  isClosed: boolean
  answer: Answer
}

function makeRig(): Rig {
  const clock = fakeClock()
  const told: string[] = []
  const source = {
    name: 'file',
    read: (queries: readonly ServiceQuery[]): Promise<Catalog> => {
      rig.reads += 1
      // Read anew: equal, and never the same object.
      const answer = structuredClone(rig.answer)
      return Promise.resolve(new Map(queries.map((query) => [queryKey(query), { query, answer }])))
    },
    close: () => {
      rig.isClosed = true
      return Promise.resolve()
    },
  }
  const feed = polledFeed(source, clock, 1000)
  feed.onChange((key) => told.push(key))
  const answer = { state: 'answered', instances: [anInstance()] } as const
  const rig: Rig = { clock, feed, told, reads: 0, isClosed: false, answer }
  return rig
}

test('tells the first answer and each other one, and nothing else', async () => {
  const rig = makeRig()
  rig.feed.follow([api])
  await settle()
  const first = rig.feed.current().get(KEY)
  expect(rig.told).toEqual([KEY])
  await rig.clock.advance(5000)
  expect(rig.reads).toBe(6)
  expect(rig.told).toHaveLength(1)
  expect(rig.feed.current().get(KEY)).toBe(first)
  rig.answer = { state: 'answered', instances: [] }
  await rig.clock.advance(1000)
  expect(rig.told).toHaveLength(2)
})

test('what cannot be read leaves what was known; that it fails and is well again is told once each', async () => {
  const rig = makeRig()
  rig.feed.follow([api])
  await settle()
  const { answer } = rig
  rig.answer = FAILED
  await rig.clock.advance(3000)
  expect(rig.feed.current().get(KEY)?.answer.state).toBe('answered')
  expect(rig.feed.watches()).toMatchObject([{ failures: 3 }])
  rig.answer = answer
  await rig.clock.advance(3000)
  expect(rig.told).toHaveLength(3)
  expect(rig.feed.watches()).toMatchObject([{ failures: 0 }])
})

test('a question that nobody follows any more is forgotten', async () => {
  const rig = makeRig()
  rig.feed.follow([api, web])
  await settle()
  rig.feed.follow([web])
  await settle()
  expect(rig.feed.watches().map((w) => w.query.service)).toEqual(['web'])
  expect([...rig.feed.current().keys()]).toEqual([queryKey(web)])
})

test('closed: no timer, no word', async () => {
  const rig = makeRig()
  rig.feed.follow([api])
  await rig.feed.close()
  await rig.clock.advance(5000)
  expect({ told: rig.told, waits: rig.clock.waits, isClosed: rig.isClosed }).toEqual({
    told: [],
    waits: [],
    isClosed: true,
  })
})
