/** Our own HTTP/1.1 client for Consul: an endpoint and credentials go in, a transport with kept connections comes out. */
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Result } from '../model/failure.ts'
import type { Endpoint } from './address.ts'
import type { Credentials } from './credentials.ts'
import { Crowding } from './crowding.ts'
import {
  collect,
  exchange,
  readHeaders,
  systemTimers,
  type End,
  type Outcome,
  type Timers,
} from './exchange.ts'
import { headersOf, judge, requestTarget, type Message } from './message.ts'
import type { ConsulResponse, ConsulTransport, Limits, Query } from './transport.ts'

export interface ClientSettings {
  readonly endpoint: Endpoint
  readonly credentials: Credentials
  readonly maxConnections: number
  /** Default: real time. */
  readonly timers?: Timers
  /** The other side has ended a connection that was kept for the next question. */
  readonly onLost?: () => void
}

const KEEP_ALIVE_PROBE_MS = 30_000

/** Besides what the readers need: changes of the agent itself. */
export interface AgentClient extends ConsulTransport {
  put(path: string, query: Query, body: string, limits: Limits): Promise<Result<ConsulResponse>>
}

export function openClient(settings: ClientSettings): AgentClient {
  return new Client(settings)
}

class Client implements AgentClient {
  readonly #endpoint: Endpoint
  readonly #token: string | undefined
  /** The module for TLS is loaded where it is needed only. */
  readonly #web: Pick<typeof http, 'request' | 'Agent'>
  readonly #agent: http.Agent
  readonly #timers: Timers
  readonly #crowding: Crowding
  readonly #onLost: () => void
  /** Whether nobody uses it, of each connection. */
  readonly #isIdle = new WeakMap<Socket, boolean>()

  constructor({ endpoint, credentials, maxConnections, timers, onLost }: ClientSettings) {
    this.#onLost = onLost ?? (() => undefined)
    this.#endpoint = endpoint
    this.#token = credentials.token
    this.#timers = timers ?? systemTimers
    this.#crowding = new Crowding(this.#timers)
    const pool = {
      keepAlive: true,
      keepAliveMsecs: KEEP_ALIVE_PROBE_MS,
      maxSockets: maxConnections,
      maxFreeSockets: maxConnections,
    }
    if (endpoint.tls) {
      const https = process.getBuiltinModule('node:https')
      this.#web = https
      this.#agent = new https.Agent({ ...pool, ...credentials.tls })
    } else {
      this.#web = http
      this.#agent = new http.Agent(pool)
    }
  }

  get name(): string {
    return this.#endpoint.name
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

  async put(
    path: string,
    query: Query,
    body: string,
    limits: Limits,
  ): Promise<Result<ConsulResponse>> {
    return this.#send({ method: 'PUT', target: requestTarget(path, query), body }, limits)
  }

  close(): void {
    this.#dropIdle()
    this.#agent.destroy()
  }

  async #send(message: Message, limits: Limits): Promise<Result<ConsulResponse>> {
    const startedMs = this.#timers.monotonicMs()
    let outcome = await this.#exchange(message, limits)
    const mayRetry = message.method === 'GET' && limits.once !== true
    if (outcome.kind === 'error' && outcome.stale && mayRetry) {
      // Consul was restarted or a proxy gave up on idle connections: the other idle ones are as dead.
      this.#dropIdle()
      const leftMs = Math.max(1, limits.timeoutMs - (this.#timers.monotonicMs() - startedMs))
      outcome = await this.#exchange(message, { ...limits, timeoutMs: leftMs })
    }
    return judge(outcome, { name: this.name, token: this.#token, limits })
  }

  async #exchange(message: Message, limits: Limits): Promise<Outcome> {
    const { connect, prefix } = this.#endpoint
    const start = (end: End): (() => void) => {
      const request = this.#web.request({
        ...connect,
        agent: this.#agent,
        method: message.method,
        path: `${prefix}${message.target}`,
        headers: headersOf(message, this.#token),
      })
      listen(request, limits.maxBytes, end)
      request.on('socket', (socket) => this.#follow(socket))
      request.end(message.body)
      return () => void request.destroy()
    }
    const waiting = this.#crowding.begin()
    const outcome = await exchange(start, limits, this.#timers)
    this.#crowding.end(waiting)
    const isReset = outcome.kind === 'error' && !outcome.stale && wasReset(outcome.error)
    return isReset && this.#crowding.isLimit(waiting) ? { kind: 'turned-away' } : outcome
  }

  /** What is closed by this side has neither an error nor an end; since Node 22 what is lost while idle has none either. */
  #follow(socket: Socket): void {
    const isKnown = this.#isIdle.has(socket)
    this.#isIdle.set(socket, false)
    if (isKnown) return
    let isKept = false
    socket.on('free', () => {
      isKept = true
      // The agent may have refused to keep it.
      this.#isIdle.set(socket, !socket.destroyed)
    })
    socket.on('close', (hadError) => {
      const isLost = hadError || socket.readableEnded || this.#isIdle.get(socket) === true
      if (isKept && isLost) this.#onLost()
    })
  }

  #dropIdle(): void {
    for (const sockets of Object.values(this.#agent.freeSockets))
      for (const socket of sockets ?? []) {
        this.#isIdle.set(socket, false)
        socket.destroy()
      }
  }
}

function listen(request: ClientRequest, maxBytes: number, end: End): void {
  let began = false
  request.on('error', (error) => {
    const stale = request.reusedSocket && wasReset(error)
    end(began ? { kind: 'truncated' } : { kind: 'error', error, stale })
  })
  request.on('response', (response) => {
    began = true
    receive(response, maxBytes, end)
  })
  // Whatever ends a request in a way not foreseen above.
  request.on('close', () => end({ kind: 'truncated' }))
}

function receive(response: IncomingMessage, maxBytes: number, end: End): void {
  const text = collect(response, maxBytes, end)
  response.on('error', () => end({ kind: 'truncated' }))
  response.on('end', () => {
    if (!response.complete) return end({ kind: 'truncated' })
    const headers = readHeaders(response.headers)
    end({
      kind: 'response',
      response: { status: response.statusCode ?? 0, headers, body: text() },
    })
  })
}

function wasReset(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}
