/** Where a URL goes, by the same maps that HAProxy looks up: winners, losers, answers, and no other answer than HAProxy's. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AskedUrl } from '../../src/compile/asked-url.ts'
import { readUrl } from '../../src/compile/asked-url.ts'
import { explainRoute } from '../../src/compile/explain-route.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import type { FrontendExplanation, RouteExplanation } from '../../src/model/route-explanation.ts'
import type { FrontendSection } from '../../src/model/topology.ts'
import { pass } from '../../src/reconcile/pass.ts'
import { backendYaml, FRONTEND_YAML, routeYaml } from '../builders.ts'
import { site } from '../property/arbitrary-site.ts'
import { fakeWorld } from '../reconcile/fake-world.ts'

async function explain(yaml: string, text: string): Promise<RouteExplanation> {
  const world = fakeWorld(yaml)
  const { compiled, manifests, diagnostics } = await pass(world, { until: 'topology' })
  const url = readUrl(text)
  if (compiled === undefined || manifests === undefined || typeof url === 'string')
    throw new Error(JSON.stringify(diagnostics))
  return explainRoute(url, compiled.topology, manifests)
}

const SHOP =
  FRONTEND_YAML +
  backendYaml('api') +
  backendYaml('root') +
  backendYaml('wild') +
  backendYaml('next') +
  routeYaml(
    'shop',
    ['shop.example'],
    `
    - { name: api, matches: [{ path: { value: /api } }], backendRefs: [{ name: api, weight: 9 }, { name: next }] }
    - { name: exact, matches: [{ path: { type: Exact, value: /api/health } }], backendRefs: [{ name: next }] }
    - { name: move, matches: [{ path: { value: /old } }], filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, statusCode: 301 } }] }
    - { name: off, matches: [{ path: { value: /off } }], backendRefs: [{ name: api, weight: 0 }] }
    - { backendRefs: [{ name: root }] }`,
  ) +
  routeYaml('wild', ['*.example'], '[{ backendRefs: [{ name: wild }] }]')

const at = (path: string): string => `http://shop.example:8080${path}`

test('the longest prefix of whole segments wins, and the others say why they lost', async () => {
  const { frontends } = await explain(SHOP, at('/api/users?page=2'))
  expect(frontends).toHaveLength(1)
  expect(frontends[0]).toMatchObject({
    resource: 'Frontend/default/web',
    listeners: ['*:8080 (HTTP)'],
    site: 'shop.example',
    winner: { rule: 'default/shop/api', route: 'HostRoute/default/shop', path: '/api' },
    answer: {
      kind: 'backends',
      targets: [
        { resource: 'Backend/default/api', backend: 'api', share: 0.9 },
        { backend: 'next', share: 0.1 },
      ],
    },
  })
  expect(frontends[0]?.winner?.at?.file).toBe('site.yaml')
  expect(frontends[0]?.lost.map(({ rule, why }) => [rule, why])).toEqual([
    ['default/shop/4', 'its prefix is shorter than /api'],
    ['default/wild/0', 'its host *.example is less specific than shop.example'],
  ])
})

test('an exact path goes before prefixes', async () => {
  const { frontends } = await explain(SHOP, at('/api/health'))
  expect(frontends[0]?.winner).toMatchObject({ rule: 'default/shop/exact', type: 'Exact' })
  expect(frontends[0]?.lost[0]).toMatchObject({
    rule: 'default/shop/api',
    why: 'an exact path goes before a prefix',
  })
  const below = await explain(SHOP, at('/api/health/x'))
  expect(below.frontends[0]?.winner?.rule).toBe('default/shop/api')
})

test.each([
  ['/old/a?b=1', { kind: 'redirect', status: 301, location: 'https://shop.example/old/a?b=1' }],
  ['/off', { kind: 'status', status: 503 }],
])('%s is answered without a backend', async (path, answer) => {
  expect((await explain(SHOP, at(path))).frontends[0]?.answer).toMatchObject(answer)
})

test('a host that nobody names gets 404, a covered one the wildcard', async () => {
  expect((await explain(SHOP, 'http://other.test:8080/')).frontends[0]).toMatchObject({
    answer: { kind: 'status', status: 404 },
    lost: [],
  })
  const wild = await explain(SHOP, 'http://A.B.Example.:8080/x')
  expect(wild).toMatchObject({ host: 'a.b.example', frontends: [{ site: '*.example' }] })
})

test('a port that nobody listens on is said, and all frontends of the protocol are looked at', async () => {
  const { note, frontends } = await explain(SHOP, 'http://shop.example/')
  expect(note).toBe('no listener takes HTTP on port 80; as if one did')
  expect(frontends).toHaveLength(1)
  expect((await explain(SHOP, 'https://shop.example/')).note).toBe('no listener takes HTTPS')
})

test.each([
  ['shop.example/x', { host: 'shop.example', port: 443, tls: true, path: '/x', query: '' }],
  ['shop.example:8080', { port: 8080, tls: false, path: '/' }],
  ['HTTP://[2001:DB8::1]/a/../b#c', { host: '[2001:db8::1]', port: 80, path: '/a/../b' }],
  ['https://x/%2e%2E/?q=/#', { path: '/%2e%2E/', query: '?q=/' }],
])('%s is read as a client would send it', (text, url) => {
  expect(readUrl(text)).toMatchObject(url)
})

test.each([
  '',
  '/x',
  'https://',
  'ftp://x/',
  'https://a b/',
  'https://u@x/',
  'https://x:0/',
  'x:99999',
])('%j is no URL', (text) => expect(readUrl(text)).toEqual(expect.any(String)))

/** What the lines of templates/frontend.cfg.njk do, in the plainest words: map_str, map_end, map_beg. */
function lookUp(
  maps: ReadonlyMap<string, string>,
  { host, path, bucket }: { readonly host: string; readonly path: string; readonly bucket: number },
  catchAll: boolean,
): { readonly rule?: string; readonly backend?: string } {
  const rows = (name: string): (readonly [string, string])[] =>
    (maps.get(name) ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const)
  const str = (name: string, key: string): string | undefined =>
    rows(name).find(([k]) => k === key)?.[1]
  const beg = (name: string, key: string): string | undefined =>
    rows(name)
      .filter(([k]) => key.startsWith(k))
      .toSorted((a, b) => b[0].length - a[0].length)[0]?.[1]
  const end = (name: string): string | undefined => rows(name).find(([k]) => host.endsWith(k))?.[1]
  const wanted = str('hosts', host) ?? end('wildcards') ?? (catchAll ? '*' : undefined)
  if (wanted === undefined) return {}
  const rule = str('exact', wanted + path) ?? beg('prefix', `${wanted}${path}/`)
  if (rule === undefined) return {}
  const backend = beg('targets', `${rule}/${bucket}`)
  return { rule, ...(backend !== undefined && { backend }) }
}

