/** A proxy in front of a real Consul that spoils every answer on request: an address goes in, another one comes out. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'

export type Toxic =
  | 'refused'
  | 'black-hole'
  | 'reset-in-body'
  | 'truncated'
  | 'drip'
  | 'status-500'
  | 'status-429'
  | 'html'
  | 'wrong-shape'
  | 'gzip'

export interface FaultProxy {
  readonly address: string
  /** Those that wait for an answer get the fault too. */
  spoil(toxic: Toxic): void
  /** What vanished in a black hole arrives now, as TCP sends it again. */
  heal(): void
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  /** Ends the question to Consul. */
  letGo: () => void
}

const BODY = '[{"Node":{"Node":"a","Address":"127.0.0.1"},"Service":'
const DRIP_MS = 100

type Fault = (response: ServerResponse) => void

/** What is no 200 has a body that would be an answer: the status alone tells. */
const FAULTS: Readonly<Record<Toxic, Fault>> = {
  refused: (response) => response.socket?.resetAndDestroy(),
  'black-hole': () => undefined,
  'reset-in-body': (response) => {
    begin(response, { 'content-length': '10000' })
    response.write(BODY, () => response.socket?.resetAndDestroy())
  },
  truncated: (response) => {
    begin(response, { 'content-length': '10000' })
    response.write(BODY, () => response.socket?.end())
  },
  drip: (response) => {
    begin(response, {})
    let sent = 0
    const timer = setInterval(() => response.write(BODY[sent++ % BODY.length]), DRIP_MS)
    response.on('close', () => clearInterval(timer))
  },
  'status-500': (response) => response.writeHead(500).end('[]'),
  'status-429': (response) => response.writeHead(429).end('[]'),
  html: (response) => response.writeHead(200).end('<html>log in first</html>'),
  'wrong-shape': (response) => response.writeHead(200).end('{"Service":"web"}'),
  gzip: (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('[]')),
}

function begin(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  response.writeHead(200, { 'content-type': 'application/json', 'x-consul-index': '7', ...headers })
}

export async function makeFaultProxy(to: string): Promise<FaultProxy> {
  const open = new Set<Exchange>()
  const sockets = new Set<Socket>()
  let toxic: Toxic | undefined
  const pass = (exchange: Exchange): void => {
    const { incoming, response } = exchange
    const { method, url, headers } = incoming
    const asked = request(new URL(url ?? '/', to), { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    asked.on('error', () => response.socket?.destroy())
    exchange.letGo = () =>
      asked
        .removeAllListeners()
        .on('error', () => undefined)
        .destroy()
    incoming.pipe(asked)
  }
  const server = createServer((incoming, response) => {
    const exchange: Exchange = { incoming, response, letGo: () => undefined }
    open.add(exchange)
    response.on('close', () => {
      open.delete(exchange)
      exchange.letGo()
    })
    if (toxic === undefined) pass(exchange)
    else FAULTS[toxic](response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    if (toxic === 'refused') socket.resetAndDestroy()
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const own: AddressInfo = Object(server.address())
  return {
    address: `http://127.0.0.1:${own.port}`,
    spoil(kind) {
      toxic = kind
      for (const { response, letGo } of open) {
        letGo()
        FAULTS[kind](response)
      }
    },
    heal() {
      const was = toxic
      toxic = undefined
      if (was === 'black-hole') for (const exchange of open) pass(exchange)
    },
  }
}
