/** The story this project began with: an instance dies, and somebody is told. Real Consul, HAProxy and Prometheus. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeDaemonSite, startDaemon } from '../daemon/rig.ts'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { freePort, haproxy, shareConsul } from '../e2e/rig.ts'
import { makeCertificate, ROOT, startWebServer, type WebServer } from '../tools/site.ts'
import { DASHBOARD, filledIn, PANELS } from './dashboard.ts'
import { promtool, runPromtool, shortened } from './promtool.ts'
import { prometheus, startPrometheus, type Prometheus } from './rig.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }
const parts = [shared, haproxy, prometheus, promtool]

const MORE = (ports: { readonly tls: number; readonly stats: number }): string => `---
apiVersion: legate/v1
kind: Frontend
metadata: { name: stats }
spec:
  listeners: [{ name: local, address: 127.0.0.1, port: ${ports.stats} }]
  stats: {}
---
apiVersion: legate/v1
kind: Frontend
metadata: { name: https }
spec:
  listeners:
    - name: tls
      address: 127.0.0.1
      port: ${ports.tls}
      protocol: HTTPS
      tls: { certificateRefs: [{ name: farmer }] }
  defaultBackendRef: { name: app }
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: farmer }
spec: { file: certs/farmer.pem }
`

/** As docs/metrics.md tells people to do it. */
function withExporter(template: string): string {
  const line = '    http-request use-service prometheus-exporter if { path /metrics }'
  return template.replace(/^ +stats enable$/m, (found) => `${found}\n${line}`)
}

/** An instance that Consul itself checks, twice a second. */
async function startInstance(service: string, id: string): Promise<WebServer> {
  const web = await startWebServer(id)
  onTestFinished(() => void web.child.kill('SIGKILL'))
  const check = { Name: 'answers', HTTP: `http://127.0.0.1:${web.port}/health`, Interval: '500ms' }
  const checks = [{ ...check, Timeout: '400ms', Status: 'passing' }]
  await shared?.register({ service, id, address: '127.0.0.1', port: web.port, checks })
  return web
}

/** The states an alert goes through, until the last of them is as wished. */
async function statesUntil(
  server: Prometheus,
  alert: string,
  wished: string,
): Promise<readonly string[]> {
  const states: string[] = []
  await server.until(async () => {
    const state = await server.stateOf(alert)
    if (state !== states.at(-1)) states.push(state)
    return state === wished ? true : undefined
  }, 30_000)
  return states
}

describe.skipIf(parts.includes(undefined))('Prometheus', () => {
  test('an instance dies: the alert waits, fires and ends; every panel has data', async () => {
    const app = 'watched'
    const stats = await freePort()
    const [, second] = [
      await startInstance(app, 'watched-1'),
      await startInstance(app, 'watched-2'),
    ]
    const site = await makeDaemonSite(
      consul,
      (s) =>
        plainFrontend(s) +
        consulBackend('app', app, ['capacity: { desired: 2, minimum: 1 }']) +
        MORE({ tls: s.tlsPort, stats }),
      { templates: 'templates' },
    )
    for (const folder of ['files/certs', 'templates']) mkdirSync(site.path(folder))
    await makeCertificate(site.path('files/certs/farmer.pem'))
    const template = readFileSync(join(ROOT, 'templates/frontend.cfg.njk'), 'utf8')
    site.write('templates/frontend.cfg.njk', withExporter(template))
    const daemon = await startDaemon(site)
    await daemon.servers('app', 2)

    const targets = { legate: site.listen, haproxy: `127.0.0.1:${stats}` }
    const server = await startPrometheus(targets, shortened({ forS: 3, windowS: 3 }))
    await server.until(async () =>
      (await server.query('up == 1')).length === 2 ? true : undefined,
    )
    const capacity = 'legate_backend_capacity{backend="default/app"}'
    await server.until(async () => ((await server.query(capacity)).length === 3 ? true : undefined))
    expect(await server.stateOf('LegateBackendBelowDesired')).toBe('inactive')

    second.child.kill('SIGKILL')
    await daemon.servers('app', 1)
    const fallen = await statesUntil(server, 'LegateBackendBelowDesired', 'firing')
    expect(fallen.slice(-2)).toEqual(['pending', 'firing'])
    const [alert] = await server.alerts()
    expect(alert?.labels).toMatchObject({ backend: 'default/app', instance: site.listen })
    expect(await server.alerts()).toHaveLength(1)
    const unhealthy = 'legate_backend_servers{backend="default/app",state="unhealthy"}'
    expect((await server.query(unhealthy))[0]?.value[1]).toBe('1')
    const commands = 'sum(legate_runtime_commands_total{result="success"})'
    expect(Number((await server.query(commands))[0]?.value[1])).toBeGreaterThan(0)
    await expectDataEverywhere(server)

    const metrics = await fetch(`http://${site.listen}/metrics`)
    expect(await runPromtool(['check', 'metrics'], await metrics.text())).toEqual({
      code: 0,
      said: '',
    })

    await startInstance(app, 'watched-2')
    await daemon.servers('app', 2)
    expect((await statesUntil(server, 'LegateBackendBelowDesired', 'inactive')).at(-1)).toBe(
      'inactive',
    )
    expect(await server.alerts()).toEqual([])
  })
})

async function expectDataEverywhere(server: Prometheus): Promise<void> {
  const empty: string[] = []
  for (const { title, targets = [] } of PANELS)
    for (const { expr } of targets)
      // oxlint-disable-next-line no-await-in-loop -- one server
      if ((await server.query(filledIn(expr))).length === 0) empty.push(`${title}: ${expr}`)
  expect(empty).toEqual([])
  for (const { expr } of DASHBOARD.annotations.list)
    // oxlint-disable-next-line no-await-in-loop -- one server
    await server.query(filledIn(expr))
  // What nobody exports would have been seen.
  expect(await server.query(filledIn('legate_no_such{instance=~"$instance"}'))).toEqual([])
}
