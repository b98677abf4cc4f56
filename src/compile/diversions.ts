/** Backends that are empty and fall back → where their traffic goes instead. */
import type { Capacity } from '../model/event.ts'
import { remember } from '../model/remember.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import type { Belief } from './believe.ts'
import { resolveRef, sectionName } from './names.ts'

/** Backend id to the section its traffic goes to instead, while it is empty and falls back. */
export type Diversions = ReadonlyMap<string, string>

const NO_DIVERSIONS: Diversions = new Map()

/** A backend as far as it is compiled. */
export interface Divertible {
  readonly backend: Resource<'Backend'>
  readonly belief?: Belief | undefined
  readonly capacity: Capacity
}

/** In the order of the manifests. */
export function diversionsOf(backends: readonly Divertible[], manifests: Manifests): Diversions {
  const empty = new Map(
    placesThatFallBack(manifests)
      .flatMap((place) => backends[place] ?? [])
      .filter(isReallyEmpty)
      .map((b) => [b.backend.id, b.backend]),
  )
  if (empty.size === 0) return NO_DIVERSIONS
  return new Map(
    [...empty.values()].map((b) => [b.id, sectionName(fallbackOf(b, empty, manifests))]),
  )
}

const placesThatFallBack = remember(({ Backend }: Manifests) =>
  [...Backend.keys()].filter((place) => Backend[place]?.spec.onEmpty.policy === 'Fallback'),
)

/** Instances that are registered and all critical are a real 503, not an empty list. */
function isReallyEmpty({ belief, capacity }: Divertible): boolean {
  return belief !== undefined && capacity.available === 0 && !capacity.isUnhealthy
}

/** Follows fallbacks while they are empty themselves; cycles were refused with the manifests. */
function fallbackOf(
  backend: Resource<'Backend'>,
  empty: ReadonlyMap<string, Resource<'Backend'>>,
  manifests: Manifests,
): Resource<'Backend'> {
  const ref = backend.spec.onEmpty.fallbackRef
  if (ref === undefined) return backend
  const next = resolveRef(manifests, 'Backend', ref, backend)
  return empty.has(next.id) ? fallbackOf(next, empty, manifests) : next
}
