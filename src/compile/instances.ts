/** Instances as Consul tells them to servers that may be rendered: each is checked alone, bad ones are named. */
import { hash } from 'node:crypto'
import { isIP } from 'node:net'
import type { CheckStatus, Instance } from '../model/catalog.ts'
import { instanceStatus } from '../model/catalog.ts'
import { compare } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'
import { remember } from '../model/remember.ts'
import { instanceOf, nameOfServer } from '../model/server-name.ts'
import type { Server } from '../model/topology.ts'
import { groupsOf, isIn, netOf, type Net } from './nets.ts'
import { scaleWeights } from './weights.ts'

export interface IngestPolicy {
  readonly tags: readonly string[]
  readonly healthyWhen: 'Passing' | 'PassingOrWarning'
  readonly weightFrom: 'Consul' | 'Equal'
  readonly allowLoopback: boolean
  readonly allowHostnames: boolean
  /** `10.0.0.0/8`; empty allows every address that is not refused anyway. */
  readonly allowedCIDRs: readonly string[]
}

/** An instance that takes no traffic, and why, printable. */
export interface LeftOut {
  readonly instance: string
  readonly why: string
  /** `health`: as it should be · `unusable`: the registration is at fault · `duplicate`: same address and port. */
  readonly kind: 'health' | 'unusable' | 'duplicate'
}

export interface Ingested {
  /** Sorted by name. */
  readonly servers: readonly Server[]
  readonly leftOut: readonly LeftOut[]
}

export function ingest(instances: readonly Instance[], policy: IngestPolicy): Ingested {
  const leftOut: LeftOut[] = []
  const taken = new Map<string, Instance>()
  const whyRefused = refusedBy(policy)
  for (const instance of instances.toSorted(byIdentity)) {
    if (!policy.tags.every((tag) => instance.tags.includes(tag))) continue
    const verdict = judge(instance, policy, whyRefused)
    const at = `${instance.address} ${instance.port}`
    const first = taken.get(at)
    if (verdict !== undefined) leftOut.push({ instance: describe(instance), ...verdict })
    else if (first !== undefined)
      leftOut.push({
        instance: describe(instance),
        kind: 'duplicate',
        why: `has the same address and port as ${describe(first)}`,
      })
    else taken.set(at, instance)
  }
  return { servers: toServers([...taken.values()], policy), leftOut }
}

type Verdict = Pick<LeftOut, 'kind' | 'why'> | undefined

function judge(
  instance: Instance,
  policy: IngestPolicy,
  whyRefused: (address: string) => string | undefined,
): Verdict {
  const { address, port } = instance
  if (isIP(address) === 0) return judgeName(instance, policy)
  if (canonicalAddress(address) !== address)
    return {
      kind: 'unusable',
      why: `its address "${printable(address, 60)}" is not in canonical form`,
    }
  const refused = whyRefused(address)
  if (refused !== undefined) return { kind: 'unusable', why: `its address ${address} ${refused}` }
  return judgePort(port) ?? judgeHealth(instance, policy)
}

/** RFC 1123, lower case, with a letter in the last label: `127.1` and `0x7f.1` are numbers in disguise. */
const HOSTNAME =
  /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/

function judgeName(instance: Instance, policy: IngestPolicy): Verdict {
  const shown = `its address "${printable(instance.address, 60)}"`
  if (!policy.allowHostnames)
    return {
      kind: 'unusable',
      why: `${shown} is not an IP address, and the Backend does not allow names (addresses.hostnames)`,
    }
  if (!HOSTNAME.test(instance.address))
    return { kind: 'unusable', why: `${shown} is neither an IP address nor a host name` }
  if (!policy.allowLoopback && /(^|\.)localhost$/.test(instance.address))
    return { kind: 'unusable', why: `${shown} ${LOOPBACK_WHY}` }
  return judgePort(instance.port) ?? judgeHealth(instance, policy)
}

function judgePort(port: number): Verdict {
  return Number.isInteger(port) && port >= 1 && port <= 65535
    ? undefined
    : { kind: 'unusable', why: `its port ${String(port)} is not between 1 and 65535` }
}

