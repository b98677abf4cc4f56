/** What stands of the Backends → their lines of Prometheus' text; those of a Backend that is as it was are kept. Pure. */
import type { Watch } from '../model/feed.ts'
import { remember } from '../model/remember.ts'
import type { BackendSeen } from './metrics-input.ts'
import type { Lines } from './metrics-lines.ts'
import { escapeLabel } from './metrics-lines.ts'
import { LEVELS, SERVER_STATES } from './metrics-table.ts'

const WATCH = 'consul_watch_last_success_timestamp_seconds'
const CAPACITIES = ['available', 'desired', 'minimum'] as const

interface Printed {
  readonly servers: string
  readonly capacity: string
  readonly condition: string
  readonly guard?: string
  /** Without its value. */
  readonly watch: string
}

/** They are most of the text: a scrape that made all of them anew would keep everything else waiting. */
const print: (backend: BackendSeen) => Printed = remember(({ capacity, servers }) => {
  const { level, held } = capacity
  const backend = `backend="${escapeLabel(capacity.resource.replace(/^Backend\//, ''))}"`
  const of = (family: string, label: string, value: string, count: number): string =>
    `legate_${family}{${backend},${label}="${value}"} ${count}`
  return {
    servers: SERVER_STATES.map((state) =>
      of('backend_servers', 'state', state, servers[state]),
    ).join('\n'),
    capacity: CAPACITIES.flatMap((which) => {
      const count = capacity[which]
      return count === undefined ? [] : [of('backend_capacity', 'level', which, count)]
    }).join('\n'),
    condition: LEVELS.map((one) =>
      of('backend_condition', 'condition', one, one === level ? 1 : 0),
    ).join('\n'),
    ...(held && { guard: of('guard_active', 'guard', 'servers', 1) }),
    watch: `legate_${WATCH}{${backend}}`,
  }
})

export function backendLines(backends: readonly BackendSeen[]): Lines {
  const printed = backends.map((backend) => print(backend))
  return {
    backend_servers: printed.map(({ servers }) => servers),
    backend_capacity: printed.map(({ capacity }) => capacity),
    backend_condition: printed.map(({ condition }) => condition),
    guard_active: printed.flatMap(({ guard }) => guard ?? []),
  }
}

/** Times move between passes too. `before`: what an earlier process knew of them. */
export function watchLines(
  watches: readonly Watch[],
  backends: readonly BackendSeen[],
  before: ReadonlyMap<string, number> = new Map(),
): Lines {
  const times = new Map(watches.map(({ key, lastSuccessMs = 0 }) => [key, lastSuccessMs / 1000]))
  return {
    [WATCH]: backends.flatMap((backend) => {
      const at = backend.watch === undefined ? undefined : times.get(backend.watch)
      if (at === undefined) return []
      const { watch } = print(backend)
      return [`${watch} ${Math.max(at, before.get(watch) ?? 0)}`]
    }),
  }
}
