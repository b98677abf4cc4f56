/** One message to a real receiver: what it gets, and what becomes of receivers that are not as they should be. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ReceiverSettings } from '../../src/model/settings.gen.ts'
import { sendMessage, type Sent } from '../../src/notify/send.ts'
import { aProblem } from './notices.ts'

interface Got {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

async function receiver(
  answer: (response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly got: readonly Got[] }> {
  const got: Got[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      got.push({ path: request.url ?? '', headers: request.headers, body })
      answer(response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, got }
}

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'legate-notify-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'secret')
  writeFileSync(path, text)
  return path
}

const message = { id: 'id-1', host: 'lb-1', notices: [aProblem()], dropped: 0 }

function send(
  to: Partial<ReceiverSettings>,
  timeoutMs = 2000,
  signal = new AbortController().signal,
): Promise<Sent> {
  const settings = { name: 'ops', type: 'Webhook', topics: ['Capacity'], ...to } as const
  return sendMessage(settings, message, { timeoutMs, signal, nowMs: 1_700_000_000_000 })
}

test('a webhook gets the body, signed', async () => {
  const { url, got } = await receiver((response) => response.end('thanks'))
  const sent = await send({ url, secretFile: file('s3cret\n') })
  expect(sent).toEqual({ state: 'taken' })
  const [{ headers, body, path } = { headers: {}, body: '', path: '' }] = got
  expect(path).toBe('/hook')
  expect(JSON.parse(body)).toMatchObject({ kind: 'Notification', id: 'id-1' })
  const digest = createHmac('sha256', 's3cret').update(`1700000000.${body}`).digest('hex')
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'legate-id': 'id-1',
    'legate-timestamp': '1700000000',
    'legate-signature': `sha256=${digest}`,
  })
  expect(JSON.stringify(headers) + body).not.toContain('s3cret')
})

test('Slack gets its own body, at an address from a file', async () => {
  const { url, got } = await receiver((response) => response.end('ok'))
  const sent = await send({ type: 'Slack', urlFile: file(`${url}/T0/B0/s3cret\n`) })
  expect(sent).toEqual({ state: 'taken' })
  expect(got[0]?.path).toBe('/hook/T0/B0/s3cret')
  expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ mrkdwn: false })
  expect(got[0]?.headers['legate-signature']).toBeUndefined()
})

test.each([
  [500, false],
  [503, false],
  [429, false],
  [408, false],
  [400, true],
  [404, true],
  [410, true],
])('status %i: final is %s', async (status, isFinal) => {
  const { url } = await receiver((response) => response.writeHead(status).end())
  expect(await send({ url })).toEqual({
    state: 'refused',
    why: `it answers with status ${status}`,
    isFinal,
  })
})

test.each([301, 302, 307, 308])('redirect %i is not followed', async (status) => {
  const other = await receiver((response) => response.end())
  const { url } = await receiver((response) =>
    response.writeHead(status, { location: other.url }).end(),
  )
  expect(await send({ url })).toMatchObject({ state: 'refused', isFinal: true })
  expect(other.got).toEqual([])
})

test('who does not answer is given up in time', async () => {
  const { url } = await receiver(() => undefined)
  const sent = await send({ url }, 150)
  expect(sent).toEqual({ state: 'refused', why: 'no answer within 0.15 s', isFinal: false })
})

test('who does not even speak HTTP is given up in time', async () => {
  const server = createTcpServer((socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  expect(await send({ url: `http://127.0.0.1:${port}/` }, 150)).toMatchObject({ isFinal: false })
})

test('for a body that never ends nobody waits', async () => {
  const { url } = await receiver((response) => {
    response.writeHead(200)
    response.write('x')
  })
  expect(await send({ url }, 60_000)).toEqual({ state: 'taken' })
})

test('refused connections and unknown hosts may be better later', async () => {
  const { url } = await receiver((response) => response.socket?.destroy())
  expect(await send({ url })).toMatchObject({
    why: 'it cannot be reached (ECONNRESET)',
    isFinal: false,
  })
  expect(await send({ url: 'http://127.0.0.1:1/' })).toEqual({
    state: 'refused',
    why: 'it cannot be reached (ECONNREFUSED)',
    isFinal: false,
  })
})

test('what is under way is let go at the end', async () => {
  const ending = new AbortController()
  const { url } = await receiver(() => ending.abort())
  expect(await send({ url }, 60_000, ending.signal)).toMatchObject({ state: 'refused' })
})

test.each([
  [{ urlFile: '/nonexistent/s3cret' }, 'the file with its URL cannot be read (ENOENT)'],
  [
    { url: 'http://127.0.0.1:1/', secretFile: '/nonexistent' },
    'the file with its secret cannot be read (ENOENT)',
  ],
])('a file that is not there: %j', async (to, why) => {
  expect(await send(to)).toEqual({ state: 'refused', why, isFinal: false })
})

test.each(['', '\n', 'ftp://s3cret/', 'http://', 'http://a/ s3cret', 'http://a/\nhttp://s3cret/'])(
  'a URL file with %j is refused, and not quoted',
  async (text) => {
    const sent = await send({ urlFile: file(text) })
    expect(sent.state).toBe('refused')
    expect(JSON.stringify(sent)).not.toContain('s3cret')
  },
)
