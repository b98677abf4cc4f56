/** Keeps the connections of a feed: how many questions there are and what they met goes in, transports are lent out. */
import type { Clock } from '../model/feed.ts'
import { fail, ok, type Failure, type Result } from '../model/failure.ts'
import type { Endpoint } from './address.ts'
import { openClient } from './client.ts'
import { counted, type SentRequest } from './counted.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import { Gate } from './gate.ts'
import { openHttp2 } from './http2.ts'
import { chooseMode, type Mode } from './mode.ts'
import type { ConsulTransport } from './transport.ts'

export interface LineSettings {
  readonly endpoint: Endpoint
  readonly credentials: Parameters<typeof readCredentials>[0]
  readonly wish: Mode | 'auto'
  /** At most, those of `openOwn` not counted; beyond them HTTP/2 has one for 250 questions. */
  readonly connections: number
  /** At most so many readings that do not block at the same time, for each datacenter. */
  readonly readings: number
  /** How long a connection may take to begin. */
  readonly connectMs: number
  readonly clock: Clock
  /** Is told of every request, when it has ended. */
  readonly onRequest?: ((request: SentRequest) => void) | undefined
}

export interface Loan {
  readonly transport: ConsulTransport
  release(): void
}

interface Line {
  readonly transport: ConsulTransport
  readonly key: string
  users: number
}

/** So long after the last refusal it is tried again. */
const REMEMBER_MS = 600_000
/** Refusals that come together are one. */
const SAME_BURST_MS = 5_000
const FEWEST_CONNECTIONS = 8
const FEWEST_READINGS = 2

export class Lines {
  readonly #settings: LineSettings
  readonly #onMoved: () => void
  readonly #gates = new Map<string, Gate>()
  #mode: Mode
  #questions = 0
  #line: Line | undefined
  #credentials: { readonly atMs: number; readonly read: Promise<Keyed> } | undefined
  #busy: { readonly atMs: number; readonly connections: number; readonly readings: number }
  #http2RefusedMs = -Infinity
  #losses = 0

  /** `onMoved`: readings under way should be begun anew. */
  constructor(settings: LineSettings, onMoved: () => void) {
    this.#settings = settings
    this.#onMoved = onMoved
    this.#mode = settings.wish === 'auto' ? 'http1' : settings.wish
    this.#busy = { atMs: -Infinity, ...settings }
  }

  get mode(): Mode {
    return this.#mode
  }

  /**
   * Connections that the other side has ended. An index from before may be of Consul's former life: one that was
   * started anew, with nothing, would hold a query until it has come as far again.
   */
  get losses(): number {
    return this.#losses
  }

  noteLoss(): void {
    this.#losses += 1
  }

  /** Not all at once: a start with many questions, or the return of Consul, must not look like an attack. */
  gate(datacenter: string): Gate {
    const { clock } = this.#settings
    const gate = this.#gates.get(datacenter) ?? new Gate(this.#limits().readings, clock)
    this.#gates.set(datacenter, gate)
    return gate
  }

  /** How many questions are followed from now on. Without any, every connection ends. */
  expect(questions: number): void {
    this.#questions = questions
    this.#review()
    if (questions === 0) this.#retire()
  }

  /** Token and TLS files are read anew when they were not since `failedMs`. */
  async lend(failedMs: number | undefined): Promise<Result<Loan>> {
    const credentials = await this.#readCredentials(failedMs)
    if (!credentials.ok) return credentials
    this.#review()
    if (this.#mode === 'http2' && !this.#settings.endpoint.tls) return fail(NEEDS_TLS)
    const line = this.#open(credentials)
    line.users += 1
    return ok({ transport: line.transport, release: () => this.#release(line) })
  }

  /** One connection apart from all others, for whoever asks to close it. */
  async openOwn(): Promise<Result<ConsulTransport>> {
    const credentials = await this.#readCredentials(undefined)
    if (!credentials.ok) return credentials
    const { endpoint, clock } = this.#settings
    return ok(
      openClient({ endpoint, credentials: credentials.value, timers: clock, maxConnections: 1 }),
    )
  }

  /** Consul asks for less (429): fewer connections, fewer readings at once, for a while. */
  noteBusy(): void {
    const atMs = this.#settings.clock.monotonicMs()
    if (atMs - this.#busy.atMs < SAME_BURST_MS) return
    const { connections, readings } = this.#limits()
    const used = Math.min(connections, this.#questions)
    this.#busy = {
      atMs,
      connections: Math.min(connections, Math.max(FEWEST_CONNECTIONS, Math.floor(used * 0.75))),
      readings: Math.min(readings, Math.max(FEWEST_READINGS, Math.floor(readings / 2))),
    }
    this.#review()
  }

  #limits(): { readonly connections: number; readonly readings: number } {
    const isPast = this.#settings.clock.monotonicMs() - this.#busy.atMs >= REMEMBER_MS
    return isPast ? this.#settings : this.#busy
  }

  #review(): void {
    const { connections, readings } = this.#limits()
    for (const gate of this.#gates.values()) gate.limit = readings
    const { clock, endpoint, wish } = this.#settings
    const refused = clock.monotonicMs() - this.#http2RefusedMs < REMEMBER_MS
    const now = this.#mode
    const offersHttp2 = endpoint.tls && !refused
    this.#mode = chooseMode({ wish, now, questions: this.#questions, connections, offersHttp2 })
    if (this.#mode !== now) this.#onMoved()
  }

  #open({ value, key: who }: Extract<Keyed, { ok: true }>): Line {
    const isHttp2 = this.#mode === 'http2'
    const key = `${isHttp2} ${who}`
    if (this.#line?.key === key) return this.#line
    this.#retire()
    const { endpoint, clock, connections, connectMs, onRequest } = this.#settings
    const settings = { endpoint, credentials: value, timers: clock }
    const opened = isHttp2
      ? openHttp2({ ...settings, connectMs, onRefused: () => this.#refuseHttp2() })
      : openClient({
          ...settings,
          maxConnections: connections,
          onLost: () => this.noteLoss(),
        })
    const transport =
      onRequest === undefined ? opened : counted(opened, onRequest, () => clock.monotonicMs())
    this.#line = { transport, key, users: 0 }
    return this.#line
  }

  #refuseHttp2(): void {
    this.#http2RefusedMs = this.#settings.clock.monotonicMs()
    this.#review()
  }

  /** Who still uses it may end in peace; the last one closes it. */
  #retire(): void {
    const line = this.#line
    this.#line = undefined
    if (line?.users === 0) line.transport.close()
  }

  #release(line: Line): void {
    line.users -= 1
    if (line === this.#line && this.#questions === 0) this.#retire()
    else if (line !== this.#line && line.users === 0) line.transport.close()
  }

  async #readCredentials(failedMs: number | undefined): Promise<Keyed> {
    if (this.#credentials === undefined || this.#credentials.atMs <= (failedMs ?? -Infinity))
      this.#credentials = {
        atMs: this.#settings.clock.monotonicMs(),
        read: readCredentials(this.#settings.credentials).then(withKey),
      }
    return this.#credentials.read
  }
}

type Keyed =
  | { readonly ok: true; readonly value: Credentials; readonly key: string }
  | { readonly ok: false; readonly failure: Failure }

function withKey(read: Result<Credentials>): Keyed {
  return read.ok ? { ...read, key: JSON.stringify(read.value) } : read
}

const NEEDS_TLS: Failure = {
  reason: 'consul-unreachable',
  message: 'Consul speaks HTTP/2 over TLS only',
  hint: 'write https:// in consul.address',
  transient: false,
}
