/** A Consul that misbehaves on request: services and faults go in, an HTTP server on loopback comes out. */
import http, { type IncomingHttpHeaders } from 'node:http'
import http2, { type ServerHttp2Session } from 'node:http2'
import https from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { ofHttp1, ofHttp2, type Exchange } from './consul-exchange.ts'

/** What the server does with one request. */
export type Behaviour =
  /** 200 with these entries of `/v1/health/service`. */
  | {
      readonly kind: 'entries'
      readonly entries: readonly unknown[]
      readonly headers?: HeaderFields
    }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      readonly headers?: HeaderFields
    }
  /** Promises more bytes than it sends, then closes. */
  | { readonly kind: 'truncated'; readonly body: string }
  /** Takes the question and says nothing. */
  | { readonly kind: 'hang' }
  /** One byte each `everyMs`. */
  | { readonly kind: 'drip'; readonly body: string; readonly everyMs: number }
  /** So many bytes of JSON, sent as fast as they are read. */
  | { readonly kind: 'huge'; readonly bytes: number }
  /** Resets the connection instead of an answer. */
  | { readonly kind: 'reset' }
  /** Bytes that are not HTTP. */
  | { readonly kind: 'raw'; readonly bytes: string }
  /** Waits for `release` before it goes on. */
  | { readonly kind: 'after'; readonly release: Promise<void>; readonly next: Behaviour }
  /** Anything else. */
  | { readonly kind: 'handle'; readonly handle: (exchange: Exchange) => void }

type HeaderFields = Readonly<Record<string, string>>

export interface Asked {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: Readonly<IncomingHttpHeaders>
  readonly body: string
}

export interface FakeConsul {
  /** `http://127.0.0.1:PORT`, `https://…` or `unix://PATH`. */
  readonly address: string
  /** Every request so far, in order of arrival. */
  readonly asked: readonly Asked[]
  /** Connections opened so far, and the most that were open at the same time. */
  readonly connections: { readonly opened: number; readonly most: number; readonly open: number }
  /** Requests under way, and the most at the same time. */
  readonly requests: { readonly now: number; readonly most: number }
  /** From now on this service (by its name) is answered so; other services are empty lists. */
  on(service: string, behaviour: Behaviour): void
  /** From now on this path (without query) is answered so. */
  onPath(path: string, behaviour: Behaviour): void
  /** Closes every connection that waits for a request, as a restarted agent does. */
  dropIdle(): void
  /** Resets every connection, as a killed agent does. */
  dropAll(): void
  /** Asks every HTTP/2 connection to end (GOAWAY); what is under way may end. */
  sendAway(): void
  stop(): Promise<void>
}

export interface FakeOptions {
  readonly tls?: https.ServerOptions
  /** Over TLS; HTTP/1.1 is then spoken as well. */
  readonly http2?: { readonly maxStreams: number }
  readonly socketPath?: string
  /** Connections too many are reset, as Consul's are in effect. */
  readonly maxConnections?: number
}

const HEALTH = '/v1/health/service/'

