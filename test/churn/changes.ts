/** Services in a real Consul that never rest: a seed goes in, changes one after the other come out. */
import { chance } from '../tools/chance.ts'
import type { Consul } from '../daemon/services.ts'

export const SERVICES: readonly string[] = Array.from({ length: 20 }, (_, i) => `churn-${i}`)
/** Of a service, at most. */
const INSTANCES = 8
/** Of an instance; no two share one. */
const PORTS = 100
/** Each on streams of their own, so that Consul is never without one to work on. */
const LANES = 4
/** The largest that HAProxy knows: beside it, all others stay what they are. */
const FULL_WEIGHT = 256

interface Instance {
  readonly service: string
  readonly id: string
  readonly firstPort: number
  /** Always there, so that no service is ever empty. */
  readonly stays: boolean
  /** Undefined while it is not registered. */
  state?: State
}

interface State {
  readonly port: number
  readonly weight: number
  readonly isHealthy: boolean
}

export interface Churn {
  /** So many changes, as fast as Consul takes them. */
  run(changes: number): Promise<void>
}

export async function startChurn(consul: Consul, seed: number): Promise<Churn> {
  const random = chance(seed)
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    SERVICES.filter((_service, i) => i % LANES === lane).flatMap(instancesOf),
  )
  for (const instance of lanes.flat())
    if (random() < 0.6 || instance.stays) await put(consul, instance, fresh(instance, random))
  const work = async (lane: readonly Instance[], changes: number): Promise<void> => {
    for (let done = 0; done < changes; done += 1) await change(consul, lane, random)
  }
  return {
    run: async (changes) => {
      await Promise.all(lanes.map((lane) => work(lane, Math.ceil(changes / LANES))))
    },
  }
}

function instancesOf(service: string): Instance[] {
  const number = SERVICES.indexOf(service)
  return Array.from({ length: INSTANCES }, (_, i) => ({
    service,
    id: `${service}-${i}`,
    firstPort: 10_000 + (number * INSTANCES + i) * PORTS,
    stays: i === 0,
  }))
}

/** Comes, leaves, falls ill or gets well, moves, or weighs something else. */
async function change(
  consul: Consul,
  lane: readonly Instance[],
  random: () => number,
): Promise<void> {
  const instance = lane[Math.floor(random() * lane.length)]
  if (instance === undefined) throw new Error('no instances')
  const { state, stays } = instance
  if (state === undefined) return put(consul, instance, fresh(instance, random))
  const kind = random()
  if (stays || kind < 0.2)
    return put(consul, instance, { ...state, port: otherPort(state.port, random) })
  if (kind < 0.5) return remove(consul, instance)
  if (kind < 0.8) return put(consul, instance, { ...state, isHealthy: !state.isHealthy })
  return put(consul, instance, { ...state, weight: (state.weight % (FULL_WEIGHT - 1)) + 1 })
}

function fresh({ firstPort, stays }: Instance, random: () => number): State {
  return {
    port: otherPort(firstPort, random),
    weight: stays ? FULL_WEIGHT : 1 + Math.floor(random() * (FULL_WEIGHT - 1)),
    isHealthy: true,
  }
}

/** Another one of those that belong to the instance. */
function otherPort(port: number, random: () => number): number {
  const first = port - (port % PORTS)
  return first + ((port - first + 1 + Math.floor(random() * (PORTS - 1))) % PORTS)
}

/** Each on a node of its own, so that an agent leaves it alone. */
async function put(consul: Consul, instance: Instance, state: State): Promise<void> {
  const { service, id } = instance
  const { port, weight, isHealthy } = state
  instance.state = state
  await consul.call('PUT', '/v1/catalog/register', {
    Node: `node-${id}`,
    Address: '127.0.0.1',
    Service: { Service: service, ID: id, Port: port, Weights: { Passing: weight, Warning: 1 } },
    Check: { CheckID: id, Name: id, ServiceID: id, Status: isHealthy ? 'passing' : 'critical' },
  })
}

async function remove(consul: Consul, instance: Instance): Promise<void> {
  delete instance.state
  await consul.call('PUT', '/v1/catalog/deregister', { Node: `node-${instance.id}` })
}
