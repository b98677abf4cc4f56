/** docs/routing.md, proven on a real HAProxy: which request reaches which backend. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { BackendSection, FrontendSection, RouteMaps } from '../../src/model/topology.ts'
import { findHaproxy } from '../tools/binaries.ts'
import { freePorts } from '../tools/free-port.ts'
import { aBackend, aDefaults, aFrontend, aTopology } from './sample.ts'
import type { Origin, Reply, Site } from './site.ts'
import { get, startOrigin, startSite } from './site.ts'

const haproxy = await findHaproxy({ fetch: true })

/** Rule to where it goes; rules that are not here have no row in the targets map. */
const TARGETS = {
  'r/root/0': 'root',
  'r/api/0': 'api',
  'r/exact/0': 'exact',
  'r/wild/0': 'wild',
  'r/deep/0': 'deep',
  'r/hole/0': 'not.there',
  'r/empty/0': 'empty',
}

const ROUTES: RouteMaps = {
  hosts: [['api.farmer.io', 'api.farmer.io']],
  wildcards: [
    ['.deep.farmer.io', '*.deep.farmer.io'],
    ['.farmer.io', '*.farmer.io'],
  ],
  exact: [
    ['*.farmer.io/exact', 'r/exact/0'],
    ['api.farmer.io/exact', 'r/exact/0'],
  ],
  prefix: [
    ['*.deep.farmer.io/', 'r/deep/0'],
    ['*.farmer.io/', 'r/wild/0'],
    ['api.farmer.io/', 'r/root/0'],
    ['api.farmer.io/api/', 'r/api/0'],
    ['api.farmer.io/empty/', 'r/empty/0'],
    ['api.farmer.io/hole/', 'r/hole/0'],
    ['api.farmer.io/move/', 'r/move/0'],
    ['api.farmer.io/none/', 'r/none/0'],
    ['api.farmer.io/scheme/', 'r/scheme/0'],
    ['api.farmer.io/split/', 'r/split/0'],
  ],
  targets: [
    ...Object.entries(TARGETS).map(([rule, name]) => [`${rule}/`, name] as const),
    // Nine tenths: 1000 to 1899.
    ...'10 11 12 13 14 15 16 17 18'.split(' ').map((d) => [`r/split/0/${d}`, 'root'] as const),
    ['r/split/0/19', 'api'],
  ],
}

const CATCH_ALL: RouteMaps = {
  hosts: [],
  wildcards: [],
  exact: [],
  prefix: [['*/', 'r/root/0']],
  targets: [['r/root/0/', 'root']],
}

/** `secret`, by crypt(3). */
const HASH = '$5$legate$fSOjkNzdwxUvIyHFQj0ANJrQOrYLmMK.hAvmrQ3/4.8'
const PASSWORD = `Basic ${Buffer.from('bob:secret').toString('base64')}`

function frontend(name: string, port: number, change: Partial<FrontendSection>): FrontendSection {
  const binds = [{ address: '127.0.0.1', port, name, acceptProxy: false }]
  return aFrontend({ resource: `Frontend/default/${name}`, name, binds, routes: ROUTES, ...change })
}

function backend({ name, server }: Origin, change: Partial<BackendSection> = {}): BackendSection {
  return aBackend({ resource: `Backend/default/${name}`, name, servers: [server], ...change })
}