export async function startFakeConsul(options: FakeOptions = {}): Promise<FakeConsul> {
  const behaviours = new Map<string, Behaviour>()
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const sessions = new Set<ServerHttp2Session>()
  const busy = new Set<Socket>()
  const connections = { opened: 0, most: 0, open: 0 }
  const requests = { most: 0, now: 0 }
  const serve = async (exchange: Exchange): Promise<void> => {
    const { method, url, headers, socket } = exchange
    requests.most = Math.max(requests.most, (requests.now += 1))
    if (socket !== undefined) busy.add(socket)
    exchange.onClose(() => {
      requests.now -= 1
      if (socket !== undefined) busy.delete(socket)
    })
    asked.push({ method, url, headers, body: await exchange.readBody() })
    const path = url.split('?')[0] ?? ''
    await behave(behaviours.get(path) ?? otherwise(path), exchange)
  }
  const server = listener(options, (exchange) => void serve(exchange))
  server.on('session', (session: ServerHttp2Session) => {
    sessions.add(session)
    session.on('error', () => {})
    session.on('close', () => sessions.delete(session))
  })
  server.on(options.tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket)
    connections.opened += 1
    connections.open = sockets.size
    connections.most = Math.max(connections.most, sockets.size)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      connections.open = sockets.size
    })
  })
  const { socketPath, maxConnections = Infinity } = options
  server.on('connection', (socket: Socket) => {
    if (sockets.size > maxConnections) socket.resetAndDestroy()
  })
  await new Promise<void>((resolve) => {
    if (socketPath === undefined) server.listen(0, '127.0.0.1', resolve)
    else server.listen(socketPath, resolve)
  })
  return {
    address:
      socketPath === undefined
        ? addressOf(server, options.tls !== undefined)
        : `unix://${socketPath}`,
    asked,
    connections,
    requests,
    on: (service, behaviour) =>
      void behaviours.set(`${HEALTH}${encodeURIComponent(service)}`, behaviour),
    onPath: (path, behaviour) => void behaviours.set(path, behaviour),
    dropIdle: () => {
      for (const socket of sockets) if (!busy.has(socket)) socket.resetAndDestroy()
    },
    dropAll: () => {
      for (const socket of sockets) socket.destroy()
    },
    sendAway: () => {
      for (const session of sessions) session.goaway()
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function listener(options: FakeOptions, serve: (exchange: Exchange) => void): Server {
  if (options.tls === undefined)
    return http.createServer({ keepAliveTimeout: 0 }, (request, response) =>
      serve(ofHttp1(request, response)),
    )
  const tls = { ...options.tls, keepAliveTimeout: 0 }
  if (options.http2 === undefined)
    return https.createServer(tls, (request, response) => serve(ofHttp1(request, response)))
  const settings = { maxConcurrentStreams: options.http2.maxStreams }
  const server = http2.createSecureServer({ ...tls, allowHTTP1: true, settings })
  server.on('stream', (stream, headers) => serve(ofHttp2(stream, headers)))
  server.on('request', (request, response) => {
    const { httpVersion } = request
    if (httpVersion !== '2.0') serve(ofHttp1(Object(request), Object(response)))
  })
  return server
}

function otherwise(path: string): Behaviour {
  return path.startsWith(HEALTH)
    ? { kind: 'entries', entries: [] }
    : { kind: 'answer', status: 404, body: 'no such path' }
}

async function behave(behaviour: Behaviour, exchange: Exchange): Promise<void> {
  if (isBroken(behaviour)) return breakOff(behaviour, exchange)
  switch (behaviour.kind) {
    case 'entries':
      exchange.answer(200, { 'content-type': 'application/json', ...behaviour.headers })
      exchange.end(JSON.stringify(behaviour.entries))
      return
    case 'answer':
      exchange.answer(behaviour.status, behaviour.headers)
      exchange.end(behaviour.body)
      return
    case 'drip':
      drip(exchange, behaviour.body, behaviour.everyMs)
      return
    case 'huge':
      pour(exchange, behaviour.bytes)
      return
    case 'handle':
      behaviour.handle(exchange)
      return
    case 'after':
      await behaviour.release
      await behave(behaviour.next, exchange)
  }
}

type Broken = Extract<Behaviour, { readonly kind: 'truncated' | 'hang' | 'reset' | 'raw' }>

function isBroken(behaviour: Behaviour): behaviour is Broken {
  return ['truncated', 'hang', 'reset', 'raw'].includes(behaviour.kind)
}

function breakOff(behaviour: Broken, exchange: Exchange): void {
  switch (behaviour.kind) {
    case 'truncated':
      exchange.answer(200, { 'content-length': String(behaviour.body.length + 100) })
      exchange.write(behaviour.body, () => exchange.cut())
      return
    case 'reset':
      exchange.reset()
      return
    case 'raw':
      exchange.socket?.end(behaviour.bytes)
      return
    case 'hang':
  }
}

function drip(exchange: Exchange, body: string, everyMs: number): void {
  exchange.answer(200)
  let sent = 0
  const timer = setInterval(() => {
    exchange.write(body[sent] ?? ' ')
    sent += 1
  }, everyMs)
  exchange.onClose(() => clearInterval(timer))
}

function pour(exchange: Exchange, bytes: number): void {
  const chunk = Buffer.alloc(65_536, ' ').toString()
  let left = bytes
  const more = (): void => {
    if (left <= 0) return exchange.end('[]')
    left -= chunk.length
    exchange.write(chunk, more)
  }
  exchange.answer(200)
  more()
}

function addressOf(server: Server, tls: boolean): string {
  const { port }: Partial<AddressInfo> = Object(server.address())
  return `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
}
