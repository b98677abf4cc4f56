/** Follows many questions to Consul: queries go in, the newest good answers are at hand at any time. */
import type { Catalog, CatalogEntry, ServiceQuery } from '../model/catalog.ts'
import { queryKey } from '../model/catalog.ts'
import { compare } from '../model/diagnostic.ts'
import type { CatalogFeed, Clock, Watch } from '../model/feed.ts'
import { withEntries } from '../model/remember.ts'
import { parseAddress, type Endpoint } from './address.ts'
import type { ConsulAccess } from './catalog.ts'
import type { SentRequest } from './counted.ts'
import { Heartbeat } from './heartbeat.ts'
import { Lines } from './lines.ts'
import { pollMs, type Mode } from './mode.ts'
import { withDefaults } from './question.ts'
import { reader, type Read } from './watch-read.ts'
import type { Rules } from './watch-state.ts'
import { FollowedQuestion } from './watch.ts'

export interface ConsulFeedOptions extends ConsulAccess {
  /** How long Consul may hold a blocking query. Default: 240 s for an agent on loopback, else 55 s. */
  readonly waitMs?: number
  /** Default `auto`: as `mode.ts` says. */
  readonly transport?: Mode | 'auto'
  /** First readings at the same time. Default: 32. */
  readonly startConcurrency?: number
  /** Is told of every request, when it has ended. */
  readonly onRequest?: (request: SentRequest) => void
}

const LOCAL_WAIT_MS = 240_000
/** No load balancer, mesh or firewall cuts a connection that was quiet for less than a minute. */
const REMOTE_WAIT_MS = 55_000
const START_CONCURRENCY = 32
const LOOPBACK = /^(127(\.[0-9]{1,3}){3}|::1)$/
/** A question that fails every other time must not hurry all the others. */
const SHORTEST_REACHABLE_MS = 5_000

export function consulFeed(options: ConsulFeedOptions, clock: Clock): CatalogFeed {
  return new ConsulFeed(options, clock)
}

class ConsulFeed implements CatalogFeed {
  readonly name: string
  readonly #options: ConsulFeedOptions
  readonly #clock: Clock
  readonly #waitMs: number
  readonly #makeRead: (query: ServiceQuery) => Read
  readonly #lines: Lines | undefined
  readonly #heartbeat: Heartbeat | undefined
  readonly #listeners: ((key: string) => void)[] = []
  /** In order of their keys. */
  #watches: ReadonlyMap<string, FollowedQuestion> = new Map()
  #catalog: Catalog = new Map()
  /** Questions whose answers are newer than the catalog. */
  readonly #news = new Set<string>()
  /** Questions that fail for a reason that is not their own. */
  #away = 0
  #reachableMs = -Infinity
  #isClosed = false

