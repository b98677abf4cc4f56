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
    out: [...facts.leftOut.map(({ instance, why }) => ({ instance, why })), ...gone(facts)],
    held: facts.belief?.basis === 'held-failed' || facts.belief?.basis === 'held-empty',
  }
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
  const found: Diagnostic[] = []
  const warn = (code: Diagnostic['code'], pointer: string, message: string, hint: string): void => {
    const at = backend.places.value(pointer)
    found.push({ code, severity: 'warning', message, hint, at, pointer })
  }
  const service = backend.spec.source.consul?.service
  const why = capacity.out.map((o) => `${o.instance} ${o.why}`).join('; ')
  if (capacity.held)
    warn(
      'LG5005',
      '/spec/onEmpty',
      `${backend.id}: Consul ${belief?.basis === 'held-failed' ? 'did not answer' : 'knows no instance any more'}; the ${capacity.available} servers it had are kept`,
      'see onEmpty; HAProxy’s own checks go on deciding about them',
    )
  if (capacity.available === 0 && service !== undefined && belief?.instances.length === 0)
    warn(
      'LG5001',
      '/spec/source/consul/service',
      `${backend.id}: Consul knows no instance of "${service}"; requests get 503`,
      'register one, or mend the name',
    )
  else if (capacity.available === 0)
    warn(
      'LG5002',
      '/spec/source',
      `${backend.id}: no server may take traffic; requests get 503${why && `: ${why}`}`,
      'see the checks of the instances',
    )
  else if (capacity.level !== 'Healthy')
    warn(
      'LG5003',
      capacity.level === 'BelowMinimum' ? '/spec/capacity/minimum' : '/spec/capacity/desired',
      `${backend.id}: ${capacity.available} of ${String(capacity.desired ?? capacity.minimum)} servers${why && `: ${why}`}`,
      capacity.level === 'BelowMinimum'
        ? 'below the declared minimum: act now'
        : 'traffic is served with less capacity than declared',
    )
  return found
}
