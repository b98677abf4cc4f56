/** A receiver of webhooks: it takes what comes, or hangs, and comes out with the messages and whether they were signed. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Of the setting `secretFile`. */
export const KEY = 'k3y'

export interface Notice {
  readonly topic: string
  readonly object: string
  readonly reason: string
  readonly state: string
  readonly message: string
}

export interface Receiver {
  readonly url: string
  readonly got: { readonly notices: readonly Notice[] }[]
  /** For each message whether its signature is that of the key. */
  readonly isSigned: boolean[]
}

/** Ended with the test. Without `answers` it takes the connection and says nothing, ever. */
export async function receive(answers = true): Promise<Receiver> {
  const receiver = { got: [] as Receiver['got'], isSigned: [] as boolean[] }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const { 'legate-timestamp': time, 'legate-signature': signature } = request.headers
      const signed = `${String(time)}.${body}`
      const digest = createHmac('sha256', KEY).update(signed).digest('hex')
      receiver.isSigned.push(signature === `sha256=${digest}`)
      receiver.got.push(JSON.parse(body) as Receiver['got'][number])
      if (answers) response.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ...receiver }
}
