/** Law 8 on a real HAProxy: it accepts every text, and what it serves is what was written. */
import { sample } from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HeaderChange, Topology } from '../../src/model/topology.ts'
import { findHaproxy } from '../tools/binaries.ts'
import { accepted, CORPUS } from './corpus.ts'
import { aBackend, aFrontend, aFullTopology, aTopology, NO_ROUTES } from './sample.ts'
import type { Origin, Site } from './site.ts'
import { checkWith, freePorts, get, startOrigin, startSite } from './site.ts'

const haproxy = await findHaproxy({ fetch: true })

/** The texts that a schema lets through: of the corpus, and random ones. */
const TEXTS = [
  ...CORPUS.filter((item) => item.expect.text === 'quote').map(({ value }) => value),
  ...sample(accepted, { numRuns: 150, seed: 8 }),
].filter((text) => text.length <= 1024)

/** Header values lose the blanks around them on the wire. */
const onTheWire = (text: string): string => text.replaceAll(/^[ \t]+|[ \t]+$/g, '')
const fromTheWire = (value: unknown): string => Buffer.from(String(value), 'latin1').toString()

describe.skipIf(haproxy === undefined)('on a real HAProxy', { timeout: 60_000 }, () => {
  test('`haproxy -c` accepts every text in every place', async () => {
    expect(await checkWith(haproxy ?? '', textsEverywhere())).toBe('Configuration file is valid')
  })

  describe('as headers', () => {
    let origin: Origin
    let site: Site | undefined
    let port = 0

    beforeAll(async () => {
      origin = await startOrigin('echo')
      port = (await freePorts(1))[0] ?? 0
      site = await startSite(haproxy ?? '', () => echoing(origin, port))
    })

    afterAll(async () => {
      origin.stop()
      await site?.haproxy.stop()
    })

    test('every text arrives as it was written', async () => {
      const arrived: string[][] = []
      for (const index of TEXTS.keys()) {
        // oxlint-disable-next-line no-await-in-loop -- which request the server saw last must be known
        const { headers } = await get(port, 'x.io', `/${index}`)
        const seen = origin.seen.at(-1)?.headers['x-asked']
        arrived.push([fromTheWire(seen), fromTheWire(headers['x-answered'])])
      }
      expect(arrived).toEqual(TEXTS.map((text) => [onTheWire(text), onTheWire(text)]))
    })
  })
})

/** A backend, a frontend and a rule for every text. */
function textsEverywhere(): Topology {
  const { userlists } = aFullTopology()
  return aTopology({
    global: { ...aTopology().global, log: [{ address: '127.0.0.1', facility: 'local0' }] },
    userlists,
    frontends: TEXTS.map((text, index) =>
      aFrontend({
        resource: `Frontend/default/f${index}`,
        name: `f${index}`,
        binds: [{ address: '127.0.0.1', port: 10_000 + index, name: 'a', acceptProxy: false }],
        stats: { uri: `/${text}`, realm: text, userlist: 'admins', showNode: false },
        headers: headersFor(text, 'a/b/0'),
        redirects: [{ rule: 'a/b/1', status: 302, hostname: text, path: text }],
      }),
    ),
    backends: TEXTS.map((text, index) => {
      const http = { method: 'GET', path: text, host: text, expectStatus: '200' }
      const check = { type: 'http', intervalMs: 1000, rise: 1, fall: 1, http } as const
      return aBackend({ resource: `Backend/default/b${index}`, name: `b${index}`, check })
    }),
  })
}

function headersFor(value: string, rule: string): HeaderChange[] {
  return [
    { on: 'request', action: 'set', name: 'X-Asked', value, rule },
    { on: 'response', action: 'add', name: 'X-Answered', value, rule },
  ]
}

function echoing(origin: Origin, port: number): Topology {
  const routes = {
    ...NO_ROUTES,
    exact: TEXTS.map((_, index) => [`*/${index}`, `r/${index}`] as const),
    targets: TEXTS.map((_, index) => [`r/${index}/`, 'api'] as const),
  }
  const headers = TEXTS.flatMap((text, index) => headersFor(text, `r/${index}`))
  const binds = [{ address: '127.0.0.1', port, name: 'a', acceptProxy: false }]
  return aTopology({
    frontends: [aFrontend({ binds, routes, headers, catchAll: true })],
    backends: [aBackend({ servers: [origin.server] })],
  })
}
