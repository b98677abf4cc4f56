/** Web servers that say who they are, and clients that ask through HAProxy; all within the test's process. */
import { createServer, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Starts one that ends with the test; gives its port. */
export async function startWeb(name: string): Promise<number> {
  const server = createServer((request, response) => {
    response.setHeader('x-server', name)
    const proto = request.headers['x-forwarded-proto']?.toString() ?? '-'
    response.end(`${name} ${request.url} ${proto}`)
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

export interface Question {
  readonly port: number
  readonly host?: string
  readonly path?: string
  readonly auth?: string
  /** With SNI of the host; the certificate is not verified. */
  readonly tls?: boolean
}

export interface Answer {
  /** 0 when nobody answered. */
  readonly status: number
  /** The error's code when nobody answered. */
  readonly body: string
  /** Name of the web server, where one has answered. */
  readonly server: string | undefined
  readonly location: string | undefined
}

/** Each question on a connection of its own. */
export function ask(question: Question): Promise<Answer> {
  const { port, host = 'example.org', path = '/', auth, tls = false } = question
  const options = {
    host: '127.0.0.1',
    port,
    path,
    headers: { host },
    agent: false,
    timeout: 5000,
    ...(auth !== undefined && { auth }),
  }
  return new Promise((resolve) => {
    const asked = tls
      ? requestTls({ ...options, servername: host, rejectUnauthorized: false })
      : requestPlain(options)
    asked.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      const server = response.headers['x-server']?.toString()
      const { statusCode: status = 0, headers } = response
      response.on('end', () => resolve({ status, body, server, location: headers.location }))
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve({
        status: 0,
        body: error.code ?? error.message,
        server: undefined,
        location: undefined,
      }),
    )
    asked.end()
  })
}

/** How often each server answered. */
export async function countServers(
  question: Question,
  times: number,
): Promise<Map<string, number>> {
  const answers = await Promise.all(Array.from({ length: times }, () => ask(question)))
  const counts = new Map<string, number>()
  for (const { server = 'nobody' } of answers) counts.set(server, (counts.get(server) ?? 0) + 1)
  return counts
}
