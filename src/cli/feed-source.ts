/** A feed that follows Consul → the source that a pass reads: from memory, after a first answer or a deadline. */
import type { Catalog, CatalogEntry, ServiceQuery } from '../model/catalog.ts'
import { queryKey } from '../model/catalog.ts'
import type { CatalogFeed, Clock } from '../model/feed.ts'
import type { CatalogSource } from '../model/ports.ts'

/**
 * `lastKnown` tells for which questions an earlier answer stands in: those are not waited for. The
 * others have `syncTimeoutMs` from when they were first asked; then their Backends go on without.
 */
export function feedSource(
  feed: CatalogFeed,
  clock: Clock,
  syncTimeoutMs: number,
  lastKnown: (key: string) => boolean,
): CatalogSource {
  const firstAskedMs = new Map<string, number>()
  let followed = ''
  const follow = (queries: readonly ServiceQuery[]): void => {
    const keys = queries.map(queryKey)
    const text = keys.join('\n')
    if (text === followed) return
    followed = text
    for (const key of keys) if (!firstAskedMs.has(key)) firstAskedMs.set(key, clock.monotonicMs())
    for (const key of firstAskedMs.keys()) if (!keys.includes(key)) firstAskedMs.delete(key)
    feed.follow(queries)
  }
  const missing = (queries: readonly ServiceQuery[]): string[] => {
    const current = feed.current()
    return queries.map(queryKey).filter((key) => !current.has(key) && !lastKnown(key))
  }
  const waitFor = async (queries: readonly ServiceQuery[]): Promise<void> => {
    const open = missing(queries)
    if (open.length === 0) return
    const dueMs = Math.max(...open.map((key) => (firstAskedMs.get(key) ?? 0) + syncTimeoutMs))
    const leftMs = dueMs - clock.monotonicMs()
    if (leftMs <= 0) return
    await changeOrTimeout(feed, clock, leftMs, () => missing(queries).length === 0)
  }
  return {
    name: feed.name,
    read: async (queries) => {
      follow(queries)
      await waitFor(queries)
      return complete(queries, feed.current())
    },
    close: () => feed.close(),
  }
}

function changeOrTimeout(
  feed: CatalogFeed,
  clock: Clock,
  ms: number,
  isDone: () => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const callOff = clock.after(ms, resolve)
    feed.onChange(() => {
      if (!isDone()) return
      callOff()
      resolve()
    })
  })
}

function complete(queries: readonly ServiceQuery[], current: Catalog): Catalog {
  return new Map(
    queries.map((query): [string, CatalogEntry] => {
      const key = queryKey(query)
      return [key, current.get(key) ?? { query, answer: NOT_YET }]
    }),
  )
}

const NOT_YET: CatalogEntry['answer'] = {
  state: 'failed',
  failure: {
    reason: 'consul-unreachable',
    message: 'Consul has not answered yet',
    transient: true,
  },
}
