/** How many servers a Backend has against what its manifest asks for, and who is missing and why. */
import type { Instance } from '../model/catalog.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Capacity, CapacityLevel } from '../model/event.ts'
import type { Resource } from '../model/resource.ts'
import type { Belief } from './believe.ts'
import type { LeftOut } from './instances.ts'
import { describe, serverName } from './instances.ts'

export interface CapacityFacts {
  readonly available: number
  readonly leftOut: readonly LeftOut[]
  readonly belief?: Belief
  /** Instances of the last applied answer. */
  readonly last?: readonly Instance[]
}

export function capacityOf(backend: Resource<'Backend'>, facts: CapacityFacts): Capacity {
  const { desired, minimum } = backend.spec.capacity
  return {
    resource: backend.id,
    level: levelOf(facts.available, desired, minimum),
    available: facts.available,
    ...(desired !== undefined && { desired }),
    ...(minimum !== undefined && { minimum }),
    out: [...facts.leftOut.map(sentence), ...gone(facts)],
    held: facts.belief?.basis === 'held-failed' || facts.belief?.basis === 'held-empty',
  }
}

/** What `instance` and `why` say together. */
function sentence({ instance, why, kind }: LeftOut): Capacity['out'][number] {
  return { instance, why: kind === 'health' ? why : `is left out: ${why}` }
}

function levelOf(available: number, desired = 0, minimum = 0): CapacityLevel {
  if (available === 0) return 'Empty'
  if (available < minimum) return 'BelowMinimum'
  return available < desired ? 'BelowDesired' : 'Healthy'
}

function gone({ belief, last }: CapacityFacts): { instance: string; why: string }[] {
  if (belief === undefined || last === undefined) return []
  const here = new Set(belief.instances.map(serverName))
  return last
    .filter((instance) => !here.has(serverName(instance)))
    .map((instance) => ({ instance: describe(instance), why: 'is no longer registered' }))
}

/** Warnings in the words of the Backend: unknown service, nobody healthy, fewer than asked for, held. */
export function capacityDiagnostics(
  backend: Resource<'Backend'>,
  capacity: Capacity,
  belief: Belief | undefined,
): Diagnostic[] {
  if (belief?.basis === 'unasked') return []
  return [holding(capacity, belief), shortage(backend, capacity, belief)].flatMap((found) =>
    found === undefined
      ? []
      : {
          ...found,
          severity: 'warning',
          message: `${backend.id}: ${found.message}`,
          at: backend.places.value(found.pointer),
        },
  )
}

type Found = Pick<Diagnostic, 'code' | 'message' | 'hint'> & { readonly pointer: string }

function holding({ held, available }: Capacity, belief: Belief | undefined): Found | undefined {
  if (!held) return undefined
  const isFailed = belief?.basis === 'held-failed'
  return {
    code: 'LG5005',
    pointer: '/spec/onEmpty',
    message: `Consul ${isFailed ? 'did not answer' : 'knows no instance any more'}; the ${available} servers it had are kept`,
    hint: 'see onEmpty; HAProxy’s own checks go on deciding about them',
  }
}

function shortage(
  backend: Resource<'Backend'>,
  capacity: Capacity,
  belief: Belief | undefined,
): Found | undefined {
  if (capacity.available === 0) return empty(backend, capacity, belief)
  if (capacity.level === 'Healthy') return undefined
  const isBelowMinimum = capacity.level === 'BelowMinimum'
  const wanted = String(capacity.desired ?? capacity.minimum)
  return {
    code: 'LG5003',
    pointer: isBelowMinimum ? '/spec/capacity/minimum' : '/spec/capacity/desired',
    message: `${capacity.available} of ${wanted} servers${because(capacity)}`,
    hint: isBelowMinimum
      ? 'below the declared minimum: act now'
      : 'traffic is served with less capacity than declared',
  }
}

function empty(
  backend: Resource<'Backend'>,
  capacity: Capacity,
  belief: Belief | undefined,
): Found {
  const { source, onEmpty } = backend.spec
  const then = onEmpty.policy === 'Fallback' ? 'requests go to its fallback' : 'requests get 503'
  const { service, tags = [] } = source.consul ?? {}
  if (service !== undefined && belief?.instances.length === 0)
    return {
      code: 'LG5001',
      pointer: '/spec/source/consul/service',
      message: `Consul knows no instance of "${service}"; ${then}`,
      hint: 'register one, or mend the name',
    }
  if (capacity.out.length === 0 && tags.length > 0)
    return {
      code: 'LG5002',
      pointer: '/spec/source/consul/tags',
      message: `no instance of "${service}" has ${tags.length > 1 ? 'all of the tags' : 'the tag'} ${tags.join(', ')}; ${then}`,
      hint: 'tag the instances in Consul, or mend the tags here',
    }
  return {
    code: 'LG5002',
    pointer: '/spec/source',
    message: `no server may take traffic; ${then}${because(capacity)}`,
    hint: 'see the checks of the instances',
  }
}

/** More instances than this are counted; the capacity of the Backend lists them all. */
const MOST_NAMED = 5

function because({ out }: Capacity): string {
  if (out.length === 0) return ''
  const named = out.slice(0, MOST_NAMED).map(({ instance, why }) => `${instance} ${why}`)
  const more = out.length - named.length
  return `: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}
