/** Global and Defaults resources to their sections; every proxy takes its defaults from a named one. */
import type { Manifests, Resource } from '../model/resource.ts'
import type { DefaultsSection, GlobalSection, Timeout } from '../model/topology.ts'
import { durationMs } from './duration.ts'
import type { Ref } from './names.ts'
import { filePath, refName, sectionName } from './names.ts'

/** Section for proxies without `defaultsRef` where no Defaults is called `default`. */
const BUILT_IN = 'legate_defaults'

const OPTION_WORDS: Readonly<Record<string, string>> = {
  HTTPLog: 'httplog',
  TCPLog: 'tcplog',
  DontLogNull: 'dontlognull',
  Redispatch: 'redispatch',
  ForwardFor: 'forwardfor',
  HTTPKeepAlive: 'http-keep-alive',
  HTTPServerClose: 'http-server-close',
  AbortOnClose: 'abortonclose',
  TCPKeepAlive: 'tcpka',
  LogHealthChecks: 'log-health-checks',
  LogSeparateErrors: 'log-separate-errors',
  ContStats: 'contstats',
}

/** Field names of `timeouts` to HAProxy's words, in the order they are printed. */
const TIMEOUT_WORDS: readonly (readonly [field: string, word: string])[] = [
  ['connect', 'connect'],
  ['client', 'client'],
  ['clientFin', 'client-fin'],
  ['server', 'server'],
  ['serverFin', 'server-fin'],
  ['queue', 'queue'],
  ['check', 'check'],
  ['httpRequest', 'http-request'],
  ['httpKeepAlive', 'http-keep-alive'],
  ['tunnel', 'tunnel'],
  ['tarpit', 'tarpit'],
]

export function timeoutsOf(timeouts: object): Timeout[] {
  const given = new Map<string, unknown>(Object.entries(timeouts))
  return TIMEOUT_WORDS.flatMap(([field, name]) => {
    const value = given.get(field)
    return typeof value === 'string' ? [{ name, ms: durationMs(value) }] : []
  })
}

export function globalSection(
  global: Resource<'Global'> | undefined,
  statsSocket: string,
): GlobalSection {
  if (global === undefined) return { log: [], tls: {}, statsSocket, hardStopAfterMs: 600_000 }
  const { spec } = global
  return {
    resource: global.id,
    ...(spec.maxconn !== undefined && { maxconn: spec.maxconn }),
    ...(spec.threads !== undefined && { threads: spec.threads }),
    log: spec.log,
    tls: spec.tls,
    ...(spec.chroot !== undefined && { chroot: spec.chroot }),
    ...(spec.user !== undefined && { user: spec.user }),
    ...(spec.group !== undefined && { group: spec.group }),
    statsSocket,
    hardStopAfterMs: durationMs(spec.hardStopAfter),
  }
}

export function defaultsSections(manifests: Manifests, filesRoot: string): DefaultsSection[] {
  const written = manifests.Defaults.map((resource) => defaultsSection(resource, filesRoot))
  return manifests.Defaults.some((d) => d.name === 'default' && d.namespace === 'default')
    ? written
    : [builtIn(), ...written]
}

export function defaultsName(ref: Ref | undefined, from: Resource, manifests: Manifests): string {
  if (ref !== undefined) return refName(ref, from)
  const own = manifests.Defaults.find((d) => d.name === 'default' && d.namespace === from.namespace)
  if (own !== undefined) return sectionName(own)
  return manifests.Defaults.some((d) => d.name === 'default' && d.namespace === 'default')
    ? 'default'
    : BUILT_IN
}

/** HAProxy warns about proxies without timeouts; these are the ones its documentation begins with. */
function builtIn(): DefaultsSection {
  return {
    name: BUILT_IN,
    mode: 'http',
    options: [],
    timeouts: timeoutsOf({ connect: '5s', client: '50s', server: '50s' }),
    errorFiles: [],
  }
}

function defaultsSection(resource: Resource<'Defaults'>, filesRoot: string): DefaultsSection {
  const { spec } = resource
  return {
    resource: resource.id,
    name: sectionName(resource),
    mode: 'http',
    ...(spec.maxconn !== undefined && { maxconn: spec.maxconn }),
    ...(spec.retries !== undefined && { retries: spec.retries }),
    options: spec.options.map((option) => OPTION_WORDS[option] ?? option),
    timeouts: timeoutsOf(spec.timeouts),
    errorFiles: spec.errorFiles.map((e) => ({
      status: e.status,
      path: filePath(filesRoot, e.file),
    })),
  }
}
