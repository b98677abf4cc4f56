/** Instances as Consul tells them to servers that may be rendered: each is checked alone, bad ones are named. */
import { createHash } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { CheckStatus, Instance } from '../model/catalog.ts'
import { instanceStatus } from '../model/catalog.ts'
import { compare } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'
import { nameOfServer } from '../model/server-name.ts'
import type { Server } from '../model/topology.ts'
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
  const isAllowed = allowedBy(policy)
  for (const instance of instances.toSorted(byIdentity)) {
    if (!policy.tags.every((tag) => instance.tags.includes(tag))) continue
    const verdict = judge(instance, policy, isAllowed)
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
  isAllowed: (address: string, family: 4 | 6) => string | undefined,
): Verdict {
  const { address, port } = instance
  const family = isIP(address)
  if (family !== 4 && family !== 6) return judgeName(instance, policy)
  if (canonicalAddress(address) !== address)
    return {
      kind: 'unusable',
      why: `its address "${printable(address, 60)}" is not in canonical form`,
    }
  const refused = isAllowed(address, family)
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

const NEVER: readonly (readonly [string, number, 'ipv4' | 'ipv6', string])[] = [
  ['0.0.0.0', 8, 'ipv4', 'is unspecified'],
  ['::', 128, 'ipv6', 'is unspecified'],
  ['169.254.0.0', 16, 'ipv4', 'is link-local'],
  ['fe80::', 10, 'ipv6', 'is link-local'],
  ['224.0.0.0', 4, 'ipv4', 'is multicast'],
  ['ff00::', 8, 'ipv6', 'is multicast'],
  ['240.0.0.0', 4, 'ipv4', 'is reserved'],
  ['::ffff:0:0', 96, 'ipv6', 'is an IPv4 address in IPv6 form'],
]
const LOOPBACK_WHY = 'is loopback and the Backend does not allow it (addresses.allowLoopback)'
const LOOPBACK: typeof NEVER = [
  ['127.0.0.0', 8, 'ipv4', LOOPBACK_WHY],
  ['::1', 128, 'ipv6', LOOPBACK_WHY],
]

interface RefusedNet {
  readonly list: BlockList
  readonly type: 'ipv4' | 'ipv6'
  readonly why: string
}

function refuse(nets: typeof NEVER): RefusedNet[] {
  return nets.map(([net, bits, type, why]) => {
    const list = new BlockList()
    list.addSubnet(net, bits, type)
    return { list, why, type }
  })
}

/** Made once: a list costs more than the questions to it. */
const NEVER_REFUSED = refuse(NEVER)
const LOOPBACK_REFUSED = [...NEVER_REFUSED, ...refuse(LOOPBACK)]

function allowedBy(policy: IngestPolicy): (address: string, family: 4 | 6) => string | undefined {
  const refusals = policy.allowLoopback ? NEVER_REFUSED : LOOPBACK_REFUSED
  const isListed = listedBy(policy.allowedCIDRs)
  return (address, family) => {
    const type = family === 4 ? 'ipv4' : 'ipv6'
    const refusal = refusals.find((r) => r.type === type && r.list.check(address, type))
    if (refusal !== undefined) return refusal.why
    return isListed(address, type) ? undefined : 'is outside addresses.allowedCIDRs'
  }
}

function listedBy(cidrs: readonly string[]): (address: string, type: 'ipv4' | 'ipv6') => boolean {
  if (cidrs.length === 0) return () => true
  const allowed = new BlockList()
  for (const cidr of cidrs) {
    const [net = '', bits = ''] = cidr.split('/')
    allowed.addSubnet(net, Number(bits), isIP(net) === 6 ? 'ipv6' : 'ipv4')
  }
  return (address, type) => allowed.check(address, type)
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
export function instanceName({ datacenter, node, id }: Instance): string {
  return `i-${digestOf(datacenter, node, id).slice(0, 12)}`
}

export function serverName(instance: Instance): string {
  const { address, port } = instance
  return nameOfServer(instanceName(instance), digestOf(address, String(port)))
}

function digestOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** `api-1 on node-a (10.0.0.1:8080)`, printable. */
export function describe(instance: Instance): string {
  const where = `${printable(instance.address, 60)}:${String(instance.port)}`
  return `${printable(instance.id, 60)} on ${printable(instance.node, 60)} (${where})`
}

function byIdentity(a: Instance, b: Instance): number {
  return compare(a.datacenter, b.datacenter) || compare(a.node, b.node) || compare(a.id, b.id)
}
