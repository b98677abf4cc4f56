/** Web servers that go on answering for as long as they are asked, as those do that leave in order; each says who it is. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

export interface Web {
  readonly name: string
  readonly address: string
  readonly port: number
  /** How often it was asked, checks left out. */
  asked: number
  /** Lets requests to `/hold` and `/download` end that wait now. */
  readonly held: Set<() => void>
  /** What `/health` says. */
  isHealthy: boolean
}

export interface WebOptions {
  readonly address?: string
  readonly port?: number
  readonly isHealthy?: boolean
}

/**
 * `/slow?ms=…` sends its second half late, `/hold` answers when it is let go, `/download` goes on until then;
 * whatever comes after an upgrade is echoed.
 */
export async function startWeb(name: string, options: WebOptions = {}): Promise<Web> {
  const { address = '127.0.0.1', port = 0, isHealthy = true } = options
  // Who closes a connection that HAProxy keeps for later fails the request that is on its way.
  const server = createServer({ keepAliveTimeout: 0 })
  await new Promise<void>((done) => {
    server.listen(port, address, done)
  })
  const { port: own } = server.address() as AddressInfo
  const web: Web = { name, address, port: own, asked: 0, held: new Set(), isHealthy }
  server.on('request', (request, response) => void answer(web, request, response))
  server.on('upgrade', (_request, socket) => {
    web.asked += 1
    socket.on('error', () => socket.destroy())
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
    socket.pipe(socket)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return web
}

/** Ends every answer, so that one that was cut off can be told. */
export const END = 'the end'

async function answer(web: Web, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://web')
  if (pathname === '/health') return void response.writeHead(web.isHealthy ? 200 : 503).end()
  web.asked += 1
  response.setHeader('x-server', web.name)
  if (pathname === '/hold') await isLetGo(web, response)
  if (pathname === '/download') {
    const timer = setInterval(() => response.write('more and '), 20)
    await isLetGo(web, response)
    clearInterval(timer)
  }
  if (pathname === '/slow') {
    response.write('the beginning, ')
    await pause(Number(searchParams.get('ms')))
  }
  response.end(END)
}

function isLetGo(web: Web, response: ServerResponse): Promise<void> {
  return new Promise((done) => {
    web.held.add(done)
    response.on('close', () => {
      web.held.delete(done)
      done()
    })
  })
}

export function letGo(...webs: readonly Web[]): void {
  for (const done of webs.flatMap(({ held }) => [...held])) done()
}
