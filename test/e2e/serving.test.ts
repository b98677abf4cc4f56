/** From a manifest and Consul to the answer that a client gets: real HAProxy, real Consul, the built command. */
import { mkdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ConsulAgent, Registration } from '../tools/consul-agent.ts'
import { makeCertificate } from '../tools/site.ts'
import { backend, consulBackend, plainFrontend } from './manifests.ts'
import { haproxy, makeSite, shareConsul, type Site } from './rig.ts'
import { ask, countServers, startWeb } from './web.ts'

const shared = await shareConsul()

function consul(): ConsulAgent {
  if (shared === undefined) throw new Error('there is no Consul')
  return shared
}

/** Starts a web server and registers it; `id` is also what it answers with. */
async function register(
  service: string,
  id: string,
  more: Partial<Registration> = {},
): Promise<number> {
  const port = await startWeb(id)
  await consul().register({ service, id, port, address: '127.0.0.1', ...more })
  return port
}

async function makeApp(service: string, more: readonly string[] = []): Promise<Site> {
  return makeSite((site) => plainFrontend(site) + consulBackend('app', service, more), {
    consul: { address: consul().address },
  })
}

async function serversOf({ port }: Site, times = 12): Promise<string[]> {
  return [...(await countServers({ port }, times)).keys()].toSorted()
}

const routed = (site: { readonly port: number; readonly tlsPort: number }): string => `
apiVersion: legate/v1
kind: Frontend
metadata: { name: https }
spec:
  listeners:
    - name: tls
      address: 127.0.0.1
      port: ${site.tlsPort}
      protocol: HTTPS
      tls: { certificateRefs: [{ name: farmer }] }
  filters:
    - type: RequestHeaderModifier
      requestHeaderModifier: { set: [{ name: X-Forwarded-Proto, value: https }] }
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: farmer }
spec: { file: certs/farmer.pem, hostnames: [farmer.io, '*.farmer.io'] }
---
apiVersion: legate/v1
kind: Frontend
metadata: { name: plain }
spec:
  listeners: [{ name: plain, address: 127.0.0.1, port: ${site.port} }]
---
apiVersion: legate/v1
kind: HostRoute
metadata: { name: to-https }
spec:
  parentRefs: [{ name: plain }]
  rules:
    - filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, port: ${site.tlsPort}, statusCode: 301 } }]
---
apiVersion: legate/v1
kind: HostRoute
metadata: { name: api }
spec:
  parentRefs: [{ name: https }]
  hostnames: [api.farmer.io]
  rules: [{ backendRefs: [{ name: api }] }]
---
apiVersion: legate/v1
kind: HostRoute
metadata: { name: web }
spec:
  parentRefs: [{ name: https }]
  hostnames: [farmer.io, '*.farmer.io']
  rules:
    - matches: [{ path: { type: PathPrefix, value: /api } }]
      backendRefs: [{ name: api }]
    - matches: [{ path: { type: Exact, value: /status } }]
      backendRefs: [{ name: status }]
    - backendRefs: [{ name: web }]
${['api', 'web', 'status'].map((name) => consulBackend(name, `routed-${name}`)).join('')}`

describe.skipIf(haproxy === undefined || shared === undefined)('a request', () => {
  test('reaches the instance that host name and path say, over TLS', async () => {
    const site = await makeSite(routed, { consul: { address: consul().address } })
    mkdirSync(site.path('files/certs'))
    await makeCertificate(site.path('files/certs/farmer.pem'))
    for (const name of ['api', 'web', 'status'])
      // oxlint-disable-next-line no-await-in-loop -- one after another is as fast
      await register(`routed-${name}`, `${name}-1`)

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('Action: start HAProxy')
    expect(stdout).toMatch(
      /^applied: started and proven in (\d+ ms|\d+\.\d s) \(revision [0-9a-f]{12}\)$/m,
    )
    const reached = async (host: string, path: string): Promise<string> =>
      (await ask({ port: site.tlsPort, tls: true, host, path })).body
    expect(await reached('api.farmer.io', '/')).toBe('api-1 / https')
    expect(await reached('API.farmer.io:8443', '/x?y=1')).toBe('api-1 /x?y=1 https')
    expect(await reached('farmer.io', '/')).toBe('web-1 / https')
    expect(await reached('a.b.farmer.io', '/api/orders')).toBe('api-1 /api/orders https')
    expect(await reached('farmer.io', '/apix')).toBe('web-1 /apix https')
    expect(await reached('farmer.io', '/status')).toBe('status-1 /status https')
    expect(await reached('farmer.io', '/status/x')).toBe('web-1 /status/x https')
    expect((await ask({ port: site.tlsPort, tls: true, host: 'elsewhere.org' })).status).toBe(404)
    expect(await ask({ port: site.port, host: 'farmer.io', path: '/a?b' })).toMatchObject({
      status: 301,
      location: `https://farmer.io:${site.tlsPort}/a?b`,
    })
  })

  test('finds instances as often as their weights say', async () => {
    await register('weighted', 'light', { weights: { passing: 1, warning: 1 } })
    await register('weighted', 'heavy', { weights: { passing: 3, warning: 1 } })
    const site = await makeApp('weighted')

    expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0, stderr: '' })

    // Each thread of HAProxy counts for itself: nearly a quarter, not exactly.
    const light = (await countServers({ port: site.port }, 80)).get('light')
    expect(light).toBeGreaterThan(15)
    expect(light).toBeLessThan(25)
  })

  test('finds the backends of a rule by their weights, and a weight of 0 never', async () => {
    await register('split-a', 'a')
    await register('split-b', 'b')
    const site = await makeSite(
      (place) =>
        plainFrontend(place).replace(
          '[{ name: app }]',
          '[{ name: left, weight: 1 }, { name: right, weight: 1 }, { name: never, weight: 0 }]',
        ) +
        consulBackend('left', 'split-a') +
        consulBackend('right', 'split-b') +
        backend('never', [
          'source: { static: { servers: [{ name: none, address: 127.0.0.1, port: 9 }] } }',
        ]),
      { consul: { address: consul().address } },
    )

    expect((await site.legate('reconcile', '--once')).code).toBe(0)

    expect(await serversOf(site, 60)).toEqual(['a', 'b'])
  })

  test('finds only instances that bear the tags', async () => {
    await register('tagged', 'blue', { tags: ['v2', 'blue'] })
    await register('tagged', 'green', { tags: ['v2', 'green'] })
    const site = await makeSite(
      (place) =>
        plainFrontend(place) +
        backend('app', ['source: { consul: { service: tagged, tags: [v2, blue] } }']),
      { consul: { address: consul().address } },
    )

    expect((await site.legate('reconcile', '--once')).code).toBe(0)

    expect(await serversOf(site)).toEqual(['blue'])
  })
})

