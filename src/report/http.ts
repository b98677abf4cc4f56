/** Serves status, metrics and page of the daemon over HTTP: read-only, for this machine unless told otherwise. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { isIP } from 'node:net'
import type { Result } from '../model/failure.ts'
import { fail, ok } from '../model/failure.ts'
import { PAGE_POLICY, renderPage } from './page.ts'
import { STYLE } from './page-style.ts'
import type { PageView } from './page-view.ts'
import type { Status } from './status.ts'

export interface Views {
  readonly status: () => Status
  /** Prometheus' text format. */
  readonly metrics: () => Promise<string>
  readonly page: PageView
  /** Names by which a browser may come here, besides IP addresses and `localhost`. */
  readonly allowedHosts: readonly string[]
}

export interface StatusServer {
  /** What it listens on: `127.0.0.1:9478`. */
  readonly address: string
  close(): Promise<void>
}

/** `listen` is `address:port`, IPv6 in brackets; port 0 takes a free one. */
export async function serveStatus(listen: string, views: Views): Promise<Result<StatusServer>> {
  const at = listen.lastIndexOf(':')
  const host = listen.slice(0, at).replace(/^\[|\]$/g, '')
  const server = createServer((request, response) => void answer(request, response, views))
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
  return ok({ address: addressOf(server, listen), close: () => close(server) })
}

function addressOf(server: Server, listen: string): string {
  const bound = server.address()
  return typeof bound === 'object' && bound !== null
    ? `${listen.slice(0, listen.lastIndexOf(':'))}:${bound.port}`
    : listen
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

interface Answer {
  readonly code: number
  readonly type: string
  readonly body: string
}

/** Whatever goes wrong in showing must not end what keeps HAProxy right. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  views: Views,
): Promise<void> {
  const { code, type, body } = await answerTo(request, views).catch((error: unknown) =>
    text(500, `a bug in Legate: ${error instanceof Error ? error.message : 'unknown'}\n`),
  )
  response.writeHead(code, {
    'Content-Type': type,
    'Content-Security-Policy': PAGE_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    ...(code === 405 && { Allow: 'GET, HEAD' }),
  })
  // Its length is known then, and no other copy is made.
  response.end(Buffer.from(body))
}

async function answerTo(
  { method, url = '/', headers }: IncomingMessage,
  views: Views,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'GET only\n')
  const [path, query] = splitOnce(url, '?')
  if (path === '/healthz') return text(200, 'ok\n')
  if (path === '/readyz')
    return views.status().sync === 'Starting' ? text(503, 'starting\n') : text(200, 'ok\n')
  if (path === '/metrics') {
    const type = 'text/plain; version=0.0.4; charset=utf-8'
    return { code: 200, type, body: await views.metrics() }
  }
  // A page of another site can make a browser ask here under its own name: DNS rebinding.
  if (!isAllowedName(headers.host, views.allowedHosts))
    return text(403, 'this host name is not served: see the setting allowedHosts\n')
  return answerPerson(path, new URLSearchParams(query), views)
}

function answerPerson(path: string, query: URLSearchParams, views: Views): Answer {
  if (path === '/api/v1/status') return json(200, views.status())
  if (path === '/api/v1/route') {
    const explained = views.page.explain(query.get('url') ?? '')
    return typeof explained === 'string' ? json(400, { message: explained }) : json(200, explained)
  }
  if (path === '/style.css') return { code: 200, type: 'text/css; charset=utf-8', body: STYLE }
  const page = renderPage(decoded(path), query, views.page)
  return page === undefined
    ? text(404, 'there is: / and /metrics and /api/v1/status\n')
    : { code: page.code, type: 'text/html; charset=utf-8', body: page.body }
}

function splitOnce(whole: string, mark: string): [string, string] {
  const at = whole.indexOf(mark)
  return at === -1 ? [whole, ''] : [whole.slice(0, at), whole.slice(at + 1)]
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function isAllowedName(host = '', allowed: readonly string[]): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
  return name === 'localhost' || isIP(name) !== 0 || allowed.includes(name)
}

function text(code: number, body: string): Answer {
  return { code, type: 'text/plain; charset=utf-8', body }
}

function json(code: number, value: object): Answer {
  const type = 'application/json; charset=utf-8'
  return { code, type, body: `${JSON.stringify(value, undefined, 2)}\n` }
}
