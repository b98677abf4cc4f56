/** All Backends × what Consul says of them → all of them compiled, and what is to be remembered of them. */
import type { Catalog, CatalogEntry } from '../model/catalog.ts'
import type { Capacity } from '../model/event.ts'
import {
  keysThatDiffer,
  remember,
  rememberEach,
  rememberMap,
  withItems,
} from '../model/remember.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import type { AppliedServers, LastGood } from '../model/snapshot.ts'
import type { BackendSection } from '../model/topology.ts'
import type { BackendInputs, CompiledBackend } from './compile-backend.ts'
import { compileBackend } from './compile-backend.ts'

export interface CompiledBackends {
  readonly all: readonly CompiledBackend[]
  readonly sections: readonly BackendSection[]
  readonly capacities: readonly Capacity[]
  /** To be remembered: what the next servers are held against. */
  readonly applied: ReadonlyMap<string, AppliedServers>
  /** The instances that stand, to be saved as the last good catalog. */
  readonly believed: Catalog
  /** To be saved with the catalog: since when a query has answered empty. */
  readonly emptySinceMs: ReadonlyMap<string, number>
  /** Questions without an answer and without anything to stand in for it. */
  readonly unanswered: readonly Unanswered[]
}

export interface Unanswered {
  readonly backend: Resource<'Backend'>
  readonly key: string
}

interface Last {
  readonly manifests: Manifests
  readonly catalog: Catalog
  readonly compiled: CompiledBackends
  readonly pending: readonly number[]
}

/** The call before; of its memory nothing but time depends on it. */
let last: Last | undefined

export function compileBackends(inputs: BackendInputs): CompiledBackends {
  const { manifests, catalog } = inputs
  const { all, pending } = compileAll(inputs)
  const unsettled = pending.flatMap((place) => all[place] ?? [])
  const compiled = {
    all,
    sections: eachSection(all),
    capacities: eachCapacity(all),
    applied: appliedById(eachId(manifests.Backend), eachApplied(all)),
    believed: believedOf(all),
    emptySinceMs: emptySinceOf(unsettled),
    unanswered: unsettled.flatMap(unansweredOf),
  }
  last = { manifests, catalog, compiled, pending }
  return compiled
}

interface All {
  readonly all: readonly CompiledBackend[]
  /** Places of those that are not settled. */
  readonly pending: readonly number[]
}

/** Where the last compilation was applied, only those are looked at of which Consul says something new. */
function compileAll(inputs: BackendInputs): All {
  const { manifests, catalog, lastGood } = inputs
  const known = last?.manifests === manifests && isFrom(last.compiled, lastGood) ? last : undefined
  const changed = known && keysThatDiffer(known.catalog, catalog)
  if (known === undefined || changed === undefined) {
    const all = manifests.Backend.map((backend) => compileBackend(backend, inputs))
    return { all, pending: [...all.keys()].filter((place) => all[place]?.isSettled === false) }
  }
  const before = known.compiled.all
  const places = placesOf(eachKey(before))
  const due = new Set([...known.pending, ...changed.flatMap((key) => places.get(key) ?? [])])
  if (due.size === 0) return { all: before, pending: [] }
  const all = withItems(
    before,
    [...due].flatMap((place) => {
      const backend = manifests.Backend[place]
      return backend === undefined ? [] : [[place, compileBackend(backend, inputs)] as const]
    }),
  )
  return { all, pending: [...due].filter((place) => all[place]?.isSettled === false) }
}

function isFrom(
  { believed, applied, emptySinceMs }: CompiledBackends,
  lastGood: LastGood | undefined,
): boolean {
  return (
    lastGood?.catalog === believed &&
    lastGood.applied === applied &&
    lastGood.emptySinceMs === emptySinceMs
  )
}

const eachSection = rememberEach(({ section }: CompiledBackend) => section)
const eachCapacity = rememberEach(({ capacity }: CompiledBackend) => capacity)
const eachApplied = rememberEach(({ applied }: CompiledBackend) => applied)
const eachBelieved = rememberEach(({ believed }: CompiledBackend) => believed)
const eachKey = rememberEach(({ key = '' }: CompiledBackend) => key)
const eachId = rememberEach((backend: Resource<'Backend'>) => backend.id)
const appliedById = rememberMap<AppliedServers>()
const believedByKey = rememberMap<CatalogEntry>()

const placesOf = remember((keys: readonly string[]) => {
  const places = new Map<string, number[]>()
  for (const [place, key] of keys.entries()) places.set(key, [...(places.get(key) ?? []), place])
  return places
})

function believedOf(all: readonly CompiledBackend[]): Catalog {
  const [keys, entries] = [eachKey(all), eachBelieved(all)]
  // Each Backend has a question of its own: the map is that of the call before with a few entries.
  if (isWhole(entries) && placesOf(keys).size === keys.length) return believedByKey(keys, entries)
  const believed = new Map<string, CatalogEntry>()
  for (const [place, key] of keys.entries()) {
    const entry = entries[place]
    // Two Backends may ask the same and differ in policy: what one of them holds must not be forgotten.
    const isLess = believed.has(key) && entry?.answer.state === 'answered' && isNone(entry.answer)
    if (entry !== undefined && !isLess) believed.set(key, entry)
  }
  return believed
}

function isWhole(
  entries: readonly (CatalogEntry | undefined)[],
): entries is readonly CatalogEntry[] {
  return !entries.includes(undefined)
}

function isNone({ instances }: Extract<CatalogEntry['answer'], { state: 'answered' }>): boolean {
  return instances.length === 0
}

const NEVER: ReadonlyMap<string, number> = new Map()

function emptySinceOf(unsettled: readonly CompiledBackend[]): ReadonlyMap<string, number> {
  const since = unsettled.flatMap(({ key, belief, believed }): [string, number][] =>
    key === undefined || believed === undefined || belief?.emptySinceMs === undefined
      ? []
      : [[key, belief.emptySinceMs]],
  )
  return since.length === 0 ? NEVER : new Map(since)
}

function unansweredOf({ backend, key, belief, capacity, isAsked }: CompiledBackend): Unanswered[] {
  const isOpen = key !== undefined && isAsked && belief === undefined && !capacity.held
  return isOpen ? [{ backend, key }] : []
}