const CAPACITY = ['capacity: { desired: 2, minimum: 2 }']

describe.skipIf(haproxy === undefined || shared === undefined)('an instance', () => {
  test('whose check turns critical is out at the next run, and the loss is told', async () => {
    await register('sick', 'sick-1')
    await register('sick', 'sick-2')
    const site = await makeApp('sick', CAPACITY)
    await site.legate('reconcile', '--once')
    expect(await serversOf(site)).toEqual(['sick-1', 'sick-2'])

    await consul().setCheck('service:sick-2', 'critical')
    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toContain('Backend/default/app  1 of 2 servers  BelowMinimum')
    expect(stdout).toMatch(/sick-2 on \S+ \(127\.0\.0\.1:\d+\) is critical: check "/)
    expect(stdout).toContain('because backend app: 1 server left (Consul service "sick")')
    expect(stderr).toContain('warning[LG5003]')
    expect(stderr).toMatch(/manifests\/site\.yaml:\d+:\d+/)
    expect(await serversOf(site)).toEqual(['sick-1'])

    await consul().setCheck('service:sick-2', 'passing')
    expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0, stderr: '' })
    expect(await serversOf(site)).toEqual(['sick-1', 'sick-2'])
  })

  test('in maintenance is out, one with a warning stays in', async () => {
    await register('tired', 'tired-1')
    await register('tired', 'tired-2')
    const site = await makeApp('tired')
    await consul().setMaintenance('tired-1', true)
    await consul().setCheck('service:tired-2', 'warning')

    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toMatch(/tired-1 on \S+ \(\S+\) is in maintenance/)
    expect(await serversOf(site)).toEqual(['tired-2'])
  })

  test('that is deregistered is out, and named as the one that is missing', async () => {
    await register('leaving', 'leaving-1')
    await register('leaving', 'leaving-2')
    const site = await makeApp('leaving', CAPACITY)
    await site.legate('reconcile', '--once')

    await consul().deregister('leaving-1')
    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toMatch(/leaving-1 on \S+ \(\S+\) is no longer registered/)
    expect(await serversOf(site)).toEqual(['leaving-2'])
  })

  test('all critical: a real 503; none registered any more: the last ones are held', async () => {
    const port = await register('gone', 'gone-1')
    const site = await makeApp('gone')
    await site.legate('reconcile', '--once')

    await consul().setCheck('service:gone-1', 'critical')
    const critical = await site.legate('reconcile', '--once')
    expect(critical.code).toBe(0)
    expect(critical.stdout).toContain('Backend/default/app  0 servers  Empty')
    expect(critical.stderr).toContain('warning[LG5002]')
    expect((await ask({ port: site.port })).status).toBe(503)

    await consul().setCheck('service:gone-1', 'passing')
    await site.legate('reconcile', '--once')
    await consul().deregister('gone-1')
    const held = await site.legate('reconcile', '--once')
    expect(held.code).toBe(0)
    expect(held.stderr).toContain('warning[LG5005]')
    expect(held.stdout).toContain('in sync')
    expect(await ask({ port: site.port })).toMatchObject({ status: 200, server: 'gone-1' })
    expect(site.read('haproxy.cfg')).toContain(`127.0.0.1:${port}`)
  })

  test('with an address that may not be used is left out and named; the others serve', async () => {
    await register('odd', 'odd-1')
    await consul().register({ service: 'odd', id: 'odd-2', port: 80, address: '169.254.169.254' })
    const site = await makeApp('odd')

    const { code, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stderr).toContain('warning[LG5004]')
    expect(stderr).toContain('its address 169.254.169.254 is link-local')
    expect(await serversOf(site)).toEqual(['odd-1'])
  })
})
