/** HTTP/2 clients across reloads: each stream that HAProxy took is answered to its end, and a new connection takes the next. */
import { mkdirSync } from 'node:fs'
import { connect, constants, type ClientHttp2Session } from 'node:http2'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeDaemonSite, startDaemon } from '../daemon/rig.ts'
import { put } from '../daemon/services.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { makeCertificate } from '../tools/site.ts'
import { manifestsOf, TCP_CHECK } from './sites.ts'
import { END, startWeb } from './web.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }
const RELOADS = 4
const NAME = 'streams-of-h2'
const HOST = `${NAME}.example.org`

const TLS = (port: number): string => `---
apiVersion: legate/v1
kind: Frontend
metadata: { name: tls }
spec:
  listeners:
    - name: tls
      address: 127.0.0.1
      port: ${port}
      protocol: HTTPS
      tls: { certificateRefs: [{ name: farmer }] }
  defaultBackendRef: { name: ${NAME} }
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: farmer }
spec: { file: certs/farmer.pem }
`

interface Client {
  readonly answers: number
  readonly sessions: number
  readonly failures: readonly string[]
  stop(): Promise<void>
}

/** Three requests at a time over one connection, for as long as HAProxy takes new ones on it. */
function startClient(port: number): Client {
  const state = { answers: 0, sessions: 0, isOver: false }
  const failures: string[] = []
  let session: ClientHttp2Session | undefined
  const current = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session
    const fresh = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
    state.sessions += 1
    // From here on no stream is begun on it; those that were go on.
    fresh.on('goaway', () => fresh.close())
    fresh.on('error', (error) => failures.push(`connection: ${error.message}`))
    session = fresh
    return fresh
  }
  const run = async (path: string): Promise<void> => {
    while (!state.isOver) {
      const trouble = await ask(current(), path)
      if (trouble === undefined) state.answers += 1
      else if (trouble !== REFUSED) failures.push(`${path}: ${trouble}`)
      await pause(5)
    }
  }
  const running = ['/', '/slow?ms=100', '/slow?ms=700'].map(run)
  const stop = async (): Promise<void> => {
    state.isOver = true
    await Promise.all(running)
    session?.close()
  }
  onTestFinished(() => session?.destroy())
  return {
    get answers() {
      return state.answers
    },
    get sessions() {
      return state.sessions
    },
    failures,
    stop,
  }
}

const REFUSED = 'refused'

function ask(session: ClientHttp2Session, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const stream = session.request({ ':path': path, ':authority': HOST })
    let [status, body] = [0, '']
    stream.on('response', (headers) => (status = Number(headers[':status'])))
    stream.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    stream.on('error', (error) => {
      // Begun while the word that the connection ends was on its way: HAProxy says that nobody was asked, and
      // every client begins it again (RFC 9113, 8.7).
      const isRefused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM
      resolve(isRefused ? REFUSED : error.message)
    })
    stream.on('close', () => {
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) resolve(`reset (${stream.rstCode})`)
      else resolve(status === 200 && body.endsWith(END) ? undefined : `status ${status}, "${body}"`)
    })
  })
}

describe.skipIf(haproxy === undefined || shared === undefined)('HTTP/2', () => {
  test(`across ${RELOADS} reloads: no stream is lost`, async () => {
    await put(consul, { service: NAME, id: `${NAME}-1`, port: (await startWeb(NAME)).port })
    const manifests = (round: number): Parameters<typeof makeDaemonSite>[1] => {
      const more = [TCP_CHECK, `timeouts: { server: ${60_000 + round}ms }`]
      return (s) => manifestsOf([{ name: NAME, more }])(s) + TLS(s.tlsPort)
    }
    const site = await makeDaemonSite(consul, manifests(0))
    mkdirSync(site.path('files/certs'))
    await makeCertificate(site.path('files/certs/farmer.pem'))
    const daemon = await startDaemon(site)
    await daemon.servers(NAME, 1)
    const clients = [startClient(site.tlsPort), startClient(site.tlsPort)]
    for (let round = 1; round <= RELOADS; round += 1) {
      site.write('manifests/site.yaml', manifests(round)(site))
      await daemon.until((s) => s.sync === 'InSync' && s.haproxy?.reloads === round, 15_000)
    }
    await Promise.all(clients.map((client) => client.stop()))
    expect(clients.flatMap(({ failures }) => failures)).toEqual([])
    for (const { answers, sessions } of clients) {
      expect(answers).toBeGreaterThan(50)
      expect(sessions).toBeGreaterThan(RELOADS / 2)
    }
    await daemon.until((s) => s.haproxy?.oldWorkers === 0)
  })
})
