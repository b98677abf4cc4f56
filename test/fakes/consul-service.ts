/** A service as Consul keeps it, with an index: entries go in, blocking queries are answered when they should be. */
import type { Behaviour } from './consul.ts'
import { healthEntry, type FakeInstance } from './consul-entries.ts'
import type { Exchange } from './consul-exchange.ts'

type HeaderFields = Readonly<Record<string, string>>

export class FakeService {
  /** Queries that wait for a change, with the index they wait at. */
  readonly waiting = new Set<Exchange>()
  readonly behaviour: Behaviour = { kind: 'handle', handle: (exchange) => this.#handle(exchange) }
  /** As it is sent; absent: no header at all. */
  index: string | undefined
  headers: HeaderFields = {}
  #entries: readonly unknown[] = []

  constructor(ids: readonly string[], index = 10) {
    this.index = String(index)
    this.#entries = ids.map((id) => healthEntry({ id }))
  }

  /** A change as Consul makes one: the index grows, and who waits hears of it. */
  set(instances: readonly (string | FakeInstance)[]): void {
    this.#entries = instances.map((i) => healthEntry(typeof i === 'string' ? { id: i } : i))
    this.index = String(BigInt(this.index ?? 0) + 1n)
    this.wake()
  }

  /** Something else: other entries, another index or (null) none at all; nobody hears of it yet. */
  become(ids: readonly string[], index: string | null = this.index ?? null): void {
    this.#entries = ids.map((id) => healthEntry({ id }))
    this.index = index ?? undefined
  }

  /** Who waits is answered, be there something new or not. */
  wake(): void {
    for (const exchange of this.waiting) this.#answer(exchange)
  }

  #handle(exchange: Exchange): void {
    const asked = new URL(exchange.url, 'http://consul').searchParams.get('index')
    if (asked === null || asked !== this.index) return this.#answer(exchange)
    this.waiting.add(exchange)
    exchange.onClose(() => this.waiting.delete(exchange))
  }

  #answer(exchange: Exchange): void {
    this.waiting.delete(exchange)
    exchange.answer(200, {
      ...(this.index !== undefined && { 'x-consul-index': this.index }),
      'x-consul-knownleader': 'true',
      ...this.headers,
    })
    exchange.end(JSON.stringify(this.#entries))
  }
}