describe.skipIf(haproxy === undefined)('on a real HAProxy', { timeout: 30_000 }, () => {
  const origins: Origin[] = []
  let ports: number[] = []
  let site: Site | undefined

  beforeAll(async () => {
    const names = ['root', 'api', 'exact', 'wild', 'deep', 'sick']
    origins.push(...(await Promise.all(names.map(startOrigin))))
    ports = await freePorts(4)
    site = await startSite(haproxy ?? '', async (folder) => topologyIn(folder, origins, ports))
  })

  afterAll(async () => {
    for (const origin of origins) origin.stop()
    await site?.haproxy.stop()
  })

  const ask = (host: string, path = '/', headers = {}): Promise<Reply> =>
    get(ports[0] ?? 0, host, path, headers)

  test.each([
    ['api.farmer.io', '/', 'root'],
    ['api.farmer.io', '/x/y?q=1', 'root'],
    ['API.Farmer.IO', '/', 'root'],
    ['api.farmer.io:8443', '/', 'root'],
    ['api.farmer.io.', '/', 'root'],
    ['API.farmer.io.:80', '/', 'root'],
    ['api.farmer.io', '/api', 'api'],
    ['api.farmer.io', '/api/', 'api'],
    ['api.farmer.io', '/api/x', 'api'],
    ['api.farmer.io', '/api?x', 'api'],
    ['api.farmer.io', '/apix', 'root'],
    ['api.farmer.io', '/API', 'root'],
    ['api.farmer.io', '/exact', 'exact'],
    ['api.farmer.io', '/exact?q', 'exact'],
    ['api.farmer.io', '/exact/', 'root'],
    ['www.farmer.io', '/', 'wild'],
    ['a.b.farmer.io', '/api', 'wild'],
    ['www.farmer.io', '/exact', 'exact'],
    ['www.deep.farmer.io', '/', 'deep'],
    ['a.b.deep.farmer.io', '/x', 'deep'],
  ])('%s%s goes to %s', async (host, path, origin) => {
    const { status, body } = await ask(host, path)
    expect([status, body]).toEqual([200, origin])
  })

  test.each(['farmer.io', 'xfarmer.io', 'farmer.io.evil.example', 'localhost', '127.0.0.1', ''])(
    'host %j is nobody: 404, with the error page of the frontend',
    async (host) => {
      const { status, body } = await ask(host)
      expect([status, body]).toEqual([404, 'page 404\n'])
    },
  )

  test('what has no backend answers 503 by itself, and never the default', async () => {
    for (const path of ['/hole', '/empty', '/none']) {
      // oxlint-disable-next-line no-await-in-loop
      const { status, body } = await ask('api.farmer.io', path)
      expect([path, status, body]).toEqual([path, 503, 'page 503\n'])
      // oxlint-disable-next-line no-await-in-loop
      expect((await get(ports[1] ?? 0, 'api.farmer.io', path)).status).toBe(503)
    }
  })

  test('with a default backend it takes what no rule matches', async () => {
    const { status, body } = await get(ports[1] ?? 0, 'unknown.example')
    expect([status, body]).toEqual([200, 'deep'])
  })

  test('with a route for all hosts no host is unknown', async () => {
    const port = ports[2] ?? 0
    const bodies = await Promise.all(['x.example', '', '[::1]:80'].map((host) => get(port, host)))
    expect(bodies.map(({ body }) => body)).toEqual(['root', 'root', 'root'])
  })

  test('weights split requests', async () => {
    let api = 0
    for (let i = 0; i < 600; i++) {
      // oxlint-disable-next-line no-await-in-loop -- a few connections at a time are enough
      if ((await ask('api.farmer.io', '/split')).body === 'api') api++
    }
    // 60 expected; five standard deviations are 37.
    expect(api).toBeGreaterThan(22)
    expect(api).toBeLessThan(98)
  })

  test('redirects keep what they do not change', async () => {
    const move = await ask('API.farmer.io:80', '/move/a?b=%20c')
    expect([move.status, move.headers.location]).toEqual([
      301,
      'https://api.farmer.io:8443/move/a?b=%20c',
    ])
    const scheme = await ask('api.farmer.io', '/scheme')
    expect([scheme.status, scheme.headers.location]).toEqual([
      308,
      'http://farmer.io:8081/50%/%[path]',
    ])
  })

  test('headers change for the frontend, or for one rule', async () => {
    const reply = await ask('www.farmer.io', '/', { 'X-Forwarded-Proto': 'spoofed', 'X-Drop': 'x' })
    const seen = origins.find(({ name }) => name === 'wild')?.seen.at(-1)?.headers
    expect(seen).toMatchObject({ 'x-forwarded-proto': 'http' })
    expect(seen).not.toHaveProperty('x-drop')
    expect(reply.headers['x-rule']).toBe('wild')
    expect((await ask('api.farmer.io')).headers).not.toHaveProperty('x-rule')
  })

  test('statistics ask for the password, beside routes that do not', async () => {
    const port = ports[3] ?? 0
    const refused = await get(port, 'api.farmer.io', '/stats')
    expect(refused.status).toBe(401)
    expect(refused.headers['www-authenticate']).toBe(String.raw`Basic realm="Farm \"A\" 5%"`)
    const shown = await get(port, 'unknown.example', '/stats', { Authorization: PASSWORD })
    expect([shown.status, shown.body]).toEqual([200, expect.stringContaining('Statistics Report')])
    expect((await get(port, 'api.farmer.io', '/')).body).toBe('root')
    expect((await get(port, 'unknown.example', '/')).status).toBe(404)
  })

  test('health checks ask what they are told to, and take a sick server out', async () => {
    const sick = origins.find(({ name }) => name === 'sick')
    await vi.waitFor(
      async () => expect((await get(ports[1] ?? 0, 'www.farmer.io', '/exact')).status).toBe(503),
      { timeout: 5000, interval: 50 },
    )
    expect(sick?.seen[0]).toMatchObject({
      method: 'HEAD',
      url: '/broken?x=%20#y',
      headers: { host: 'sick.farmer.io' },
    })
    const healthy = origins.find(({ name }) => name === 'api')?.seen.map(({ url }) => url)
    expect(healthy).toContain('/health')
    expect((await ask('api.farmer.io', '/api')).status).toBe(200)
  })

  test('the process shows its stamp, and goes on serving after a reload', async () => {
    const stamp = (): Promise<string> | undefined =>
      site?.haproxy.ask('get var proc.legate_structure', '@1')
    expect(await stamp()).toContain(site?.bundle.structure)
    await site?.haproxy.reload()
    await vi.waitFor(async () => expect(await stamp()).toContain(site?.bundle.structure))
    expect((await ask('api.farmer.io', '/api')).body).toBe('api')
  })
})

