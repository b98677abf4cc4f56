/** Law 8 on a real HAProxy: it accepts every text, and what it serves is what was written. */
import { sample } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Templates } from '../../src/model/snapshot.ts'
import type { HeaderChange, Topology } from '../../src/model/topology.ts'
import { findHaproxy } from '../tools/binaries.ts'
import { freePorts } from '../tools/free-port.ts'
import { accepted, CORPUS } from './corpus.ts'
import {
  aBackend,
  aFrontend,
  aFullTopology,
  aTopology,
  NO_ROUTES,
  TEMPLATES,
  templatesWith,
} from './sample.ts'
import type { Origin } from './site.ts'
import { checkWith, get, startOrigin, startSite } from './site.ts'

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

  test('as headers they arrive as they were written', async () => {
    const { asked, answered } = await exchange(haproxy ?? '')
    expect(asked).toEqual(TEXTS.map(onTheWire))
    expect(answered).toEqual(TEXTS.map(onTheWire))
  })

  test("as arguments too, in a user's own template", async () => {
    const mine = (TEMPLATES.get('frontend.cfg.njk') ?? '').replace(
      '{% for change in frontend.headers %}',
      `{% for change in frontend.headers %}
      {% if change.on == "request" %}
    http-request set-var(txn.text) str({{ change.value | argument }}) if {{ rule_is(change.rule) }}
    http-response set-header X-Argument %[var(txn.text)] if {{ rule_is(change.rule) }}
      {% endif %}`,
    )
    const { given } = await exchange(haproxy ?? '', templatesWith({ 'frontend.cfg.njk': mine }))
    expect(given).toEqual(TEXTS.map(onTheWire))
  })
})

interface Exchanged {
  /** What the server got, what the client got, and what the client got in `X-Argument`. */
  readonly asked: string[]
  readonly answered: string[]
  readonly given: string[]
}

/** Sends every text through a real HAProxy. */
async function exchange(binary: string, templates?: Templates): Promise<Exchanged> {
  const origin = await startOrigin('echo')
  const [port = 0] = await freePorts(1)
  const site = await startSite(binary, () => echoing(origin, port), templates)
  try {
    const all: Exchanged = { asked: [], answered: [], given: [] }
    for (const index of TEXTS.keys()) {
      // oxlint-disable-next-line no-await-in-loop -- which request the server saw last must be known
      const { headers } = await get(port, 'x.io', `/${index}`)
      all.asked.push(fromTheWire(origin.seen.at(-1)?.headers['x-asked']))
      all.answered.push(fromTheWire(headers['x-answered']))
      all.given.push(fromTheWire(headers['x-argument']))
    }
    return all
  } finally {
    origin.stop()
    await site.haproxy.stop()
  }
}

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
