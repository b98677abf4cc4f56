/** What was proven last × what is there now → what somebody else has changed in between. */
import type { Actual, RunningProcess } from '../model/actual.ts'
import type { Bundle, WantedServer } from '../model/bundle.ts'
import type { Drift, DriftKind } from '../model/drift.ts'
import { remember } from '../model/remember.ts'
import type { RunningServer, RunningState, RuntimeChange } from '../model/runtime.ts'
import { subjectOf } from '../model/runtime.ts'
import { planMaps } from './maps.ts'
import { NO_RETRIES, planCertificates } from './process-changes.ts'
import type { PlanRules } from './rules.ts'
import { stampOf } from './sections.ts'
import { rememberBusy } from './servers.ts'

/**
 * `proven` is the bundle that the process was last proven with; without one, as after a start, only what
 * file and process say about themselves can be told.
 */
export function findDrift(proven: Bundle | undefined, actual: Actual, rules: PlanRules): Drift[] {
  const { running } = actual
  const file = fileDrift(proven, actual, rules)
  if (running.state !== 'running') return file
  const other = processDrift(proven, actual, running.process, rules)
  if (other.length > 0 || proven === undefined) return [...file, ...other]
  return [...file, ...liveDrift(proven, running.process, rules)]
}

function fileDrift(proven: Bundle | undefined, { config }: Actual, rules: PlanRules): Drift[] {
  const found = (message: string): Drift[] => [
    { kind: 'file', object: 'haproxy.cfg', message, policy: rules.file },
  ]
  if (config.state === 'edited') {
    const { changed } = config
    const by = changed === undefined ? '' : ` (${changed})`
    return found(`the configuration file was changed by hand${by}`)
  }
  if (proven === undefined) return []
  if (config.state === 'absent') return found('the configuration file is gone')
  if (config.state === 'foreign') return found('the configuration file was replaced')
  return []
}

/**
 * A process that runs something else than the file, or than what it was proven with. A second HAProxy on
 * the same port there cannot be: `noreuseport` in the configuration lets the kernel refuse it.
 */
function processDrift(
  proven: Bundle | undefined,
  { config }: Actual,
  { structure }: RunningProcess,
  { live: policy }: PlanRules,
): Drift[] {
  const expected = proven?.structure ?? (config.state === 'ours' ? stampIn(config.text) : undefined)
  if (expected === undefined || structure === expected) return []
  const message =
    structure === undefined
      ? 'HAProxy runs a configuration that is not of Legate'
      : 'HAProxy runs another configuration than the one it was proven with'
  return [{ kind: 'process', object: 'structure', message, policy }]
}

function stampIn(text: string): string | undefined {
  return /str\(([0-9a-f]{64})\)/.exec(stampOf(text) ?? '')?.[1]
}

const busyBackends = rememberBusy()

/** What would have to be done for the very bundle that was proven, less what Legate is about anyway. */
function liveDrift(proven: Bundle, { live }: RunningProcess, rules: PlanRules): Drift[] {
  const { fixed, retries = NO_RETRIES } = proven
  const busy = busyBackends(proven.live.servers, live.servers, fixed, retries, rules)
  const servers = [...busy].flatMap(([backend, { changes, own, byHand }]) => {
    return [
      ...without(changes, own).flatMap((change) => serverDrift(change, proven, rules)),
      ...byHand.map((server) => adminDrift(backend, server, rules)),
    ]
  })
  return [...servers, ...mapDrift(proven, live, rules), ...certificateDrift(proven, live, rules)]
}

function without<T>(all: readonly T[], some: readonly T[]): readonly T[] {
  const left = new Set(some)
  return left.size === 0 ? all : all.filter((one) => !left.has(one))
}

function mapDrift(proven: Bundle, live: RunningState, { live: policy }: PlanRules): Drift[] {
  return [...planMaps(proven, live.maps).different].map((map) => ({
    kind: 'maps',
    object: map,
    message: `the map ${map} has other entries`,
    policy,
  }))
}

function certificateDrift(
  proven: Bundle,
  live: RunningState,
  { live: policy }: PlanRules,
): Drift[] {
  return planCertificates(proven, live).different.map((path) => ({
    kind: 'certificates',
    object: path,
    message: `HAProxy serves another certificate than ${path}`,
    policy,
  }))
}

const KINDS: Readonly<Partial<Record<RuntimeChange['kind'], readonly [DriftKind, string]>>> = {
  'add-server': ['servers', 'is missing'],
  'drain-server': ['servers', 'was added by somebody else'],
  'set-weight': ['weights', 'has another weight'],
  'set-address': ['addresses', 'has another address'],
  'replace-server': ['addresses', 'has another address'],
}

const NOBODY: readonly WantedServer[] = []
const namesOf = remember(
  (servers: readonly WantedServer[]): ReadonlySet<string> => new Set(servers.map((s) => s.name)),
)

function serverDrift(
  change: RuntimeChange,
  { live }: Bundle,
  { live: policy }: PlanRules,
): Drift[] {
  if (!('backend' in change)) return []
  // Who is to stay and leaves all the same comes back at the right address.
  const isMoved =
    change.kind === 'drain-server' &&
    namesOf(live.servers.get(change.backend) ?? NOBODY).has(change.server)
  const kind = KINDS[isMoved ? 'set-address' : change.kind]
  if (kind === undefined) return []
  const object = subjectOf(change)
  return [{ kind: kind[0], object, message: `server ${object} ${kind[1]}`, policy }]
}

function adminDrift(
  backend: string,
  { name, admin, outForMs = 0 }: RunningServer,
  { adminState, adoptMs }: PlanRules,
): Drift {
  const object = `${backend}/${name}`
  const left = Math.max(0, Math.ceil((adoptMs - outForMs) / 60_000))
  const what = admin === 'drain' ? 'drain' : 'maintenance'
  const until = adminState === 'Adopt' ? `; it stays so for another ${left} min` : ''
  const message = `server ${object} was set to ${what} by hand${until}`
  return { kind: 'admin', object, message, policy: adminState }
}