async function topologyIn(
  folder: string,
  origins: readonly Origin[],
  [plain, withDefault, all, stats]: readonly number[],
): Promise<ReturnType<typeof aTopology>> {
  const errorFiles = await Promise.all(
    [404, 503].map(async (status) => {
      const path = join(folder, `${status}.http`)
      const page = `HTTP/1.1 ${status} X\r\nContent-Length: 9\r\n\r\npage ${status}\n`
      await writeFile(path, page)
      return { status, path }
    }),
  )
  const headers = [
    { on: 'request', action: 'set', name: 'X-Forwarded-Proto', value: 'http' },
    { on: 'request', action: 'remove', name: 'X-Drop' },
    { on: 'response', action: 'set', name: 'X-Rule', value: 'wild', rule: 'r/wild/0' },
  ] as const
  const redirects = [
    { rule: 'r/move/0', status: 301, scheme: 'https', port: 8443 },
    { rule: 'r/scheme/0', status: 308, hostname: 'farmer.io', port: 8081, path: '/50%/%[path]' },
  ] as const
  const check = { type: 'http', intervalMs: 100, rise: 1, fall: 1, timeoutMs: 1000 } as const
  const http = { method: 'GET', path: '/health', expectStatus: '200-299,304' }
  const sick = {
    method: 'HEAD',
    path: '/broken?x=%20#y',
    host: 'sick.farmer.io',
    expectStatus: '200',
  }
  const others = ROUTES.targets.filter(([key]) => key !== 'r/exact/0/')
  const sickRoutes = { ...ROUTES, targets: [['r/exact/0/', 'sick'] as const, ...others] }
  const uri = '/stats'
  return aTopology({
    // The other defaults have no pages: the last resort must use those of the frontend all the same.
    defaults: [aDefaults({ errorFiles }), aDefaults({ resource: 'Defaults/default/z', name: 'z' })],
    userlists: [
      {
        resource: 'Userlist/default/admins',
        name: 'admins',
        groups: [],
        users: [{ name: 'bob', passwordHash: HASH }],
      },
    ],
    frontends: [
      frontend('plain', plain ?? 0, { headers, redirects }),
      frontend('withdefault', withDefault ?? 0, { defaultBackend: 'deep', routes: sickRoutes }),
      frontend('all', all ?? 0, { routes: CATCH_ALL, catchAll: true }),
      frontend('both', stats ?? 0, {
        stats: { uri, realm: 'Farm "A" 5%', userlist: 'admins', showNode: false },
      }),
    ],
    backends: [
      ...origins.map((origin) =>
        backend(origin, {
          ...(origin.name === 'api' && { check: { ...check, http } }),
          ...(origin.name === 'sick' && { check: { ...check, http: sick } }),
        }),
      ),
      aBackend({ resource: 'Backend/default/empty', name: 'empty', servers: [], defaults: 'z' }),
    ],
  })
}
