/** Sections of the topology as templates see them: every field there, null where it is not set. docs/templates.md lists them. */
import { isHostName } from '../model/host-name.ts'
import type {
  BackendSection,
  Bind,
  DefaultsSection,
  FrontendSection,
  GlobalSection,
  HealthCheck,
  Redirect,
  UserlistSection,
} from '../model/topology.ts'
import type { View } from './text.ts'
import { viewOf } from './text.ts'

type Context = Readonly<Record<string, View>>

/** Algorithms that choose a server by a hash. */
const HASHED: ReadonlySet<string> = new Set(['source', 'uri', 'hdr'])

export function globalView(section: GlobalSection, structure: string): Context {
  const unset = { maxconn: null, threads: null, chroot: null, user: null, group: null }
  const tls = { minVersion: null, ciphers: null, cipherSuites: null, ...section.tls }
  const log = section.log.map((target) => ({ level: null, format: null, ...target }))
  return rooted('global', { ...unset, ...section, tls, log, structure })
}

export function defaultsView(section: DefaultsSection): Context {
  return rooted('defaults', { maxconn: null, retries: null, ...section })
}

export function userlistView(section: UserlistSection): Context {
  return rooted('userlist', section)
}

/** `maps`, the paths of the map files by their part in the routing, stand for the routes. */
export function frontendView(
  { routes, ...section }: FrontendSection,
  maps: Readonly<Record<string, string>>,
): Context {
  const stats = section.stats && { refreshMs: null, userlist: null, ...section.stats }
  return rooted('frontend', {
    maxconn: null,
    defaultBackend: null,
    ...section,
    maps: routes === undefined ? null : maps,
    stats: stats ?? null,
    binds: section.binds.map((bind) => ({ ...bind, tls: bindTls(bind) })),
    headers: section.headers.map((change) => ({
      value: null,
      rule: null,
      ...change,
      action: change.action === 'remove' ? 'del' : change.action,
    })),
    redirects: section.redirects.flatMap((redirect) => redirectViews(redirect, section.binds)),
  })
}

function bindTls({ tls }: Bind): object | null {
  return tls === undefined ? null : { minVersion: null, ...tls }
}

/**
 * Without a scheme of its own a redirect keeps the request's: known beforehand where all listeners speak
 * the same, else asked for request by request (`only`).
 */
function redirectViews(redirect: Redirect, binds: readonly Bind[]): object[] {
  if (redirect.scheme !== undefined) return [redirectView(redirect, redirect.scheme)]
  if (binds.every((bind) => bind.tls !== undefined)) return [redirectView(redirect, 'https')]
  if (binds.every((bind) => bind.tls === undefined)) return [redirectView(redirect, 'http')]
  return [redirectView(redirect, 'https', 'tls'), redirectView(redirect, 'http', 'plain')]
}

function redirectView(
  redirect: Redirect,
  scheme: string,
  only: 'tls' | 'plain' | null = null,
): object {
  const implied = redirect.port === (scheme === 'https' ? 443 : 80)
  const port = implied ? null : (redirect.port ?? null)
  return { hostname: null, path: null, ...redirect, scheme, port, only }
}

/** `ids` are the numbers of the servers, by name. */
export function backendView(section: BackendSection, ids: ReadonlyMap<string, number>): Context {
  const { balance, check, timeouts } = section
  const consistent = balance.consistent && HASHED.has(balance.algorithm)
  return rooted('backend', {
    maxconnPerServer: null,
    retries: null,
    ...section,
    servers: section.servers.map(({ name, address, port, weight }) => ({
      name,
      address,
      port,
      weight,
      id: ids.get(name),
      resolve: isHostName(address),
    })),
    balance: { header: null, ...balance, consistent },
    check: check === undefined ? null : checkView(check),
    // HAProxy has one directive for both: what the check itself says wins.
    timeouts: timeouts.filter(({ name }) => name !== 'check' || check?.timeoutMs === undefined),
  })
}

function checkView(check: HealthCheck): object {
  const http = check.http === undefined ? null : { host: null, ...check.http }
  return { timeoutMs: null, port: null, ...check, http }
}

function rooted(root: string, value: object): Context {
  return { [root]: viewOf(value) }
}
