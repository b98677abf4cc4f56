/** Our own HTTP/2 client for Consul: an endpoint and credentials go in, a transport of many questions over few connections comes out. */
import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import type { Result } from '../model/failure.ts'
import { collect, exchange, readHeaders, systemTimers, type End, type Outcome } from './exchange.ts'
import { Http2Sessions, type Http2Settings, type Seat } from './http2-sessions.ts'
import { headersOf, judge, requestTarget, type Message } from './message.ts'
import type { ConsulResponse, ConsulTransport, Limits, Query } from './transport.ts'

export function openHttp2(settings: Http2Settings): ConsulTransport {
  return new Http2Client(settings)
}

class Http2Client implements ConsulTransport {
  readonly #settings: Http2Settings
  readonly #sessions: Http2Sessions

  constructor(settings: Http2Settings) {
    this.#settings = settings
    this.#sessions = new Http2Sessions(settings)
  }

  get name(): string {
    return this.#settings.endpoint.name
  }

  get(path: string, query: Query, limits: Limits): Promise<Result<ConsulResponse>> {
    return this.#send({ method: 'GET', target: requestTarget(path, query) }, limits)
  }

  async post(
    path: string,
    query: Query,
    body: string,
    limits: Limits,
  ): Promise<Result<ConsulResponse>> {
    return this.#send({ method: 'POST', target: requestTarget(path, query), body }, limits)
  }

  close(): void {
    this.#sessions.close()
  }

  async #send(message: Message, limits: Limits): Promise<Result<ConsulResponse>> {
    const timers = this.#settings.timers ?? systemTimers
    const startedMs = timers.monotonicMs()
    let outcome = await this.#exchange(message, limits)
    if (outcome.kind === 'error' && outcome.stale && limits.once !== true) {
      const leftMs = Math.max(1, limits.timeoutMs - (timers.monotonicMs() - startedMs))
      outcome = await this.#exchange(message, { ...limits, timeoutMs: leftMs })
    }
    return judge(outcome, { name: this.name, token: this.#settings.credentials.token, limits })
  }

  #exchange(message: Message, limits: Limits): Promise<Outcome> {
    let seat: Seat | undefined
    let isOver = false
    const begin = async (end: End): Promise<void> => {
      const taken = await this.#sessions.take()
      if (!taken.ok) return end({ kind: 'error', error: taken.error, stale: false })
      if (isOver) return taken.seat.leave()
      seat = taken.seat
      this.#ask(seat, message, { limits, end })
    }
    const start = (end: End): (() => void) => {
      void begin(end)
      return () => seat?.stream?.close(constants.NGHTTP2_CANCEL)
    }
    return exchange(start, limits, this.#settings.timers ?? systemTimers).then((outcome) => {
      isOver = true
      if (outcome.kind === 'timeout') seat?.doubt()
      return outcome
    })
  }

  #ask(seat: Seat, message: Message, { limits, end }: { limits: Limits; end: End }): void {
    const { endpoint, credentials } = this.#settings
    const stream = seat.open({
      ':method': message.method,
      ':path': `${endpoint.prefix}${message.target}`,
      ...headersOf(message, credentials.token),
    })
    if (stream === undefined) {
      seat.leave()
      return end({ kind: 'error', error: new Error('the connection has just ended'), stale: true })
    }
    listen(stream, limits.maxBytes, end)
    stream.end(message.body)
  }
}

/** A stream that was cut short ends as quietly as a whole one: only its code, when it has closed, tells them apart. */
function listen(stream: ClientHttp2Stream, maxBytes: number, end: End): void {
  let headers: IncomingHttpHeaders | undefined
  let hasEnded = false
  let error: Error | undefined
  const text = collect(stream, maxBytes, end)
  stream.on('response', (received) => {
    headers = received
  })
  stream.on('end', () => {
    hasEnded = true
  })
  stream.on('error', (cause) => {
    error = cause
  })
  stream.on('close', () => {
    const { rstCode } = stream
    if (headers === undefined) {
      // Not looked at by the other side, by its own word: safe to ask again, elsewhere.
      const stale = rstCode === constants.NGHTTP2_REFUSED_STREAM
      return end({ kind: 'error', error: error ?? new Error(`stream code ${rstCode}`), stale })
    }
    if (!hasEnded || rstCode !== constants.NGHTTP2_NO_ERROR) return end({ kind: 'truncated' })
    const status = Number(headers[':status'])
    end({ kind: 'response', response: { status, headers: readHeaders(headers), body: text() } })
  })
}
