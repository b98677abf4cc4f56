/** What a pass saw of one Backend → its servers, with what Consul says of each beside what HAProxy says. */
import { ingestFor } from '../compile/backend.ts'
import { describe, serverName } from '../compile/instances.ts'
import { sectionName } from '../compile/names.ts'
import { backendQuery } from '../compile/needs.ts'
import type { Running } from '../model/actual.ts'
import type { CheckStatus, Instance } from '../model/catalog.ts'
import { instanceStatus, queryKey } from '../model/catalog.ts'
import { printable } from '../model/failure.ts'
import type { Resource } from '../model/resource.ts'
import type { RunningServer, RunningState } from '../model/runtime.ts'
import type { Server } from '../model/topology.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import type { Tone } from '../report/page-html.ts'
import type { BackendView, Said, ServerRow } from '../report/page-view.ts'

export function viewBackend(outcome: Outcome, name: string, most: number): BackendView | undefined {
  const backend = outcome.manifests?.Backend.find((b) => sectionName(b) === name)
  if (backend === undefined) return undefined
  const rows = rowsOf(backend, outcome).toSorted((a, b) => worst(b) - worst(a))
  const { file, line } = backend.places.value('')
  const servers = { shown: rows.slice(0, most), all: rows.length }
  return { resource: backend.id, name, source: sourceOf(backend), file, line, servers }
}

function sourceOf({ spec }: Resource<'Backend'>): string {
  const { consul } = spec.source
  if (consul === undefined) return 'the manifest itself'
  const { service, tags, datacenter } = consul
  const more = [
    ...(tags === undefined || tags.length === 0 ? [] : [`tags ${tags.map(quoted).join(', ')}`]),
    ...(datacenter === undefined ? [] : [`datacenter ${datacenter}`]),
  ]
  return [`Consul service ${quoted(service)}`, ...more].join(', ')
}

function quoted(text: string): string {
  return `"${printable(text)}"`
}

const GRAVITY: Readonly<Record<Tone, number>> = { bad: 3, warn: 2, none: 1, good: 0 }

function worst({ consul, haproxy }: ServerRow): number {
  return Math.max(GRAVITY[consul.tone], haproxy.tone === 'none' ? 0 : GRAVITY[haproxy.tone])
}

interface Facts {
  readonly wanted: ReadonlyMap<string, Server>
  readonly live: ReadonlyMap<string, RunningServer>
  readonly instances: ReadonlyMap<string, Instance>
  /** By what `describe` makes of an instance. */
  readonly leftOut: ReadonlyMap<string, string>
  readonly isStatic: boolean
  /** Consul says which instances there are. */
  readonly isAnswered: boolean
  /** Why nothing is known of HAProxy's view. */
  readonly unseen?: string
}

function rowsOf(backend: Resource<'Backend'>, outcome: Outcome): ServerRow[] {
  const facts = factsOf(backend, outcome)
  const { wanted, live, instances, leftOut } = facts
  const out = [...instances].filter(([, one]) => leftOut.has(describe(one))).map(([id]) => id)
  return [...new Set([...wanted.keys(), ...live.keys(), ...out])].map((id) => rowOf(id, facts))
}

function factsOf(backend: Resource<'Backend'>, outcome: Outcome): Facts {
  const { compiled, actual } = outcome
  const running = actual?.running
  const live = running?.state === 'running' ? running.process.live.servers : NOBODY
  return {
    ...consulFacts(backend, outcome),
    wanted: byName(compiled?.applied.get(backend.id)?.servers ?? []),
    live: byName(live.get(sectionName(backend)) ?? []),
    ...whyUnseen(running),
  }
}

function consulFacts(
  backend: Resource<'Backend'>,
  { catalog }: Outcome,
): Pick<Facts, 'instances' | 'leftOut' | 'isStatic' | 'isAnswered'> {
  const query = backendQuery(backend)
  const answer = query && catalog?.get(queryKey(query))?.answer
  const listed = answer?.state === 'answered' ? answer.instances : []
  const { leftOut } = ingestFor(backend, listed)
  return {
    instances: new Map(listed.map((one) => [serverName(one), one])),
    leftOut: new Map(leftOut.map(({ instance, why }) => [instance, why])),
    isStatic: query === undefined,
    isAnswered: answer?.state === 'answered',
  }
}

const NOBODY: RunningState['servers'] = new Map()

function whyUnseen(running: Running | undefined): { readonly unseen?: string } {
  if (running?.state === 'running') return {}
  if (running?.state === 'down') return { unseen: 'HAProxy does not run' }
  return { unseen: running?.state === 'not-held' ? 'not looked at' : 'not known' }
}

function byName<S extends { readonly name: string }>(servers: readonly S[]): Map<string, S> {
  return new Map(servers.map((server) => [server.name, server]))
}

function rowOf(id: string, facts: Facts): ServerRow {
  const instance = facts.instances.get(id)
  const live = facts.live.get(id)
  const server = live ?? facts.wanted.get(id)
  const at = server ?? instance
  return {
    name: id,
    ...(instance !== undefined && { instance: nameOf(instance) }),
    address: at === undefined ? '' : printable(`${at.address}:${at.port}`, 80),
    ...(server !== undefined && { weight: server.weight }),
    consul: consulSays(id, instance, facts),
    haproxy: haproxySays(id, facts),
    ...(live?.sessions !== undefined && { sessions: live.sessions }),
  }
}

function nameOf({ id, node }: Instance): string {
  return `${printable(id, 60)} on ${printable(node, 60)}`
}

const TONES: Readonly<Record<CheckStatus, Tone>> = {
  passing: 'good',
  warning: 'warn',
  critical: 'bad',
  maintenance: 'warn',
}

function consulSays(id: string, instance: Instance | undefined, facts: Facts): Said {
  if (facts.isStatic) return { tone: 'none', text: 'in the manifest' }
  if (instance === undefined)
    return facts.wanted.has(id)
      ? { tone: 'warn', text: facts.isAnswered ? 'not named; kept' : 'no answer; kept' }
      : { tone: 'bad', text: 'not registered' }
  const status = instanceStatus(instance)
  const why = facts.leftOut.get(describe(instance))
  const tone = why !== undefined && TONES[status] === 'good' ? 'bad' : TONES[status]
  return { tone, text: why?.replace(/^is /, '') ?? status }
}

function haproxySays(id: string, { live, wanted, unseen }: Facts): Said {
  if (unseen !== undefined) return { tone: 'none', text: unseen }
  const server = live.get(id)
  if (server === undefined)
    return wanted.has(id)
      ? { tone: 'warn', text: 'not there yet' }
      : { tone: 'none', text: 'not there' }
  if (server.admin === 'drain') return { tone: 'warn', text: 'drains' }
  if (server.admin === 'maintenance') return { tone: 'warn', text: 'in maintenance' }
  return CHECKS[server.check]
}

const CHECKS: Readonly<Record<RunningServer['check'], Said>> = {
  passed: { tone: 'good', text: 'up' },
  failed: { tone: 'bad', text: 'down: its check fails' },
  unknown: { tone: 'none', text: 'not checked yet' },
  none: { tone: 'good', text: 'up, not checked' },
}
