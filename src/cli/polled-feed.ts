/** A source that can only be read → a feed: read again and again, told when an answer has changed. */
import type { Catalog, CatalogEntry, ServiceQuery } from '../model/catalog.ts'
import type { CatalogFeed, Clock, Watch } from '../model/feed.ts'
import type { CatalogSource } from '../model/ports.ts'

/** For snapshot files; Consul is followed by blocking queries. */
export function polledFeed(source: CatalogSource, clock: Clock, everyMs: number): CatalogFeed {
  return new PolledFeed(source, clock, everyMs)
}

class PolledFeed implements CatalogFeed {
  readonly name: string
  readonly #source: CatalogSource
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #listeners: ((key: string) => void)[] = []
  readonly #watches = new Map<string, Watch>()
  #queries: readonly ServiceQuery[] = []
  #catalog: Catalog = new Map()
  #callOff: () => void = () => undefined
  #round = 0

  constructor(source: CatalogSource, clock: Clock, everyMs: number) {
    this.name = source.name
    this.#source = source
    this.#clock = clock
    this.#everyMs = everyMs
  }

  follow(queries: readonly ServiceQuery[]): void {
    this.#queries = queries
    void this.#read()
  }

  current(): Catalog {
    return this.#catalog
  }

  entry(key: string): CatalogEntry | undefined {
    return this.#catalog.get(key)
  }

  watches(): readonly Watch[] {
    return [...this.#watches.values()]
  }

  watch(key: string): Watch | undefined {
    return this.#watches.get(key)
  }

  onChange(listener: (key: string) => void): void {
    this.#listeners.push(listener)
  }

  async close(): Promise<void> {
    this.#round += 1
    this.#listeners.length = 0
    this.#callOff()
    await this.#source.close()
  }

  async #read(): Promise<void> {
    this.#callOff()
    this.#round += 1
    const round = this.#round
    const read = await this.#source.read(this.#queries)
    if (round !== this.#round) return
    const before = this.#catalog
    const entries = [...read].map(([key, entry]) => [key, stands(before.get(key), entry)] as const)
    this.#catalog = new Map(entries)
    for (const key of this.#watches.keys()) if (!read.has(key)) this.#watches.delete(key)
    const changed = [...read].filter(([key, entry]) => this.#note(key, entry, before))
    this.#callOff = this.#clock.after(this.#everyMs, () => void this.#read())
    for (const [key] of changed) for (const listener of this.#listeners) listener(key)
  }

  /** Whether a listener wants to know. */
  #note(key: string, entry: CatalogEntry, before: Catalog): boolean {
    const was = this.#watches.get(key)
    const { query, answer } = entry
    const failure = answer.state === 'failed' ? answer.failure : undefined
    this.#watches.set(key, {
      key,
      query,
      confirming: false,
      failures: failure === undefined ? 0 : (was?.failures ?? 0) + 1,
      ...(failure === undefined ? { lastSuccessMs: this.#clock.dateMs() } : { failure }),
    })
    const turned = (failure === undefined) !== (was?.failure === undefined)
    return was === undefined || turned || this.#catalog.get(key) !== before.get(key)
  }
}

/** A failed question leaves what was known; an equal answer stays the same object. */
function stands(before: CatalogEntry | undefined, now: CatalogEntry): CatalogEntry {
  if (before === undefined) return now
  if (now.answer.state === 'failed') return before
  return JSON.stringify(before.answer) === JSON.stringify(now.answer) ? before : now
}
