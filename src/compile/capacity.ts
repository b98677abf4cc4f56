/** How many servers a Backend has against what its manifest asks for, and who is missing and why. */
import type { Instance } from '../model/catalog.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Capacity, CapacityLevel } from '../model/event.ts'
import { printable } from '../model/failure.ts'
import type { Resource } from '../model/resource.ts'
import type { Missing } from '../model/snapshot.ts'
import type { Belief } from './believe.ts'
import type { LeftOut } from './instances.ts'
import { describe, instanceName } from './instances.ts'

export interface CapacityFacts {
  readonly available: number
  readonly leftOut: readonly LeftOut[]
  readonly belief?: Belief | undefined
  /** Instances of the last applied answer. */
  readonly last?: readonly Instance[] | undefined
  /** Servers kept although Consul does not name them. */
  readonly kept?: number
  /** Who had left before. */
  readonly missing?: readonly Missing[] | undefined
}

export interface CapacityNow {
  readonly capacity: Capacity
  /** To be remembered: who is missing from now on. */
  readonly missing: readonly Missing[]
}

/** Instances come and go for months: the last ones that left tell enough. */
const MOST_MISSING = 20

export function capacityOf(backend: Resource<'Backend'>, facts: CapacityFacts): CapacityNow {
  const { desired, minimum } = backend.spec.capacity
  const level = levelOf(facts.available, desired, minimum)
  const missing = missingNow(facts)
  const held = isHeld(facts)
  const capacity = {
    resource: backend.id,
    level,
    available: facts.available,
    ...(desired !== undefined && { desired }),
    ...(minimum !== undefined && { minimum }),
    out: [
      ...facts.leftOut.map(sentence),
      ...missing.map(({ instance, why }) => ({ instance, why })),
    ],
    held,
    isUnhealthy: facts.leftOut.some((out) => out.kind === 'health'),
  }
  return { capacity, missing: level === 'Healthy' && !held ? [] : missing }
}

/** What `instance` and `why` say together. */
function sentence({ instance, why, kind }: LeftOut): Capacity['out'][number] {
  return { instance, why: kind === 'health' ? why : `is left out: ${why}` }
}

function isHeld({ belief, kept = 0 }: CapacityFacts): boolean {
  return kept > 0 || belief?.basis === 'held-failed' || belief?.basis === 'held-empty'
}

function levelOf(available: number, desired = 0, minimum = 0): CapacityLevel {
  if (available === 0) return 'Empty'
  if (available < minimum) return 'BelowMinimum'
  return available < desired ? 'BelowDesired' : 'Healthy'
}

/** Why an instance is missing, whenever it left. */
export const GONE = 'is no longer registered'

/** Who left now, or before and has not come back. */
function missingNow({ belief, last = [], missing: before = [] }: CapacityFacts): Missing[] {
  if (belief === undefined || (belief.instances === last && before.length === 0)) return [...before]
  const here = new Set(belief.instances.map(instanceName))
  const left = last
    .filter((instance) => !here.has(instanceName(instance)))
    .map((instance) => ({
      name: instanceName(instance),
      instance: describe(instance),
      why: GONE,
    }))
  const all = new Map([...before, ...left].map((one) => [one.name, one]))
  return [...all.values()].filter(({ name }) => !here.has(name)).slice(-MOST_MISSING)
}

type Finding = readonly [code: Diagnostic['code'], pointer: string, message: string, hint: string]

/** Warnings in the words of the Backend: unknown service, nobody healthy, fewer than asked for, held. */
export function capacityDiagnostics(
  backend: Resource<'Backend'>,
  capacity: Capacity,
  belief: Belief | undefined,
): Diagnostic[] {
  if (belief?.basis === 'unasked') return []
  return [heldFinding(capacity, belief), shortFinding(backend, capacity, belief)]
    .filter((finding) => finding !== undefined)
    .map(([code, pointer, message, hint]) => ({
      code,
      severity: 'warning',
      message: `${backend.id}: ${message}`,
      hint,
      at: backend.places.value(pointer),
      pointer,
    }))
}

