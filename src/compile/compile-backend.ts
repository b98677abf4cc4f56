/** One Backend × what Consul says of it and what was applied before → its section, its capacity, what to remember. */
import type { Answer, Catalog, CatalogEntry, Instance } from '../model/catalog.ts'
import { queryKey } from '../model/catalog.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Capacity } from '../model/event.ts'
import { keepSame, remember } from '../model/remember.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import type { AppliedServers, LastGood } from '../model/snapshot.ts'
import type { BackendSection, Server } from '../model/topology.ts'
import { backendSection, ingestFor, registrationDiagnostics, staticServers } from './backend.ts'
import type { Belief } from './believe.ts'
import { believe } from './believe.ts'
import { capacityDiagnostics, capacityOf, GONE } from './capacity.ts'
import type { DepartureGuard } from './departures.ts'
import { durationMs } from './duration.ts'
import { backendQuery } from './needs.ts'
import type { Recalled } from './recall.ts'
import { departureOf, keepAll, recall } from './recall.ts'

export interface BackendInputs {
  readonly manifests: Manifests
  readonly catalog: Catalog
  readonly lastGood: LastGood | undefined
  /** Milliseconds since the epoch. */
  readonly atMs: number
  readonly guard?: DepartureGuard
}

export interface CompiledBackend {
  readonly backend: Resource<'Backend'>
  readonly section: BackendSection
  readonly capacity: Capacity
  readonly diagnostics: readonly Diagnostic[]
  /** Of the question it puts to Consul; absent where it puts none. */
  readonly key?: string
  /** The catalog has an entry for that question, whatever it says. */
  readonly isAsked: boolean
  readonly belief?: Belief | undefined
  /** What is believed, as an answer to its question. */
  readonly believed?: CatalogEntry
  readonly applied: AppliedServers
  /** While Consul says the same and it is applied, time alone changes nothing in it. */
  readonly isSettled: boolean
}

const NO_INSTANCES: readonly Instance[] = []

/** The last compilation of a Backend that time alone does not change. */
interface Settled {
  readonly manifests: Manifests
  readonly answer: Answer | undefined
  readonly compiled: CompiledBackend
}

const settled = new WeakMap<Resource<'Backend'>, Settled>()

/** Where Consul says what it said, and all of it was applied, the last compilation stands. */
export function compileBackend(
  backend: Resource<'Backend'>,
  inputs: BackendInputs,
): CompiledBackend {
  const { manifests, catalog, lastGood } = inputs
  const key = keyOf(backend)
  if (key === undefined) return compileStatic(backend, manifests)
  const entry = catalog.get(key)
  const answer = entry?.answer
  const recalled = recall(backend, key, lastGood)
  const before = settled.get(backend)
  if (before?.manifests === manifests && before.answer === answer && isSame(before, recalled))
    return before.compiled
  const compiled = compileAnswer(backend, inputs, { key, entry, recalled })
  if (compiled.isSettled) settled.set(backend, { manifests, answer, compiled })
  else settled.delete(backend)
  return compiled
}

const keyOf: (backend: Resource<'Backend'>) => string | undefined = remember((backend) => {
  const query = backendQuery(backend)
  return query && queryKey(query)
})

function isSame({ compiled: { applied, belief } }: Settled, recalled: Recalled): boolean {
  return recalled.applied === applied && recalled.last === belief?.instances
}

function isSettled({
  belief,
  applied,
  capacity,
}: Pick<CompiledBackend, 'belief' | 'applied' | 'capacity'>): boolean {
  // With its recovery a Backend names for the last time who had left.
  const isLast = applied.missing.length === 0 && capacity.out.some(({ why }) => why === GONE)
  const isTimed = applied.departingSinceMs !== undefined || (applied.left ?? []).length > 0
  return belief !== undefined && belief.emptySinceMs === undefined && !isTimed && !isLast
}

interface Told {
  readonly key: string
  readonly entry: CatalogEntry | undefined
  readonly recalled: Recalled
}

function compileAnswer(
  backend: Resource<'Backend'>,
  inputs: BackendInputs,
  { key, entry, recalled }: Told,
): CompiledBackend {
  const answer = entry?.answer
  const belief = believe(answer, {
    ...recalled,
    policy: backend.spec.onEmpty.policy,
    holdForMs: durationMs(backend.spec.onEmpty.holdFor),
    atMs: inputs.atMs,
  })
  const ingested = ingestFor(backend, belief?.instances ?? NO_INSTANCES)
  const { servers, held, sinceMs, left } =
    belief === undefined
      ? keepAll(recalled.applied)
      : departureOf(ingested.servers, recalled.applied, inputs)
  const { missing, ...now } = capacityOf(backend, {
    available: servers.length,
    leftOut: ingested.leftOut,
    kept: held.length,
    belief,
    last: recalled.last,
    missing: recalled.missing,
  })
  const capacity = keepCapacity(backend, now.capacity)
  const isUnknown = belief === undefined && !capacity.held
  const applied = {
    servers,
    missing,
    ...(sinceMs !== undefined && { departingSinceMs: sinceMs }),
    ...(left.length > 0 && { left }),
  }
  return {
    backend,
    section: backendSection(backend, inputs.manifests, servers),
    capacity,
    diagnostics: [
      ...registrationDiagnostics(backend, ingested, unusableOf(answer)),
      ...(isUnknown ? [] : capacityDiagnostics(backend, capacity, belief)),
    ],
    key,
    isAsked: entry !== undefined,
    belief,
    ...believedFor(entry, belief),
    applied,
    isSettled: isSettled({ belief, applied, capacity }),
  }
}

/** While only addresses change, whoever watches the capacity has nothing to look at. */
const keepCapacity = keepSame<Capacity>((a, b) => JSON.stringify(a) === JSON.stringify(b))

function believedFor(
  entry: CatalogEntry | undefined,
  belief: Belief | undefined,
): Pick<CompiledBackend, 'believed'> {
  if (entry === undefined || belief === undefined) return {}
  const { instances } = belief
  return { believed: { query: entry.query, answer: { state: 'answered', instances } } }
}

function unusableOf(answer: Answer | undefined): readonly string[] {
  return answer?.state === 'answered' ? (answer.unusable ?? []) : []
}

function compileStatic(backend: Resource<'Backend'>, manifests: Manifests): CompiledBackend {
  const servers: readonly Server[] = staticServers(backend)
  const { capacity, missing } = capacityOf(backend, { available: servers.length, leftOut: [] })
  return {
    backend,
    section: backendSection(backend, manifests, servers),
    capacity,
    diagnostics: capacityDiagnostics(backend, capacity, undefined),
    applied: { servers, missing },
    isAsked: false,
    isSettled: true,
  }
}
