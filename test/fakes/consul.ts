/** A Consul that misbehaves on request: services and faults go in, an HTTP server on loopback comes out. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

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

type HeaderFields = Readonly<Record<string, string>>

export interface Asked {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: Readonly<IncomingMessage['headers']>
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
  stop(): Promise<void>
}

export interface FakeOptions {
  readonly tls?: https.ServerOptions
  readonly socketPath?: string
}

const HEALTH = '/v1/health/service/'

export async function startFakeConsul(options: FakeOptions = {}): Promise<FakeConsul> {
  const behaviours = new Map<string, Behaviour>()
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const busy = new Set<Socket>()
  const connections = { opened: 0, most: 0, open: 0 }
  const requests = { most: 0, now: 0 }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.most = Math.max(requests.most, (requests.now += 1))
    busy.add(request.socket)
    response.on('close', () => {
      requests.now -= 1
      busy.delete(request.socket)
    })
    const url = request.url ?? ''
    asked.push({
      method: request.method ?? '',
      url,
      headers: request.headers,
      body: await read(request),
    })
    const path = url.split('?')[0] ?? ''
    await behave(behaviours.get(path) ?? otherwise(path), request, response)
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void serve(request, response)
  const server = options.tls
    ? https.createServer({ ...options.tls, keepAliveTimeout: 0 }, listener)
    : http.createServer({ keepAliveTimeout: 0 }, listener)
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
  const { socketPath } = options
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
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function otherwise(path: string): Behaviour {
  return path.startsWith(HEALTH)
    ? { kind: 'entries', entries: [] }
    : { kind: 'answer', status: 404, body: 'no such path' }
}

async function behave(
  behaviour: Behaviour,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (behaviour.kind) {
    case 'entries':
      response.writeHead(200, { 'content-type': 'application/json', ...behaviour.headers })
      response.end(JSON.stringify(behaviour.entries))
      return
    case 'answer':
      response.writeHead(behaviour.status, behaviour.headers)
      response.end(behaviour.body)
      return
    case 'truncated':
      response.writeHead(200, { 'content-length': behaviour.body.length + 100 })
      response.write(behaviour.body, () => request.socket.destroy())
      return
    case 'hang':
      return
    case 'drip':
      drip(response, behaviour.body, behaviour.everyMs)
      return
    case 'huge':
      pour(response, behaviour.bytes)
      return
    case 'reset':
      request.socket.resetAndDestroy()
      return
    case 'raw':
      request.socket.end(behaviour.bytes)
      return
    case 'after':
      await behaviour.release
      await behave(behaviour.next, request, response)
  }
}

function drip(response: ServerResponse, body: string, everyMs: number): void {
  response.writeHead(200)
  let sent = 0
  const timer = setInterval(() => {
    response.write(body[sent] ?? ' ')
    sent += 1
  }, everyMs)
  response.on('close', () => clearInterval(timer))
}

function pour(response: ServerResponse, bytes: number): void {
  const chunk = Buffer.alloc(65_536, ' ')
  let left = bytes
  const more = (): void => {
    while (left > 0) {
      left -= chunk.length
      if (!response.write(chunk)) return
    }
    response.end('[]')
  }
  response.writeHead(200)
  response.on('drain', more)
  more()
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

function addressOf(server: http.Server, tls: boolean): string {
  const { port }: Partial<AddressInfo> = Object(server.address())
  return `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
}
