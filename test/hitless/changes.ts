/** Instances of services in a real Consul that come, leave, are drained, weighed and moved: a seed goes in, changes come out. */
import type { Consul } from '../daemon/services.ts'
import { chance } from '../tools/chance.ts'
import { startWeb, type Web } from './web.ts'

const INSTANCES = 8
/** The largest that HAProxy knows: beside it, all others stay what they are. */
const FULL_WEIGHT = 256
const LEAST_WEIGHT = 64

interface Instance {
  readonly service: string
  readonly id: string
  /** The places where it can be: two web servers of the same service. */
  readonly webs: readonly [Web, Web]
  /** Always there as it is, so that no service is ever empty. */
  readonly stays: boolean
  /** Undefined while it is not registered. */
  state?: State
}

interface State {
  readonly place: 0 | 1
  readonly weight: number
  readonly isDrained: boolean
}

export type Change = 'add' | 'remove' | 'drain' | 'end of drain' | 'weight' | 'address'

export interface Changes {
  readonly webs: readonly Web[]
  /** The web servers that may be asked by now. */
  present(): Web[]
  /** Another one; gives its kind. */
  next(): Promise<Change>
}

export async function startChanges(
  consul: Consul,
  services: readonly string[],
  seed: number,
): Promise<Changes> {
  const random = chance(seed)
  const instances = await Promise.all(services.flatMap(instancesOf))
  const fresh = (): State => ({
    place: 0,
    weight: weightBut(FULL_WEIGHT, random),
    isDrained: false,
  })
  for (const instance of instances) {
    const state = instance.stays ? { ...fresh(), weight: FULL_WEIGHT } : fresh()
    if (random() < 0.6 || instance.stays) await register(consul, instance, state)
  }
  const moving = instances.filter(({ stays }) => !stays)
  return {
    webs: instances.flatMap(({ webs }) => webs),
    present: () =>
      instances.flatMap(({ state, webs }) =>
        state === undefined || state.isDrained ? [] : [webs[state.place]],
      ),
    async next() {
      const instance = moving[Math.floor(random() * moving.length)]
      if (instance === undefined) throw new Error('no instances')
      const { state } = instance
      if (state === undefined) {
        await register(consul, instance, fresh())
        return 'add'
      }
      const kind = choose(state, random())
      await CHANGES[kind]({ consul, instance, state, random })
      return kind
    },
  }
}

function instancesOf(service: string): Promise<Instance>[] {
  return Array.from({ length: INSTANCES }, async (_, i) => {
    const id = `${service}-${i}`
    const first = await startWeb(`${id}-first`)
    const second = await startWeb(`${id}-second`, { address: '127.0.0.2' })
    return { service, id, webs: [first, second] as const, stays: i === 0 }
  })
}

type Kind = Exclude<Change, 'add'>

function choose({ isDrained }: State, random: number): Kind {
  if (random < 0.25) return 'remove'
  if (isDrained) return 'end of drain'
  if (random < 0.5) return 'drain'
  return random < 0.75 ? 'weight' : 'address'
}

interface Step {
  readonly consul: Consul
  readonly instance: Instance
  readonly state: State
  readonly random: () => number
}

const CHANGES: Readonly<Record<Kind, (step: Step) => Promise<void>>> = {
  remove: async ({ consul, instance }) => {
    delete instance.state
    await consul.call('PUT', '/v1/catalog/deregister', { Node: nodeOf(instance) })
  },
  drain: ({ consul, instance, state }) => register(consul, instance, { ...state, isDrained: true }),
  'end of drain': async ({ consul, instance, state }) => {
    instance.state = { ...state, isDrained: false }
    const CheckID = maintenanceOf(instance)
    await consul.call('PUT', '/v1/catalog/deregister', { Node: nodeOf(instance), CheckID })
  },
  weight: ({ consul, instance, state, random }) =>
    register(consul, instance, { ...state, weight: weightBut(state.weight, random) }),
  address: ({ consul, instance, state }) =>
    register(consul, instance, { ...state, place: state.place === 0 ? 1 : 0 }),
}

function weightBut(weight: number, random: () => number): number {
  const found = LEAST_WEIGHT + Math.floor(random() * (FULL_WEIGHT - LEAST_WEIGHT))
  return found === weight ? found + 1 : found
}

/** Each on a node of its own, so that an agent leaves it alone. */
async function register(consul: Consul, instance: Instance, state: State): Promise<void> {
  const { service, id, webs } = instance
  const { address, port } = webs[state.place]
  instance.state = state
  const check = { Name: 'check', ServiceID: id, Status: 'passing' }
  await consul.call('PUT', '/v1/catalog/register', {
    Node: nodeOf(instance),
    Address: '127.0.0.1',
    Service: {
      Service: service,
      ID: id,
      Address: address,
      Port: port,
      Weights: { Passing: state.weight, Warning: 1 },
    },
    Checks: [
      { ...check, CheckID: `service:${id}` },
      // What `consul maint` registers.
      ...(state.isDrained
        ? [{ ...check, CheckID: maintenanceOf(instance), Status: 'critical' }]
        : []),
    ],
  })
}

function nodeOf({ id }: Instance): string {
  return `node-${id}`
}

function maintenanceOf({ id }: Instance): string {
  return `_service_maintenance:${id}`
}
