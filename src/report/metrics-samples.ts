/** What stands after a pass → the gauges that show it. Pure: what is gone from the value is gone from the series. */
import type { Watch } from '../model/feed.ts'
import { KINDS } from '../model/resource.ts'
import type { ConfigSeen, ResourcesSeen, Seen } from './metrics-input.ts'
import type { Sample, Samples } from './metrics-lines.ts'
import { GUARDS, MOST_CONDITIONS } from './metrics-table.ts'

/** Those of Backends are in metrics-backends.ts. */
export function samplesOf(seen: Seen): Samples {
  return {
    ...resourceSamples(seen.resources?.()),
    guard_active: guardSamples(seen.guard?.()),
    diagnostics: countDiagnostics(seen.diagnostics?.()),
    ...configSamples(seen.config?.()),
    ...plainSamples(seen),
    ...certificateSamples(seen.certificates?.()),
  }
}

function plainSamples({ oldWorkers, suspended }: Seen): Samples {
  return {
    haproxy_old_workers: [{ labels: {}, value: oldWorkers?.() ?? 0 }],
    ...(suspended !== undefined && {
      suspended: [{ labels: {}, value: suspended() ? 1 : 0 }],
    }),
  }
}

function certificateSamples(ends: ReadonlyMap<string, number> = new Map()): Samples {
  return {
    certificate_not_after_timestamp_seconds: [...ends].map(([certificate, ms]) => ({
      labels: { certificate },
      value: ms / 1000,
    })),
  }
}

function configSamples(config: ConfigSeen | undefined): Samples {
  if (config === undefined) return {}
  const { hash, revision, bytes } = config
  return {
    config_info: [{ labels: { config_hash: hash, revision }, value: 1 }],
    config_size_bytes: [{ labels: {}, value: bytes }],
  }
}

function resourceSamples(resources: ResourcesSeen | undefined): Samples {
  if (resources === undefined) return {}
  const { all, isProgrammed } = resources
  const status = isProgrammed ? 'True' : 'False'
  return {
    resources: KINDS.map((kind) => ({
      labels: { kind },
      value: all.filter((resource) => resource.kind === kind).length,
    })),
    resource_condition:
      all.length > MOST_CONDITIONS
        ? []
        : all.map(({ kind, namespace, name }) => ({
            labels: { kind, namespace, name, type: 'Programmed', status },
            value: 1,
          })),
  }
}

function guardSamples(active: string | undefined): Sample[] {
  return GUARDS.map((guard) => ({
    labels: { backend: '', guard },
    value: guard === active ? 1 : 0,
  }))
}

function countDiagnostics(
  diagnostics: ReturnType<NonNullable<Seen['diagnostics']>> = [],
): Sample[] {
  const counts = new Map<string, { labels: Sample['labels']; value: number }>()
  for (const { severity, code } of diagnostics) {
    const key = `${severity} ${code}`
    const before = counts.get(key)?.value ?? 0
    counts.set(key, { labels: { severity, code }, value: before + 1 })
  }
  return [...counts.values()]
}

const CONTACT = 'consul_last_contact_timestamp_seconds'

/**
 * Questions to Consul as they are when somebody looks: their times move between passes too. `before`: what
 * an earlier process knew of them.
 */
export function watchSamples(
  watches: readonly Watch[],
  before: ReadonlyMap<string, number> = new Map(),
): Samples {
  const failing = watches.filter((watch) => watch.failure !== undefined).length
  const waiting = watches.filter(isWaiting).length
  const answered = watches.length - failing - waiting
  const times = watches.map(({ lastSuccessMs = 0 }) => lastSuccessMs / 1000)
  const contact = Math.max(before.get(`legate_${CONTACT}`) ?? 0, ...times)
  return {
    consul_watches: Object.entries({ answered, failing, waiting }).map(([state, value]) => ({
      labels: { state },
      value,
    })),
    ...(watches.length > 0 && {
      consul_up: [{ labels: {}, value: answered > 0 ? 1 : 0 }],
      [CONTACT]: [{ labels: {}, value: contact }],
    }),
  }
}

/** For a first answer. */
function isWaiting({ failure, lastSuccessMs }: Watch): boolean {
  return failure === undefined && lastSuccessMs === undefined
}