function judgeHealth(instance: Instance, policy: IngestPolicy): Verdict {
  const status = instanceStatus(instance)
  if (status === 'passing') return undefined
  if (status === 'warning' && policy.healthyWhen === 'PassingOrWarning') return undefined
  const checks = instance.checks.filter((c) => c.status === status)
  return {
    kind: 'health',
    why: healthSentence(
      status,
      checks.map((c) => c.name || c.id),
    ),
  }
}

function healthSentence(status: CheckStatus, checks: readonly string[]): string {
  if (status === 'maintenance') return 'is in maintenance'
  const names = checks.map((name) => `"${printable(name, 60)}"`).join(', ')
  return names === '' ? `is ${status}` : `is ${status}: check ${names}`
}

/** Lower-case, compressed, no zone: what inet_ntop prints. Undefined for anything that is not an IP address. */
export function canonicalAddress(text: string): string | undefined {
  if (isIP(text) === 4) return text
  if (isIP(text) !== 6 || text.includes('%')) return undefined
  try {
    return new URL(`http://[${text}]/`).hostname.slice(1, -1)
  } catch {
    return undefined
  }
}

interface RefusedNet {
  readonly net: Net
  readonly why: string
}

function refuse(nets: Readonly<Record<string, string>>): RefusedNet[] {
  return Object.entries(nets).map(([cidr, why]) => ({ net: netOf(cidr), why }))
}

const NEVER = refuse({
  '0.0.0.0/8': 'is unspecified',
  '::/128': 'is unspecified',
  '169.254.0.0/16': 'is link-local',
  'fe80::/10': 'is link-local',
  '224.0.0.0/4': 'is multicast',
  'ff00::/8': 'is multicast',
  '240.0.0.0/4': 'is reserved',
  '::ffff:0:0/96': 'is an IPv4 address in IPv6 form',
})
const LOOPBACK_WHY = 'is loopback and the Backend does not allow it (addresses.allowLoopback)'
const UNLESS_LOOPBACK = [
  ...NEVER,
  ...refuse({ '127.0.0.0/8': LOOPBACK_WHY, '::1/128': LOOPBACK_WHY }),
]

/** Why an address may not be used; undefined for one that may. */
function refusedBy(policy: IngestPolicy): (address: string) => string | undefined {
  const refusals = policy.allowLoopback ? NEVER : UNLESS_LOOPBACK
  const allowed = policy.allowedCIDRs.map(netOf)
  return (address) => {
    const groups = groupsOf(address)
    const refusal = refusals.find(({ net }) => isIn(groups, net))
    if (refusal !== undefined) return refusal.why
    if (allowed.length === 0 || allowed.some((net) => isIn(groups, net))) return undefined
    return 'is outside addresses.allowedCIDRs'
  }
}

function toServers(instances: readonly Instance[], policy: IngestPolicy): Server[] {
  const weights = instances.map((instance) =>
    policy.weightFrom === 'Equal' ? 1 : effectiveWeight(instance),
  )
  const scaled = scaleWeights(weights)
  return instances
    .map((instance, i) => ({
      name: serverName(instance),
      address: instance.address,
      port: instance.port,
      weight: scaled[i] ?? 1,
    }))
    .toSorted((a, b) => compare(a.name, b.name))
}

function effectiveWeight(instance: Instance): number {
  return instanceStatus(instance) === 'warning'
    ? instance.weights.warning
    : instance.weights.passing
}

/** The instance's identity, never its address: a moved instance stays the same instance, and is another server. */
export function instanceName(instance: Instance): string {
  return instanceOf(serverName(instance))
}

/** Remembered: of 10,000 instances of one service a few change, and digests are most of what naming all takes. */
export const serverName: (instance: Instance) => string = remember((instance: Instance) => {
  const { datacenter, node, id, address, port } = instance
  return nameOfServer(
    `i-${digestOf(datacenter, node, id).slice(0, 12)}`,
    digestOf(address, String(port)),
  )
})

function digestOf(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts))
}

/** `api-1 on node-a (10.0.0.1:8080)`, printable. */
export function describe(instance: Instance): string {
  const where = `${printable(instance.address, 60)}:${String(instance.port)}`
  return `${printable(instance.id, 60)} on ${printable(instance.node, 60)} (${where})`
}

function byIdentity(a: Instance, b: Instance): number {
  return compare(a.datacenter, b.datacenter) || compare(a.node, b.node) || compare(a.id, b.id)
}
