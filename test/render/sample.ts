/** A topology with every kind of section and most fields set, the shipped templates, and short cuts around them. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Bundle } from '../../src/model/bundle.ts'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import type { Templates } from '../../src/model/snapshot.ts'
import type {
  BackendSection,
  DefaultsSection,
  FrontendSection,
  RouteMaps,
  Topology,
} from '../../src/model/topology.ts'
import { render } from '../../src/render/render.ts'

export const LAYOUT = { configFile: '/etc/haproxy/haproxy.cfg', mapsDir: '/etc/haproxy/maps' }

const folder = new URL('../../templates/', import.meta.url)

export const TEMPLATES: Templates = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
)

/** The shipped templates with some of them replaced. */
export function templatesWith(overrides: Readonly<Record<string, string>>): Templates {
  return new Map([...TEMPLATES, ...Object.entries(overrides)])
}

export const NO_ROUTES: RouteMaps = { hosts: [], wildcards: [], exact: [], prefix: [], targets: [] }

export function aDefaults(change: Partial<DefaultsSection> = {}): DefaultsSection {
  return {
    resource: 'Defaults/default/web',
    name: 'web',
    mode: 'http',
    maxconn: 2000,
    retries: 3,
    options: ['httplog', 'dontlognull', 'redispatch'],
    timeouts: [
      { name: 'connect', ms: 5000 },
      { name: 'client', ms: 50_000 },
      { name: 'server', ms: 50_000 },
    ],
    errorFiles: [],
    ...change,
  }
}

export function aFrontend(change: Partial<FrontendSection> = {}): FrontendSection {
  return {
    resource: 'Frontend/default/http',
    name: 'http',
    defaults: 'web',
    binds: [{ address: '127.0.0.1', port: 8080, name: 'http', acceptProxy: false }],
    headers: [],
    redirects: [],
    routes: NO_ROUTES,
    catchAll: false,
    ...change,
  }
}

export function aBackend(change: Partial<BackendSection> = {}): BackendSection {
  return {
    resource: 'Backend/default/api',
    name: 'api',
    defaults: 'web',
    balance: { algorithm: 'roundrobin', consistent: true },
    timeouts: [],
    servers: [
      { name: 'i-0123456789ab', address: '10.0.0.1', port: 8080, weight: 100 },
      { name: 'i-ba9876543210', address: '2001:db8::1', port: 8080, weight: 1 },
    ],
    ...change,
  }
}

export function aTopology(change: Partial<Topology> = {}): Topology {
  return {
    global: { log: [], tls: {}, statsSocket: '/run/haproxy/legate.sock', hardStopAfterMs: 600_000 },
    defaults: [aDefaults()],
    userlists: [],
    frontends: [aFrontend()],
    backends: [aBackend()],
    fileDigests: new Map(),
    certificates: new Map(),
    secrets: [],
    ...change,
  }
}

/** Everything there is. */
export function aFullTopology(): Topology {
  return aTopology({
    global: {
      resource: 'Global/default/main',
      maxconn: 4096,
      threads: 2,
      log: [
        { address: '127.0.0.1:514', facility: 'local0', level: 'notice' },
        { address: '2001:db8::5', facility: 'local1' },
        { address: '/dev/log', facility: 'daemon' },
        { address: 'stdout', facility: 'local0', format: 'raw' },
      ],
      tls: {
        minVersion: 'TLSv1.2',
        ciphers: 'ECDHE+AESGCM:!aNULL',
        cipherSuites: 'TLS_AES_128_GCM_SHA256',
      },
      user: 'nobody',
      statsSocket: '/run/haproxy/legate.sock',
      hardStopAfterMs: 600_000,
    },
    userlists: [
      {
        resource: 'Userlist/default/admins',
        name: 'admins',
        groups: [{ name: 'ops', users: ['bob', 'eve@farmer.io'] }],
        users: [
          { name: 'bob', passwordHash: '$5$salt$0123456789abcdef' },
          { name: 'eve@farmer.io', passwordHash: '$6$salt$fedcba9876543210' },
        ],
      },
    ],
    frontends: [
      aFrontend({
        maxconn: 1000,
        catchAll: true,
        defaultBackend: 'web',
        binds: [
          { address: '*', port: 8080, name: 'http', acceptProxy: true },
          { address: '::1', port: 8080, name: 'six', acceptProxy: false },
        ],
        headers: [
          { on: 'request', action: 'set', name: 'X-Forwarded-Proto', value: 'http' },
          { on: 'response', action: 'remove', name: 'Server', rule: 'default/web/0' },
          {
            on: 'response',
            action: 'add',
            name: 'X-Note',
            value: '50% of "it"',
            rule: 'default/web/0',
          },
        ],
        redirects: [
          { rule: 'default/web/0', status: 301, scheme: 'https', port: 8443 },
          { rule: 'default/web/1', status: 302, hostname: 'farmer.io', path: '/100%' },
        ],
      }),
      aFrontend({
        resource: 'Frontend/default/stats',
        name: 'stats',
        binds: [{ address: '127.0.0.1', port: 8404, name: 'stats', acceptProxy: false }],
        stats: {
          uri: '/',
          refreshMs: 10_000,
          realm: 'Farm "A"',
          userlist: 'admins',
          showNode: true,
        },
      }),
    ].map(withoutRoutesWhereStats),
    backends: [
      aBackend({
        check: {
          type: 'http',
          intervalMs: 2000,
          rise: 2,
          fall: 3,
          timeoutMs: 1500,
          port: 8081,
          http: { method: 'GET', path: '/health', host: 'api.farmer.io', expectStatus: '200-399' },
        },
        maxconnPerServer: 10,
        retries: 1,
        timeouts: [
          { name: 'server', ms: 10_000 },
          { name: 'check', ms: 9000 },
        ],
      }),
      aBackend({
        resource: 'Backend/team/web',
        name: 'team.web',
        balance: { algorithm: 'hdr', header: 'X-User', consistent: true },
        check: { type: 'tcp', intervalMs: 2000, rise: 2, fall: 3 },
        servers: [],
      }),
      aBackend({ resource: 'Backend/default/web', name: 'web', maxconnPerServer: 5 }),
    ],
  })
}

function withoutRoutesWhereStats(frontend: FrontendSection): FrontendSection {
  const { routes: _routes, ...rest } = frontend
  return frontend.stats === undefined ? frontend : rest
}

/** The bundle, or an error with what was wrong. */
export function bundleOf(
  topology: Topology,
  templates: Templates = TEMPLATES,
  layout: Parameters<typeof render>[2] = LAYOUT,
): Bundle {
  const rendering = render(topology, templates, layout)
  if (!rendering.ok) throw new Error(JSON.stringify(rendering.diagnostics, null, 1))
  return rendering.bundle
}

/** What was wrong; empty when nothing was. */
export function troubleOf(
  topology: Topology,
  templates: Templates = TEMPLATES,
): readonly Diagnostic[] {
  const rendering = render(topology, templates, LAYOUT)
  return rendering.ok ? [] : rendering.diagnostics
}

/** The lines of one section, without its mark. */
export function sectionOf(bundle: Bundle, header: string): string[] {
  const section = bundle.sections.find((s) => s.header === header)
  return (section?.text ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.trim().startsWith('#'))
}