const request = fc.record({
  host: fc.constantFrom(
    'a.shop.example',
    'shop.example',
    'b.shop.example',
    'x.example',
    'other.test',
  ),
  path: fc.constantFrom('/', '/api', '/api/', '/api/v1/x', '/apix', '/cart%20x', '/api/v1', '//'),
  bucket: fc.integer({ min: 1000, max: 1999 }),
})

test('what is explained is what the rendered maps say, for every site and request', async () => {
  let routed = 0
  await fc.assert(
    fc.asyncProperty(site, fc.array(request, { maxLength: 8 }), async (made, requests) => {
      const sources = made.documents.map((d, i) => ({ path: `${i}.yaml`, text: JSON.stringify(d) }))
      const world = fakeWorld('', { sources, answers: made.answers })
      const { bundle, compiled, manifests } = await pass(world, { until: 'bundle' })
      if (bundle === undefined || compiled === undefined || manifests === undefined) return
      // A stats page goes before all routes; it is no part of the maps.
      for (const { stats: _stats, ...frontend } of compiled.topology.frontends)
        for (const asked of requests) {
          const topology = { ...compiled.topology, frontends: [frontend] }
          const [explained] = explainRoute(urlFor(frontend, asked), topology, manifests).frontends
          const said = lookUp(mapsOf(bundle, frontend.name), asked, frontend.catchAll)
          expect(explained?.winner?.rule).toBe(said.rule)
          expect(backendsOf(explained, said.backend)).toContain(said.backend)
          if (said.rule !== undefined) routed += 1
        }
    }),
    { numRuns: 150 },
  )
  expect(routed).toBeGreaterThan(100)
})

function urlFor(
  { binds: [bind] }: FrontendSection,
  asked: { host: string; path: string },
): AskedUrl {
  return { ...asked, port: bind?.port ?? 0, tls: bind?.tls !== undefined, query: '' }
}

function mapsOf({ files }: Bundle, frontend: string): Map<string, string> {
  return new Map(
    files
      .filter(({ name }) => name.startsWith(`${frontend}-`))
      .map(({ name, text }) => [name.slice(frontend.length + 1, -'.map'.length), text]),
  )
}

/** Nothing but `undefined` where the answer is no backend of a rule. */
function backendsOf(
  explained: FrontendExplanation | undefined,
  said: string | undefined,
): unknown[] {
  const answer = explained?.answer
  if (answer?.kind !== 'backends') return [undefined]
  expect(said).toBeDefined()
  return answer.targets.map(({ backend }) => backend)
}
