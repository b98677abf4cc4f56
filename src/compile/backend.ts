/** A Backend with the instances that stand for it: its section, its capacity, and what was left out. */
import { compare } from '../model/diagnostic.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { remember } from '../model/remember.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import type { BackendSection, HealthCheck, Server } from '../model/topology.ts'
import { defaultsName, timeoutsOf } from './defaults.ts'
import { durationMs } from './duration.ts'
import type { IngestPolicy, Ingested } from './instances.ts'
import { ingest } from './instances.ts'
import { sectionName } from './names.ts'

const ALGORITHM_WORDS: Readonly<Record<string, string>> = {
  RoundRobin: 'roundrobin',
  StaticRR: 'static-rr',
  LeastConn: 'leastconn',
  First: 'first',
  Random: 'random',
  Source: 'source',
  URI: 'uri',
  Header: 'hdr',
}

/** Algorithms that hash, and so take `hash-type`. */
const HASHING = new Set(['Source', 'URI', 'Header'])

/** Remembered by the answer and the manifest: an unchanged service costs nothing. */
export function ingestFor(
  backend: Resource<'Backend'>,
  instances: Parameters<typeof ingest>[0],
): Ingested {
  return ingestOf(backend)(instances)
}

/** Backends may share their instances, and be asked about more lists of them than one. */
const ingestOf = remember((backend: Resource<'Backend'>) =>
  remember((instances: Parameters<typeof ingest>[0]) => ingest(instances, policyOf(backend))),
)

export const backendSection: (
  backend: Resource<'Backend'>,
  manifests: Manifests,
  servers: readonly Server[],
) => BackendSection = remember((backend, manifests, servers) => {
  const { spec } = backend
  const check = checkOf(spec.check)
  return {
    resource: backend.id,
    name: sectionName(backend),
    defaults: defaultsName(spec.defaultsRef, backend, manifests),
    balance: {
      algorithm: ALGORITHM_WORDS[spec.balance.algorithm] ?? spec.balance.algorithm,
      ...(spec.balance.header !== undefined && { header: spec.balance.header }),
      consistent: HASHING.has(spec.balance.algorithm) && spec.balance.hash === 'Consistent',
    },
    ...(check !== undefined && { check }),
    ...(spec.maxconnPerServer !== undefined && { maxconnPerServer: spec.maxconnPerServer }),
    ...(spec.retries !== undefined && { retries: spec.retries }),
    timeouts: timeoutsOf(spec.timeouts),
    servers,
  }
})

export const staticServers: (backend: Resource<'Backend'>) => readonly Server[] = remember(
  (backend) =>
    (backend.spec.source.static?.servers ?? [])
      .map(({ name, address, port, weight }) => ({ name, address, port, weight }))
      .toSorted((a, b) => compare(a.name, b.name)),
)

/** Warnings about registrations that cannot be used; health is no fault of a registration. */
export function registrationDiagnostics(
  backend: Resource<'Backend'>,
  ingested: Ingested,
  unusable: readonly string[],
): Diagnostic[] {
  const unread = unusable.map((why) => ({ kind: 'unusable', instance: 'an entry', why }) as const)
  return [...ingested.leftOut, ...unread]
    .filter((out) => out.kind !== 'health')
    .map((out) => ({
      code: out.kind === 'duplicate' ? 'LG5006' : 'LG5004',
      severity: 'warning',
      message: `${backend.id}: ${out.instance} is left out: ${out.why}`,
      hint:
        out.kind === 'duplicate'
          ? 'deregister one of them; the other keeps serving'
          : 'mend the registration in Consul; the other instances go on',
      at: backend.places.value('/spec/source/consul/service'),
      pointer: '/spec/source/consul/service',
    }))
}

function policyOf(backend: Resource<'Backend'>): IngestPolicy {
  const { spec } = backend
  return {
    tags: spec.source.consul?.tags ?? [],
    healthyWhen: spec.healthyWhen,
    weightFrom: spec.weightFrom,
    allowLoopback: spec.addresses.allowLoopback === 'Allow',
    allowHostnames: spec.addresses.hostnames === 'Allow',
    allowedCIDRs: spec.addresses.allowedCIDRs,
  }
}

function checkOf(check: Resource<'Backend'>['spec']['check']): HealthCheck | undefined {
  if (check.type === 'None') return undefined
  return {
    type: check.type === 'HTTP' ? 'http' : 'tcp',
    intervalMs: durationMs(check.interval),
    rise: check.rise,
    fall: check.fall,
    ...(check.timeout !== undefined && { timeoutMs: durationMs(check.timeout) }),
    ...(check.port !== undefined && { port: check.port }),
    ...(check.type === 'HTTP' && {
      http: {
        method: check.method,
        path: check.path,
        ...(check.host !== undefined && { host: check.host }),
        expectStatus: check.expectStatus,
      },
    }),
  }
}