  constructor(options: ConsulFeedOptions, clock: Clock) {
    const endpoint = parseAddress(options.address)
    this.name = endpoint.ok ? `consul ${endpoint.value.name}` : 'consul'
    this.#options = options
    this.#clock = clock
    this.#waitMs = options.waitMs ?? (endpoint.ok ? waitFor(endpoint.value) : REMOTE_WAIT_MS)
    if (!endpoint.ok) {
      const { failure } = endpoint
      this.#makeRead = () => async () => ({ type: 'failed', failure, kind: 'question' })
      return
    }
    const lines = this.#openLines(endpoint.value)
    this.#lines = lines
    const { timeoutMs, maxAnswerBytes } = options
    this.#heartbeat = new Heartbeat({
      lines,
      clock,
      timeoutMs,
      onBack: () => this.#spreadTheWord(),
    })
    this.#makeRead = (query) =>
      reader(withDefaults(query, options), { lines, clock, timeoutMs, maxBytes: maxAnswerBytes })
  }

  follow(queries: readonly ServiceQuery[]): void {
    if (this.#isClosed) return
    const before = this.#watches
    const named = new Map(queries.map((query) => [queryKey(query), query]))
    const inOrder = [...named].toSorted(([a], [b]) => compare(a, b))
    const begun: FollowedQuestion[] = []
    this.#watches = new Map(
      inOrder.map(([key, query]) => {
        const watch = before.get(key) ?? this.#begin(query)
        if (!before.has(key)) begun.push(watch)
        return [key, watch]
      }),
    )
    const ended = [...before.values()].filter(({ key }) => !named.has(key))
    if (begun.length + ended.length === 0) return
    this.#catalog = this.#all()
    for (const watch of ended) watch.send({ type: 'end' })
    this.#lines?.expect(named.size)
    for (const watch of begun) watch.send({ type: 'due' })
  }

  current(): Catalog {
    const news = [...this.#news].flatMap((key) => pair(key, this.entry(key)))
    this.#news.clear()
    const isPatch = news.every(([key]) => this.#catalog.has(key))
    this.#catalog = isPatch ? withEntries(this.#catalog, news) : this.#all()
    return this.#catalog
  }

  entry(key: string): CatalogEntry | undefined {
    return this.#watches.get(key)?.entry
  }

  watches(): readonly Watch[] {
    return [...this.#watches.values()].map((watch) => watch.status())
  }

  watch(key: string): Watch | undefined {
    return this.#watches.get(key)?.status()
  }

  onChange(listener: (key: string) => void): void {
    this.#listeners.push(listener)
  }

  async close(): Promise<void> {
    this.follow([])
    this.#isClosed = true
    this.#listeners.length = 0
  }

  #begin(query: ServiceQuery): FollowedQuestion {
    return new FollowedQuestion(query, {
      clock: this.#clock,
      read: this.#makeRead(query),
      rules: () => this.#rules(),
      onChange: (key) => this.#tell(key),
      onAway: (isAway) => this.#countAway(isAway),
      onReachable: () => this.#spreadTheWord(),
      onBusy: () => this.#lines?.noteBusy(),
    })
  }

  #rules(): Rules {
    const { timeoutMs } = this.#options
    const rules = { waitMs: this.#waitMs, timeoutMs }
    return this.#lines?.mode === 'sweep' ? { ...rules, pollMs: pollMs(this.#watches.size) } : rules
  }

  #tell(key: string): void {
    this.#news.add(key)
    for (const listener of this.#listeners) listener(key)
  }

  /** In order of their keys. */
  #all(): Catalog {
    return new Map([...this.#watches].flatMap(([key, { entry }]) => pair(key, entry)))
  }

  #countAway(isAway: boolean): void {
    this.#away += isAway ? 1 : -1
    if (this.#away > 0) this.#heartbeat?.listen()
    else this.#heartbeat?.rest()
  }

  /** After an outage of an hour the others need not sleep out their back-off. */
  #spreadTheWord(): void {
    const atMs = this.#clock.monotonicMs()
    if (atMs - this.#reachableMs < SHORTEST_REACHABLE_MS) return
    this.#reachableMs = atMs
    for (const watch of this.#watches.values()) watch.send({ type: 'reachable' })
  }

  #openLines(endpoint: Endpoint): Lines {
    const { maxConnections, timeoutMs, transport, startConcurrency } = this.#options
    const settings = {
      endpoint,
      credentials: this.#options,
      wish: transport ?? 'auto',
      connections: maxConnections,
      // Who waits for a connection while it is read runs out of time.
      readings: Math.min(startConcurrency ?? START_CONCURRENCY, maxConnections),
      connectMs: timeoutMs,
      clock: this.#clock,
      onRequest: this.#options.onRequest,
    } as const
    return new Lines(settings, () => {
      for (const watch of this.#watches.values()) watch.send({ type: 'moved' })
    })
  }
}

function pair(key: string, entry: CatalogEntry | undefined): [string, CatalogEntry][] {
  return entry === undefined ? [] : [[key, entry]]
}

/** A connection to the same machine is cut by nobody. */
export function waitFor({ connect }: Endpoint): number {
  const isLocal =
    'socketPath' in connect || connect.host === 'localhost' || LOOPBACK.test(connect.host)
  return isLocal ? LOCAL_WAIT_MS : REMOTE_WAIT_MS
}
