/** A feed that follows Consul → the source that a pass reads: from memory, after first answers or a deadline. */
import type { Catalog, CatalogEntry, ServiceQuery } from '../model/catalog.ts'
import { queryKey } from '../model/catalog.ts'
import type { CatalogFeed, Clock } from '../model/feed.ts'
import type { CatalogSource } from '../model/ports.ts'
import { isSameList, keysThatDiffer, remember } from '../model/remember.ts'

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
  #followed: readonly ServiceQuery[] = []
  /** Questions that have been waited for, and are never waited for again. */
  #awaited: readonly ServiceQuery[] = []
  /** What was read last, where the feed followed these questions and no others. */
  #whole: { readonly queries: readonly ServiceQuery[]; readonly catalog: Catalog } | undefined
  #hasGivenUp = false
  #onNews: (key: string) => void = () => undefined

  constructor(feed: CatalogFeed, options: FeedSourceOptions) {
    this.name = feed.name
    this.#feed = feed
    this.#options = options
    feed.onChange((key) => this.#onNews(key))
  }

  async read(queries: readonly ServiceQuery[]): Promise<Catalog> {
    this.#follow(queries)
    if (queries !== this.#awaited) await this.#waitFor(queries)
    this.#awaited = queries
    const current = this.#feed.current()
    return this.#isWhole(current, queries) ? current : entriesOf(current, queries)
  }

  /** Whether the catalog has these very entries, in this order. */
  #isWhole(current: Catalog, queries: readonly ServiceQuery[]): boolean {
    const isAsBefore =
      queries === this.#whole?.queries && keysThatDiffer(this.#whole.catalog, current) !== undefined
    const isWhole = isAsBefore || isSameList([...current.keys()], keysOf(queries))
    this.#whole = isWhole ? { queries, catalog: current } : undefined
    return isWhole
  }

  giveUp(): void {
    this.#hasGivenUp = true
    this.#onNews('')
  }

  close(): Promise<void> {
    this.giveUp()
    return this.#feed.close()
  }

  #follow(queries: readonly ServiceQuery[]): void {
    const before = this.#followed
    this.#followed = queries
    if (before === queries || (before.length > 0 && isSameList(keysOf(before), keysOf(queries))))
      return
    const keys = new Set(keysOf(queries))
    const asked = this.#firstAskedMs
    const atMs = this.#options.clock.monotonicMs()
    for (const key of asked.keys()) if (!keys.has(key)) asked.delete(key)
    for (const key of keys) if (!asked.has(key)) asked.set(key, atMs)
    this.#feed.follow(queries)
  }

  async #waitFor(queries: readonly ServiceQuery[]): Promise<void> {
    const open = new Set(keysOf(queries).filter((key) => this.#isOpen(key)))
    const leftMs = this.#leftMs(open)
    if (leftMs <= 0) return
    const { clock } = this.#options
    await new Promise<void>((resolve) => {
      const callOff = clock.after(leftMs, resolve)
      this.#onNews = (key) => {
        if (!this.#isOpen(key)) open.delete(key)
        if (open.size > 0 && !this.#hasGivenUp) return
        callOff()
        resolve()
      }
    })
    this.#onNews = () => undefined
  }

  #isOpen(key: string): boolean {
    return this.#feed.entry(key)?.answer.state !== 'answered' && !this.#options.lastKnown(key)
  }

  /** How long there is still something to wait for; 0 when there is nothing. */
  #leftMs(open: ReadonlySet<string>): number {
    if (this.#hasGivenUp || open.size === 0) return 0
    const { clock, syncTimeoutMs } = this.#options
    const sinceMs = Math.max(...[...open].map((key) => this.#firstAskedMs.get(key) ?? 0))
    return Math.max(0, sinceMs + syncTimeoutMs - clock.monotonicMs())
  }
}

const keysOf = remember((queries: readonly ServiceQuery[]) => queries.map(queryKey))

function entriesOf(current: Catalog, queries: readonly ServiceQuery[]): Catalog {
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
