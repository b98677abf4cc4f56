/** What a pass saw → how many servers of each Backend are in which state. Pure, and remembered where nothing changed. */
import { ingestFor } from '../compile/backend.ts'
import type { Compiled } from '../compile/compile.ts'
import type { Ingested } from '../compile/instances.ts'
import { sectionName } from '../compile/names.ts'
import { backendQuery } from '../compile/needs.ts'
import type { Actual } from '../model/actual.ts'
import type { Answer, Catalog } from '../model/catalog.ts'
import { queryKey } from '../model/catalog.ts'
import type { Capacity } from '../model/event.ts'
import { keepSame, remember } from '../model/remember.ts'
import type { Resource } from '../model/resource.ts'
import type { RunningServer } from '../model/runtime.ts'
import type { Server } from '../model/topology.ts'
import type { BackendSeen, ServerStates } from '../report/metrics-input.ts'
import { SERVER_STATES } from '../report/metrics-table.ts'

export interface StatesSeen {
  readonly backends: readonly Resource<'Backend'>[]
  readonly compiled: Compiled
  readonly catalog: Catalog | undefined
  readonly actual: Actual | undefined
}

export function backendsSeen({ backends, compiled, catalog, actual }: StatesSeen): BackendSeen[] {
  const capacities = new Map(compiled.capacities.map((c) => [c.resource, c]))
  const running = actual?.running.state === 'running' ? actual.running.process.live : undefined
  return backends.flatMap((backend) => {
    const capacity = capacities.get(backend.id)
    if (capacity === undefined) return []
    const { key, section } = namesOf(backend)
    const facts = {
      backend,
      capacity,
      key,
      fresh: answerIn(catalog, key),
      believed: answerIn(compiled.believed, key),
      live: running?.servers.get(section) ?? NOBODY,
      wanted: compiled.applied.get(backend.id)?.servers ?? NONE_WANTED,
    }
    return [kept(backend, lookAt(keptFacts(backend, facts)))]
  })
}

function answerIn(catalog: Catalog | undefined, key: string | undefined): Answer | undefined {
  return key === undefined ? undefined : catalog?.get(key)?.answer
}

/** All that a Backend is looked at with. */
interface Facts {
  readonly backend: Resource<'Backend'>
  readonly capacity: Capacity
  /** Of its question to Consul. */
  readonly key: string | undefined
  readonly fresh: Answer | undefined
  readonly believed: Answer | undefined
  readonly live: readonly RunningServer[]
  readonly wanted: readonly Server[]
}

const namesOf: (backend: Resource<'Backend'>) => {
  readonly key: string | undefined
  readonly section: string
} = remember((backend) => {
  const query = backendQuery(backend)
  return { key: query && queryKey(query), section: sectionName(backend) }
})

const FACTS = ['capacity', 'key', 'fresh', 'believed', 'live', 'wanted'] as const
const keptFacts: (backend: object, next: Facts) => Facts = keepSame((before, next) =>
  isSame(before, next, FACTS),
)

const lookAt: (facts: Facts) => BackendSeen = remember((facts) => {
  const { capacity, key, live, wanted } = facts
  return {
    capacity,
    servers: withHaproxy(consulStates(facts), live, wanted),
    ...(key !== undefined && { watch: key }),
  }
})

/** What is printed of those that are as they were is not printed anew. */
const kept: (backend: object, next: BackendSeen) => BackendSeen = keepSame(
  (before, next) =>
    before.watch === next.watch &&
    isSame(before.servers, next.servers, SERVER_STATES) &&
    isSame(before.capacity, next.capacity, CAPACITY),
)
const CAPACITY = ['resource', 'level', 'available', 'desired', 'minimum', 'held'] as const

function isSame<K extends string>(
  before: Readonly<Partial<Record<K, unknown>>>,
  next: Readonly<Partial<Record<K, unknown>>>,
  keys: readonly K[],
): boolean {
  return keys.every((key) => before[key] === next[key])
}

const NONE_WANTED: readonly Server[] = []
const NOBODY: readonly RunningServer[] = []
const NONE: ServerStates = { healthy: 0, unhealthy: 0, draining: 0, maintenance: 0, held: 0 }

/** As far as Consul and the guards decide. */
function consulStates({ backend, capacity, key, fresh, believed }: Facts): ServerStates {
  const { available, held } = capacity
  if (key === undefined) return { ...NONE, healthy: available }
  if (believed?.state !== 'answered') return { ...NONE, held: available }
  const ingested = ingestFor(backend, believed.instances)
  const { unhealthy, maintenance } = leftOut(ingested)
  const isNamed = !held || isNaming(fresh)
  // Servers that were kept may be more than those that Consul names now.
  const healthy = isNamed ? Math.min(available, ingested.servers.length) : 0
  return { ...NONE, healthy, unhealthy, maintenance, held: available - healthy }
}

/** Whether what stands is what Consul says now. */
function isNaming(answer: Answer | undefined): boolean {
  return answer?.state === 'answered' && answer.instances.length > 0
}

const leftOut: (ingested: Ingested) => Pick<ServerStates, 'unhealthy' | 'maintenance'> = remember(
  (ingested) => {
    const ill = ingested.leftOut.filter((out) => out.kind === 'health')
    const maintenance = ill.filter((out) => out.why === 'is in maintenance').length
    return { maintenance, unhealthy: ill.length - maintenance }
  },
)

/** What HAProxy itself says of a server takes it out, whatever Consul says; one that leaves is seen here only. */
function withHaproxy(
  states: ServerStates,
  live: readonly RunningServer[],
  wanted: readonly Server[],
): ServerStates {
  if (live.every((server) => stateOf(server) === undefined)) return states
  const out = live.flatMap((server) => {
    const state = stateOf(server)
    return state === undefined ? [] : [{ name: server.name, state }]
  })
  const names = new Set(wanted.map((server) => server.name))
  const ours = out.filter(({ name }) => names.has(name))
  // What a failed check took out is counted only where it is ours; HAProxy checks what drains, too.
  const counted = out.filter(({ name, state }) => state !== 'unhealthy' || names.has(name))
  const count = (wish: string): number => counted.filter(({ state }) => state === wish).length
  const healthy = Math.max(0, states.healthy - ours.length)
  return {
    healthy,
    held: Math.max(0, states.held - (ours.length - (states.healthy - healthy))),
    unhealthy: states.unhealthy + count('unhealthy'),
    draining: states.draining + count('draining'),
    maintenance: states.maintenance + count('maintenance'),
  }
}

/** Undefined for a server that may take traffic. */
function stateOf({
  admin,
  check,
}: RunningServer): 'draining' | 'maintenance' | 'unhealthy' | undefined {
  if (admin === 'drain') return 'draining'
  if (admin === 'maintenance') return 'maintenance'
  return check === 'failed' ? 'unhealthy' : undefined
}
