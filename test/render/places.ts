/** Where text of a manifest ends up: one topology for each place, with the text in it. */
import { isIPv6 } from 'node:net'
import type { FrontendSection, HeaderChange, Topology } from '../../src/model/topology.ts'
import { aBackend, aFrontend, aFullTopology, aTopology } from './sample.ts'

export interface Place {
  readonly put: (value: string) => Topology
  /** How the value stands in its word, read back. */
  readonly spelt?: (value: string) => string
}

const percent = (value: string): string => value.replaceAll('%', '%%')
const full = aFullTopology()

function withHeader(change: Partial<HeaderChange>): Topology {
  const header: HeaderChange = { on: 'request', action: 'set', name: 'X-A', ...change }
  return aTopology({ frontends: [aFrontend({ headers: [header] })] })
}

function withStats(change: Partial<NonNullable<FrontendSection['stats']>>): Topology {
  const stats = { uri: '/s', realm: 'r', userlist: 'admins', showNode: true, ...change }
  return aTopology({ frontends: [aFrontend({ stats })] })
}

function withCheck(http: { path?: string; host?: string }): Topology {
  const check = { type: 'http', intervalMs: 1000, rise: 1, fall: 1 } as const
  const asked = { method: 'GET', path: '/', expectStatus: '200', ...http }
  return aTopology({ backends: [aBackend({ check: { ...check, http: asked } })] })
}

function withRedirect(change: { hostname?: string; path?: string }): Topology {
  const redirects = [{ rule: 'a/b/0', status: 301, ...change }] as const
  return aTopology({ frontends: [aFrontend({ redirects })] })
}

function withServer(change: { name?: string; address?: string }): Topology {
  const server = { name: 's1', address: '10.0.0.1', port: 80, weight: 1, ...change }
  return aTopology({ backends: [aBackend({ servers: [server] })] })
}

/** Every free text of a topology; what a schema would not let through is tried all the same. */
export const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>(
  Object.entries({
    'the value of a header': { put: (value) => withHeader({ value }), spelt: percent },
    'the value of a response header': {
      put: (value) => withHeader({ on: 'response', action: 'add', value, rule: 'a/b/0' }),
      spelt: percent,
    },
    'the name of a header': { put: (name) => withHeader({ name, value: 'x' }) },
    'the name of a removed header': { put: (name) => withHeader({ action: 'remove', name }) },
    'the rule of a header': { put: (rule) => withHeader({ value: 'x', rule }) },
    'the realm': {
      put: (realm) => withStats({ realm }),
      spelt: (value) => value.replaceAll(/["\\]/g, String.raw`\$&`),
    },
    'the path of the statistics': { put: (uri) => withStats({ uri }) },
    'the path of a check': { put: (path) => withCheck({ path }) },
    'the host of a check': { put: (host) => withCheck({ host }), spelt: percent },
    'the host of a redirect': { put: (hostname) => withRedirect({ hostname }), spelt: percent },
    'the path of a redirect': { put: (path) => withRedirect({ path }), spelt: percent },
    'the name of a server': { put: (name) => withServer({ name }) },
    'the address of a server': {
      put: (address) => withServer({ address }),
      spelt: (value) => (isIPv6(value) ? `[${value}]` : value),
    },
    'the name of a backend': { put: (name) => aTopology({ backends: [aBackend({ name })] }) },
    'the name of a frontend': { put: (name) => aTopology({ frontends: [aFrontend({ name })] }) },
    'a default backend': {
      put: (defaultBackend) => aTopology({ frontends: [aFrontend({ defaultBackend })] }),
    },
    'the header of a balance': {
      put: (header) =>
        aTopology({
          backends: [aBackend({ balance: { algorithm: 'hdr', header, consistent: true } })],
        }),
    },
    'the ciphers': {
      put: (ciphers) => ({ ...full, global: { ...full.global, tls: { ciphers } } }),
    },
    'the user': { put: (user) => ({ ...full, global: { ...full.global, user } }) },
    'the chroot': { put: (chroot) => ({ ...full, global: { ...full.global, chroot } }) },
    'the socket': { put: (statsSocket) => ({ ...full, global: { ...full.global, statsSocket } }) },
    'a log address': {
      spelt: (value) => (isIPv6(value) ? `[${value}]:514` : value),
      put: (address) => ({
        ...full,
        global: { ...full.global, log: [{ address, facility: 'local0' }] },
      }),
    },
    'a password hash': {
      put: (passwordHash) => ({
        ...full,
        userlists: [
          {
            resource: 'Userlist/default/admins',
            name: 'admins',
            groups: [],
            users: [{ name: 'bob', passwordHash }],
          },
        ],
      }),
    },
    'a certificate': {
      put: (path) => {
        const tls = { certificates: [path], crtLists: [], alpn: [] }
        const bind = { address: '10.0.0.1', port: 443, name: 'a', acceptProxy: false, tls }
        return aTopology({ frontends: [aFrontend({ binds: [bind] })] })
      },
    },
  }),
)
