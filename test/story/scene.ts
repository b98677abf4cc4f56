/** The parts of the story, all of them real: two instances that Consul checks, HAProxy, the daemon, Prometheus, a receiver. */
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { KEY, receive, type Receiver } from '../daemon/receiver.ts'
import { makeDaemonSite, startDaemon, type Daemon, type DaemonSite } from '../daemon/rig.ts'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { freePort } from '../tools/free-port.ts'
import { shortened } from '../prometheus/promtool.ts'
import { startPrometheus, type Prometheus } from '../prometheus/rig.ts'
import type { ConsulAgent } from '../tools/consul-agent.ts'
import { makeCertificate, ROOT, startWebServer, type WebServer } from '../tools/site.ts'

/** How often Consul looks at an instance. */
export const CHECK_MS = 500
/** How long what is to be told is gathered. */
export const GATHER_MS = 300

export interface Scene {
  readonly site: DaemonSite
  readonly daemon: Daemon
  readonly prometheus: Prometheus
  readonly ops: Receiver
  /** `api-1` and `api-2`. */
  readonly instances: readonly [WebServer, WebServer]
}

/** Who is refused by a server is sent to another one, and never to the same again. */
const DEFAULTS = `---
apiVersion: legate/v1
kind: Defaults
metadata: { name: default }
spec: { retries: 1, options: [Redispatch] }
`

/** What the dashboard has panels for besides. */
const OTHERS = (ports: { readonly tls: number; readonly stats: number }): string => `---
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

export async function makeScene(consul: ConsulAgent): Promise<Scene> {
  const instances = [await startInstance('api-1'), await startInstance('api-2')] as const
  for (const instance of instances) await register(consul, instance)
  const [ops, stats] = [await receive(), await freePort()]
  const site = await makeDaemonSite(
    consul,
    (s) =>
      plainFrontend(s) +
      // HAProxy does not check by itself here: whatever it does about an instance, it was told by Legate.
      consulBackend('app', 'api', ['capacity: { desired: 2, minimum: 1 }']) +
      DEFAULTS +
      OTHERS({ tls: s.tlsPort, stats }),
    {
      templates: 'templates',
      allowedHosts: ['legate.example'],
      notify: { gather: `${GATHER_MS}ms` },
      notifications: [{ name: 'ops', type: 'Webhook', url: ops.url, secretFile: 'key' }],
    },
  )
  site.write('key', `${KEY}\n`)
  for (const folder of ['files/certs', 'templates']) mkdirSync(site.path(folder))
  await makeCertificate(site.path('files/certs/farmer.pem'))
  const template = readFileSync(join(ROOT, 'templates/frontend.cfg.njk'), 'utf8')
  site.write('templates/frontend.cfg.njk', withExporter(template))
  const targets = { legate: site.listen, haproxy: `127.0.0.1:${stats}` }
  const [daemon, prometheus] = await Promise.all([
    startDaemon(site),
    // It takes five seconds to look for the first time, whatever it is told.
    startPrometheus(targets, shortened({ forS: 2, windowS: 3 })),
  ])
  await daemon.servers('app', 2)
  const isUp = async (): Promise<boolean> =>
    (await prometheus.query('up == 1')).length === 2 && (await prometheus.alerts()).length === 0
  await prometheus.until(async () => (await isUp()) || undefined)
  return { site, daemon, prometheus, ops, instances }
}

/** As docs/metrics.md tells people to do it. */
function withExporter(template: string): string {
  const line = '    http-request use-service prometheus-exporter if { path /metrics }'
  return template.replace(/^ +stats enable$/m, (found) => `${found}\n${line}`)
}

/** On a port that nobody is given by chance, so that it can come back there. */
export async function startInstance(id: string, port?: number): Promise<WebServer> {
  const web = await startWebServer(id, port ?? (await freePort()))
  onTestFinished(() => void web.child.kill('SIGKILL'))
  return web
}

/** Consul itself looks whether it answers. */
async function register(consul: ConsulAgent, { id, port }: WebServer): Promise<void> {
  const check = { Name: 'answers', HTTP: `http://127.0.0.1:${port}/health`, Timeout: '400ms' }
  const checks = [{ ...check, Interval: `${CHECK_MS}ms`, Status: 'passing' }]
  await consul.register({ service: 'api', id, address: '127.0.0.1', port, checks })
}

export interface Corpse {
  /** Paths that were asked for, but for those of Consul's check. */
  readonly asked: readonly string[]
  bury(): Promise<void>
}

/** Holds the port of one that has died, and tells whoever still asks there. Consul hears that nothing is well. */
export async function layOut(port: number): Promise<Corpse> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    if (request.url !== '/health') asked.push(request.url ?? '')
    response.writeHead(500).end()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const bury = async (): Promise<void> => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  onTestFinished(bury)
  return { asked, bury }
}
