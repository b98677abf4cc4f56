/** What is explained is what a real HAProxy does with the same topology. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readUrl } from '../../src/compile/asked-url.ts'
import { explainRoute } from '../../src/compile/explain-route.ts'
import type { RouteAnswer } from '../../src/model/route-explanation.ts'
import { pass } from '../../src/reconcile/pass.ts'
import { routeYaml } from '../builders.ts'
import { fakeWorld } from '../reconcile/fake-world.ts'
import type { Origin, Site } from '../render/site.ts'
import { get, startOrigin, startSite } from '../render/site.ts'
import { findHaproxy } from '../tools/binaries.ts'
import { freePorts } from '../tools/free-port.ts'

const haproxy = await findHaproxy({ fetch: true })

const NAMES = ['root', 'api', 'exact', 'wild', 'deep', 'all']

function yaml(port: number, origins: readonly Origin[]): string {
  const listener = `{ name: plain, address: 127.0.0.1, port: ${port} }`
  const backends = origins.map(
    ({ name, server }) => `---
apiVersion: legate/v1
kind: Backend
metadata: { name: ${name} }
spec: { source: { static: { servers: [{ name: one, address: 127.0.0.1, port: ${server.port} }] } } }
`,
  )
  return [
    `---\napiVersion: legate/v1\nkind: Frontend\nmetadata: { name: web }\nspec: { listeners: [${listener}] }\n`,
    ...backends,
    routeYaml(
      'shop',
      ['shop.example'],
      `
    - { matches: [{ path: { value: /api } }], backendRefs: [{ name: api, weight: 2 }, { name: deep }] }
    - { matches: [{ path: { type: Exact, value: /api/health } }], backendRefs: [{ name: exact }] }
    - { matches: [{ path: { value: /old } }], filters: [{ type: RequestRedirect, requestRedirect: { hostname: new.example, port: 8443, statusCode: 308 } }] }
    - { matches: [{ path: { value: /off } }], backendRefs: [{ name: api, weight: 0 }] }`,
    ),
    routeYaml('wild', ['*.example'], '[{ backendRefs: [{ name: wild }] }]'),
    routeYaml(
      'deep',
      ['*.deep.example', 'bare.example'],
      `
    - { matches: [{ path: { value: /only } }], backendRefs: [{ name: deep }] }`,
    ),
    routeYaml(
      'all',
      [],
      '[{ matches: [{ path: { value: /any } }], backendRefs: [{ name: all }] }]',
    ),
  ].join('')
}

const HOSTS = [
  'shop.example',
  'SHOP.example.',
  'a.example',
  'x.deep.example',
  'bare.example',
  'no.test',
]
const PATHS = [
  '/',
  '/api',
  '/api/',
  '/apix',
  '/api/health',
  '/api/health/',
  '/old/a?b=%20c',
  '/off',
  '/only/x',
  '/any',
  '//api',
  '/api/../any',
]

describe.skipIf(haproxy === undefined)('on a real HAProxy', { timeout: 30_000 }, () => {
  const origins: Origin[] = []
  let port = 0
  let site: Site | undefined
  let explain: (text: string) => RouteAnswer | undefined = () => undefined

  beforeAll(async () => {
    origins.push(...(await Promise.all(NAMES.map(startOrigin))))
    ;[port = 0] = await freePorts(1)
    const { compiled, manifests, diagnostics } = await pass(fakeWorld(yaml(port, origins)), {
      until: 'topology',
    })
    if (compiled === undefined || manifests === undefined)
      throw new Error(JSON.stringify(diagnostics))
    const { topology } = compiled
    explain = (text) => {
      const url = readUrl(text)
      if (typeof url === 'string') throw new Error(url)
      return explainRoute(url, topology, manifests).frontends[0]?.answer
    }
    site = await startSite(haproxy ?? '', (folder) => ({
      ...topology,
      global: { ...topology.global, statsSocket: `${folder}/stats.sock` },
    }))
  })

  afterAll(async () => {
    for (const origin of origins) origin.stop()
    await site?.haproxy.stop()
  })

  test.each(HOSTS.flatMap((host) => PATHS.map((path) => [host, path] as const)))(
    '%s%s',
    async (host, path) => {
      const answer = explain(`http://${host}:${port}${path}`)
      const { status, body, headers } = await get(port, `${host}:${port}`, path)
      if (answer?.kind === 'backends') {
        expect(answer.targets.map(({ backend }) => backend)).toContain(body)
        expect(status).toBe(200)
      } else if (answer?.kind === 'redirect')
        expect(answer).toMatchObject({ status, location: headers.location })
      else expect(answer).toMatchObject({ kind: 'status', status })
    },
  )
})