function serversIt(count: number): string {
  return count === 1 ? '1 server it had is' : `${count} servers it had are`
}

function heldFinding(capacity: Capacity, belief: Belief | undefined): Finding | undefined {
  if (!capacity.held) return undefined
  const failure = belief?.why === undefined ? '' : ` (${printable(belief.why)})`
  const why = {
    'held-failed': `Consul gave no answer that can be used${failure}`,
    'held-empty': 'Consul knows no instance any more',
  }
  const basis = belief === undefined ? 'held-failed' : belief.basis
  const said =
    basis === 'held-failed' || basis === 'held-empty'
      ? `${why[basis]}; the ${serversIt(capacity.available)} kept`
      : 'servers that left together are kept until that is confirmed'
  return ['LG5005', '/spec/onEmpty', said, 'see onEmpty and the guards; HAProxy’s own checks go on']
}

function shortFinding(
  backend: Resource<'Backend'>,
  capacity: Capacity,
  belief: Belief | undefined,
): Finding | undefined {
  if (capacity.available === 0) return emptyFinding(backend, capacity, belief)
  if (capacity.level === 'Healthy') return undefined
  const wanted = String(capacity.desired ?? capacity.minimum)
  const message = `${capacity.available} of ${wanted} servers${because(capacity)}`
  return capacity.level === 'BelowMinimum'
    ? ['LG5003', '/spec/capacity/minimum', message, 'below the declared minimum: act now']
    : ['LG5003', '/spec/capacity/desired', message, 'traffic is served with less than declared']
}

function emptyFinding(
  backend: Resource<'Backend'>,
  capacity: Capacity,
  belief: Belief | undefined,
): Finding {
  const { source, onEmpty } = backend.spec
  const then = whatThen(onEmpty.policy, capacity)
  const { service, tags = [] } = source.consul ?? {}
  const message = `no server may take traffic; ${then}${because(capacity)}`
  if (service === undefined) return ['LG5002', '/spec/source', message, 'list a server']
  const pointer = '/spec/source/consul/service'
  const called = `"${printable(service)}"`
  if (belief?.instances.length === 0) {
    const nothing = `Consul knows no instance of ${called}; ${then}`
    return ['LG5001', pointer, nothing, 'register one, or mend the name']
  }
  if (capacity.out.length > 0 || tags.length === 0)
    return ['LG5002', pointer, message, 'see the checks of the instances']
  const wanted = `${tags.length === 1 ? 'the tag' : 'all of the tags'} ${tags.join(', ')}`
  return [
    'LG5002',
    '/spec/source/consul/tags',
    `no instance of ${called} has ${wanted}; ${then}`,
    'tag the instances in Consul, or mend the tags here',
  ]
}

function whatThen(policy: string, { isUnhealthy }: Capacity): string {
  const falls = policy === 'Fallback' && !isUnhealthy
  return falls ? 'requests go to its fallback' : 'requests get 503'
}

/** More instances than this are counted; the capacity of the Backend lists them all. */
const MOST_NAMED = 5

function because({ out }: Capacity): string {
  if (out.length === 0) return ''
  const named = out.slice(0, MOST_NAMED).map(({ instance, why }) => `${instance} ${why}`)
  const more = out.length - named.length
  return `: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

/** The daemon goes on without an answer: the Backend is new, and nothing is known about it yet. */
export function unansweredDiagnostic(backend: Resource<'Backend'>): Diagnostic {
  const pointer = '/spec/source/consul/service'
  return {
    code: 'LG5007',
    severity: 'warning',
    message: `${backend.id}: Consul has not answered yet, and no earlier answer is known; requests get 503`,
    hint: 'it is asked again; all other Backends go on',
    at: backend.places.value(pointer),
    pointer,
  }
}
