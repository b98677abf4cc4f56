/** Serves the daemon's status over HTTP: read-only, for this machine unless told otherwise. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { isIP } from 'node:net'
import type { Result } from '../model/failure.ts'
import { fail, ok } from '../model/failure.ts'
import type { Status } from './status.ts'

export interface Views {
  readonly status: () => Status
  /** Prometheus' text format. */
  readonly metrics: () => Promise<string>
}

export interface StatusServer {
  close(): Promise<void>
}

/** `listen` is `address:port`, IPv6 in brackets. */
export async function serveStatus(listen: string, views: Views): Promise<Result<StatusServer>> {
  const at = listen.lastIndexOf(':')
  const host = listen.slice(0, at).replace(/^\[|\]$/g, '')
  const server = createServer((request, response) => answer(request, response, views))
  server.maxConnections = 100
  server.requestTimeout = 10_000
  try {
    server.listen(Number(listen.slice(at + 1)), host)
    await once(server, 'listening')
  } catch (error) {
    return fail({
      reason: 'locked',
      message: `the status cannot be served on ${listen}: ${error instanceof Error ? error.message : ''}`,
      hint: 'choose another address with `listen`, or `off`',
      transient: false,
    })
  }
  return ok({ close: () => close(server) })
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

function answer(request: IncomingMessage, response: ServerResponse, views: Views): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Cache-Control', 'no-store')
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'GET only\n')
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path === '/healthz') return end(response, 200, 'ok\n')
  if (path === '/readyz')
    return views.status().sync === 'Starting'
      ? end(response, 503, 'starting\n')
      : end(response, 200, 'ok\n')
  if (path === '/metrics') return void answerMetrics(response, views)
  if (path !== '/api/v1/status') return end(response, 404, 'see /metrics and /api/v1/status\n')
  // A page of another site can make a browser ask here under its own name: DNS rebinding.
  if (!isLocalName(request.headers.host))
    return end(response, 403, 'this host name is not served\n')
  response.setHeader('Content-Type', 'application/json')
  return end(response, 200, `${JSON.stringify(views.status(), undefined, 2)}\n`)
}

async function answerMetrics(response: ServerResponse, { metrics }: Views): Promise<void> {
  const text = await metrics()
  response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  end(response, 200, text)
}

function isLocalName(host = ''): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return name === 'localhost' || isIP(name) !== 0
}

function end(response: ServerResponse, code: number, body: string): void {
  response.statusCode = code
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'text/plain')
  response.end(body)
}
