/** Our own HTTP/1.1 client for Consul: an endpoint and credentials go in, a transport with kept connections comes out. */
import http from 'node:http'
import https from 'node:https'
import { fail, ok, type Result } from '../model/failure.ts'
import type { Endpoint } from './address.ts'
import type { Credentials } from './credentials.ts'
import { exchange, type Outcome } from './exchange.ts'
import type { ConsulResponse, ConsulTransport, Limits, Query } from './transport.ts'
import { explain } from './trouble.ts'

export interface ClientSettings {
  readonly endpoint: Endpoint
  readonly credentials: Credentials
  readonly maxConnections: number
}

const KEEP_ALIVE_PROBE_MS = 30_000

export function openClient(settings: ClientSettings): ConsulTransport {
  return new Client(settings)
}

interface Message {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query: Query
  readonly body?: string
}

class Client implements ConsulTransport {
  readonly #endpoint: Endpoint
  readonly #token: string | undefined
  readonly #agent: http.Agent

  constructor({ endpoint, credentials, maxConnections }: ClientSettings) {
    this.#endpoint = endpoint
    this.#token = credentials.token
    const pool = {
      keepAlive: true,
      keepAliveMsecs: KEEP_ALIVE_PROBE_MS,
      maxSockets: maxConnections,
      maxFreeSockets: maxConnections,
    }
    this.#agent = endpoint.tls
      ? new https.Agent({ ...pool, ...credentials.tls })
      : new http.Agent(pool)
  }

  get name(): string {
    return this.#endpoint.name
  }

  async get(path: string, query: Query, limits: Limits): Promise<Result<ConsulResponse>> {
    return this.#send({ method: 'GET', path, query }, limits)
  }

  async post(
    path: string,
    query: Query,
    body: string,
    limits: Limits,
  ): Promise<Result<ConsulResponse>> {
    return this.#send({ method: 'POST', path, query, body }, limits)
  }

  close(): void {
    this.#agent.destroy()
  }

  async #send(message: Message, limits: Limits): Promise<Result<ConsulResponse>> {
    const target = requestTarget(message.path, message.query)
    const startedMs = performance.now()
    let outcome = await this.#exchange(message, target, limits)
    if (outcome.kind === 'error' && outcome.stale && message.method === 'GET') {
      // Consul was restarted or a proxy gave up on idle connections: the other idle ones are as dead.
      this.#dropIdle()
      const leftMs = Math.max(1, limits.timeoutMs - (performance.now() - startedMs))
      outcome = await this.#exchange(message, target, { ...limits, timeoutMs: leftMs })
    }
    return this.#judge(outcome, limits)
  }

  async #exchange(message: Message, target: string, limits: Limits): Promise<Outcome> {
    const { tls, connect, prefix } = this.#endpoint
    const request = (tls ? https : http).request({
      ...connect,
      agent: this.#agent,
      method: message.method,
      path: `${prefix}${target}`,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(this.#token !== undefined && { 'x-consul-token': this.#token }),
        ...(message.body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(message.body),
        }),
      },
    })
    return exchange(request, message.body, limits)
  }

  #judge(outcome: Outcome, limits: Limits): Result<ConsulResponse> {
    if (outcome.kind !== 'response') return fail(explain(outcome, this.name, limits))
    const { response } = outcome
    const encoding = response.headers.get('content-encoding') ?? 'identity'
    if (encoding !== 'identity') return fail(explain({ kind: 'encoded' }, this.name, limits))
    if (response.status === 200 || this.#token === undefined) return ok(response)
    // A refusal is shown to people; should it ever quote the token, it is masked.
    return ok({ ...response, body: response.body.replaceAll(this.#token, '(token)') })
  }

  #dropIdle(): void {
    for (const sockets of Object.values(this.#agent.freeSockets))
      for (const socket of sockets ?? []) socket.destroy()
  }
}

/** The values are well-formed Unicode: who reads hostile text sees to that. */
function requestTarget(path: string, query: Query): string {
  const pairs = query.map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}
