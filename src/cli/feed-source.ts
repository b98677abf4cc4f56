/** A feed that follows Consul → the source that a pass reads: from memory, after first answers or a deadline. */
import type { Catalog, CatalogEntry, ServiceQuery } from '../model/catalog.ts'
import { queryKey } from '../model/catalog.ts'
import type { CatalogFeed, Clock } from '../model/feed.ts'
import type { CatalogSource } from '../model/ports.ts'

export interface FeedSourceOptions {
  readonly clock: Clock
  /** Of a question, from when it was first asked. */
  readonly syncTimeoutMs: number
  /** For which questions an earlier answer stands in: those are not waited for. */
  readonly lastKnown: (key: string) => boolean
}

export interface FeedSource extends CatalogSource {
  /** From now on nothing is waited for. */
  giveUp(): void
}

/** A question that fails is waited for like one that hangs: Consul may be starting. */
export function feedSource(feed: CatalogFeed, options: FeedSourceOptions): FeedSource {
  return new Source(feed, options)
}

class Source implements FeedSource {
  readonly name: string
  readonly #feed: CatalogFeed
  readonly #options: FeedSourceOptions
  readonly #firstAskedMs = new Map<string, number>()
  #followed = ''
  #hasGivenUp = false
  #onNews: () => void = () => undefined

  constructor(feed: CatalogFeed, options: FeedSourceOptions) {
    this.name = feed.name
    this.#feed = feed
    this.#options = options
    feed.onChange(() => this.#onNews())
  }

  async read(queries: readonly ServiceQuery[]): Promise<Catalog> {
    this.#follow(queries)
    await this.#waitFor(queries)
    const current = this.#feed.current()
    return new Map(
      queries.map((query): [string, CatalogEntry] => {
        const key = queryKey(query)
        return [key, current.get(key) ?? { query, answer: NOT_YET }]
      }),
    )
  }

  giveUp(): void {
    this.#hasGivenUp = true
    this.#onNews()
  }

  close(): Promise<void> {
    this.giveUp()
    return this.#feed.close()
  }

  #follow(queries: readonly ServiceQuery[]): void {
    const keys = new Set(queries.map(queryKey))
    const text = [...keys].join('\n')
    if (text === this.#followed) return
    this.#followed = text
    const asked = this.#firstAskedMs
    const atMs = this.#options.clock.monotonicMs()
    for (const key of asked.keys()) if (!keys.has(key)) asked.delete(key)
    for (const key of keys) if (!asked.has(key)) asked.set(key, atMs)
    this.#feed.follow(queries)
  }

  async #waitFor(queries: readonly ServiceQuery[]): Promise<void> {
    const keys = queries.map(queryKey)
    const leftMs = this.#leftMs(keys)
    if (leftMs <= 0) return
    const { clock } = this.#options
    await new Promise<void>((resolve) => {
      const callOff = clock.after(leftMs, resolve)
      this.#onNews = () => {
        if (this.#leftMs(keys) > 0) return
        callOff()
        resolve()
      }
    })
    this.#onNews = () => undefined
  }

  /** How long there is still something to wait for; 0 when there is nothing. */
  #leftMs(keys: readonly string[]): number {
    if (this.#hasGivenUp) return 0
    const { clock, syncTimeoutMs, lastKnown } = this.#options
    const current = this.#feed.current()
    const open = keys.filter(
      (key) => current.get(key)?.answer.state !== 'answered' && !lastKnown(key),
    )
    const sinceMs = Math.max(...open.map((key) => this.#firstAskedMs.get(key) ?? 0))
    return Math.max(0, sinceMs + syncTimeoutMs - clock.monotonicMs())
  }
}

const NOT_YET: CatalogEntry['answer'] = {
  state: 'failed',
  failure: {
    reason: 'consul-unreachable',
    message: 'Consul has not answered yet',
    transient: true,
  },
}
