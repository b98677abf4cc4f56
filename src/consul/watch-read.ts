/** One reading of one question: when and how to ask goes in, an event for the watch comes out. Never throws for the world. */
import { hash } from 'node:crypto'
import type { Answer, ServiceQuery } from '../model/catalog.ts'
import type { Clock } from '../model/feed.ts'
import type { Failure, Result } from '../model/failure.ts'
import { isForbidden } from './authorize.ts'
import { keepIdentity, type Answered } from './canonical.ts'
import { EntryMemory, isLong } from './entries.ts'
import type { Gate } from './gate.ts'
import { filteredByToken, parseHealth, type Entry } from './health.ts'
import type { Lines } from './lines.ts'
import { encodeQuery, isEmpty, type Question } from './question.ts'
import type { ConsulResponse, ConsulTransport, Limits, Query } from './transport.ts'
import type { FailureKind, WatchEvent } from './watch-state.ts'

export type ReadEvent = Extract<WatchEvent, { readonly type: 'answered' | 'failed' }>

export interface Asked {
  /** 0: do not block. */
  readonly index: bigint
  readonly waitMs: number
  readonly deadlineMs: number
  readonly known: Answered | undefined
  /** When the reading before failed, if it did. */
  readonly failedMs: number | undefined
  readonly signal: AbortSignal
}

export type Read = (asked: Asked) => Promise<ReadEvent>

export interface ReadMeans {
  readonly lines: Lines
  readonly clock: Clock
  /** Of a question that is asked besides. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** `query` with the defaults of the settings. */
export function reader(query: ServiceQuery, means: ReadMeans): Read {
  const question = encodeQuery(query)
  if (!question.ok) return async () => failed(question.failure, 'question')
  const one = new Reader(query, question.value, means)
  return (asked) => one.read(asked)
}

/** For so long Consul's word that the token may see the service counts. */
const ALLOWED_FOR_MS = 60_000

class Reader {
  readonly #query: ServiceQuery
  readonly #question: Question
  readonly #means: ReadMeans
  /** The newest short body that was read, by its digest: most are the one before, byte by byte. */
  #last: { readonly digest: string; readonly answer: Answered } | undefined
  /** Of a long one. */
  readonly #entries = new EntryMemory<Entry>()
  #allowedMs = -Infinity
  /** As many as there were when the answer before was asked for. */
  #losses = 0

  constructor(query: ServiceQuery, question: Question, means: ReadMeans) {
    this.#query = query
    this.#question = question
    this.#means = means
  }

  async read(asked: Asked): Promise<ReadEvent> {
    const { lines } = this.#means
    // What the answer before has changed goes first: on to HAProxy, and then to wait for the next one.
    if (asked.index !== 0n) await this.#gate().waitBehind(asked.signal)
    const loan = await lines.lend(asked.failedMs)
    if (!loan.ok) return failed(loan.failure, 'away')
    const { transport } = loan.value
    try {
      // What Consul said before it was lost is no place to go on from.
      const index = this.#losses === lines.losses ? asked.index : 0n
      this.#losses = lines.losses
      return await this.#judge(await this.#ask(transport, { ...asked, index }), transport, asked)
    } finally {
      loan.value.release()
    }
  }

  async #judge(
    response: Result<ConsulResponse>,
    transport: ConsulTransport,
    asked: Asked,
  ): Promise<ReadEvent> {
    if (!response.ok) {
      const { lines } = this.#means
      // Without an answer nobody refuses but a limit on connections.
      const { failure } = response
      if (failure.reason === 'consul-unreachable') lines.noteLoss()
      return failed(failure, failure.reason === 'consul-refused' ? 'busy' : 'away')
    }
    const { status, headers } = response.value
    const answer = this.#parse(response.value, asked.known, transport.name)
    if (answer.state === 'failed') return failed(answer.failure, kindOf(status))
    if (isEmpty(answer) && (await this.#isForbidden(transport, asked)))
      return failed(filteredByToken(this.#query, transport.name), 'away')
    return {
      type: 'answered',
      answer,
      index: readIndex(headers),
      leaderless: isLeaderless(headers),
    }
  }

  /** Not `async`, like what it calls: thousands of these wait, and each step on the way would be kept. */
  #ask(transport: ConsulTransport, asked: Asked): Promise<Result<ConsulResponse>> {
    const { index, waitMs, deadlineMs, signal } = asked
    const { path, place, filter } = this.#question
    const blocking: Query =
      index === 0n
        ? []
        : [
            ['index', String(index)],
            ['wait', `${waitMs}ms`],
          ]
    const { maxBytes } = this.#means
    const limits: Limits = { timeoutMs: deadlineMs, maxBytes, signal, once: index !== 0n }
    const ask = (): Promise<Result<ConsulResponse>> =>
      transport.get(path, [...place, ...filter, ...blocking], limits)
    return index === 0n ? this.#inTurn(signal, ask) : ask()
  }

  #parse(response: ConsulResponse, known: Answered | undefined, name: string): Answer {
    // What the status or a header may turn into a refusal is no matter of the body.
    const isPlain = response.status === 200 && response.headers.get(FILTERED) !== 'true'
    const isWhole = isPlain && !isLong(response.body)
    if (isWhole) this.#entries.forget()
    const digest = isWhole ? hash('sha1', response.body) : ''
    if (isWhole && this.#last?.digest === digest) return keepIdentity(known, this.#last.answer)
    const answer = parseHealth(response, this.#query, name, this.#entries)
    if (answer.state === 'failed') return answer
    const kept = keepIdentity(known, answer)
    this.#last = isWhole ? { digest, answer: kept } : undefined
    return kept
  }

  async #isForbidden(transport: ConsulTransport, { known, signal }: Asked): Promise<boolean> {
    const { clock, timeoutMs, maxBytes } = this.#means
    const isKnownEmpty = known !== undefined && isEmpty(known)
    if (isKnownEmpty && clock.monotonicMs() - this.#allowedMs < ALLOWED_FOR_MS) return false
    const place = { parameters: this.#question.place, limits: { timeoutMs, maxBytes, signal } }
    const forbidden = await this.#inTurn(signal, async () => {
      return isForbidden(transport, this.#query, place)
    })
    if (!forbidden) this.#allowedMs = clock.monotonicMs()
    return forbidden
  }

  #gate(): Gate {
    return this.#means.lines.gate(this.#query.datacenter ?? '')
  }

  /** The deadline of what is done begins when it is its turn. Given up meanwhile, it is done in vain. */
  async #inTurn<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    const gate = this.#gate()
    const entered = await gate.enter(signal)
    try {
      return await run()
    } finally {
      if (entered) gate.leave()
    }
  }
}

const FILTERED = 'x-consul-results-filtered-by-acls'

function failed(failure: Failure, kind: FailureKind): ReadEvent {
  return { type: 'failed', failure, kind }
}

function kindOf(status: number): FailureKind {
  if (status === 429) return 'busy'
  return status === 400 ? 'question' : 'away'
}

/** An unsigned 64-bit number: more than a float can hold. */
function readIndex(headers: ConsulResponse['headers']): bigint | undefined {
  const text = headers.get('x-consul-index') ?? ''
  return /^[0-9]{1,20}$/.test(text) ? BigInt(text) : undefined
}

/** An answer out of the agent's stream says nothing about leaders, whatever its header says. */
function isLeaderless(headers: ConsulResponse['headers']): boolean {
  return (
    headers.get('x-consul-knownleader') === 'false' &&
    headers.get('x-consul-query-backend') !== 'streaming'
  )
}
