/** The rendered state × the live state of the running HAProxy → what the Runtime API has to do, and what it cannot. */
import type { Bundle, LiveState, RenderedSection } from '../model/bundle.ts'
import { isHostName } from '../model/host-name.ts'
import type { Reason, Waiting } from '../model/plan.ts'
import { remember, rememberEach } from '../model/remember.ts'
import type { RunningState, RuntimeChange } from '../model/runtime.ts'
import { atLeast } from '../model/version.ts'
import { planMaps } from './maps.ts'
import { routeReasons } from './routes.ts'
import type { PlanRules } from './rules.ts'
import type { ServerPlan } from './servers.ts'
import { rememberBusy } from './servers.ts'

export interface LivePlan {
  readonly changes: readonly RuntimeChange[]
  readonly waiting: readonly Waiting[]
  /** Of the changes. */
  readonly reasons: readonly Reason[]
  /** Why only a reload can do all of it. */
  readonly cannot: readonly Reason[]
}

const busyBackends = rememberBusy()
export const NO_RETRIES: ReadonlyMap<string, number> = new Map()

/** What is wanted as it was `proven`, and is otherwise in the process, is drift: `Report` leaves it. */
export function planLive(
  bundle: Bundle,
  seen: RunningState,
  rules: PlanRules,
  proven: Bundle | undefined,
): LivePlan {
  const known = rules.live === 'Report' ? proven?.live : undefined
  const certificates = planCertificates(bundle, seen, known?.certificates)
  const servers = planAllServers(bundle, seen, rules, known?.servers)
  const maps = planAllMaps(bundle, seen, known?.maps)
  return {
    changes: [...certificates.changes, ...inOrder(servers.changes), ...maps.changes],
    waiting: servers.waiting,
    reasons: [...servers.reasons, ...maps.reasons, ...certificates.reasons],
    cannot: [...servers.cannot, ...maps.cannot, ...certificates.cannot],
  }
}

function planAllServers(
  bundle: Bundle,
  seen: RunningState,
  rules: PlanRules,
  known: LiveState['servers'] | undefined,
): LivePlan {
  const all = { changes: [] as RuntimeChange[], waiting: [] as Waiting[] }
  const reasons: Reason[] = []
  const cannot: Reason[] = []
  const { live, fixed, retries = NO_RETRIES } = bundle
  const busy = busyBackends(live.servers, seen.servers, fixed, retries, rules)
  for (const [name, planned] of busy) {
    const isKnown = known !== undefined && known.get(name) === live.servers.get(name)
    const due = isKnown ? planned.own : planned.changes
    all.waiting.push(...planned.waiting)
    if (due.length === 0) continue
    all.changes.push(...due)
    reasons.push(...serversReason(bundle, name, planned))
    const why = fixed.get(name) ?? whyNamed(due)
    if (why !== undefined && due.some(needsDynamic))
      cannot.push({ ...ofBackend(bundle, name), code: 'runtime-cannot', message: why })
  }
  return { ...all, reasons, cannot }
}

function planAllMaps(
  bundle: Bundle,
  seen: RunningState,
  known: LiveState['maps'] | undefined,
): Omit<LivePlan, 'waiting'> {
  const { changes, cannot, different } = planMaps(bundle, seen.maps, known)
  const stuck = new Map(cannot.map(({ map, why }) => [map, why]))
  const [why] = stuck.values()
  const stopped = why === undefined ? [] : routeReasons(bundle, ({ name }) => stuck.has(name), why)
  return {
    changes,
    reasons: routeReasons(bundle, ({ name }) => different.has(name), 'its routes change'),
    cannot: stopped.map((reason) => ({ ...reason, code: 'runtime-cannot' })),
  }
}

/** What comes, comes before what leaves. */
const LAST: readonly RuntimeChange['kind'][] = ['replace-server', 'drain-server', 'delete-server']

export function inOrder(changes: readonly RuntimeChange[]): RuntimeChange[] {
  return [
    ...changes.filter(({ kind }) => !LAST.includes(kind)),
    ...LAST.flatMap((last) => changes.filter(({ kind }) => kind === last)),
  ]
}

/** What `add server` takes for an address must be one (haproxy/haproxy#1865). */
function whyNamed(changes: readonly RuntimeChange[]): string | undefined {
  const isNamed = changes.some((c) => isAdded(c) && isHostName(c.server.address))
  return isNamed ? 'a server under a host name is resolved when HAProxy starts' : undefined
}

function isAdded(
  change: RuntimeChange,
): change is Extract<RuntimeChange, { kind: 'add-server' | 'replace-server' }> {
  return change.kind === 'add-server' || change.kind === 'replace-server'
}

/** Branch in which a server that is told another address first closed the connections it had to the old one. */
const MOVES_SINCE = '3.0'

/** Tried: 2.6 went on asking the old address for as long as there was something to ask. */
export function whyNotMoved(
  bundle: Bundle,
  changes: readonly RuntimeChange[],
  version: string,
): Reason[] {
  const moved = changes.filter((change) => change.kind === 'set-address')
  if (moved.length === 0 || atLeast(version, MOVES_SINCE)) return []
  return moved.map(({ backend, server }) => ({
    ...ofBackend(bundle, backend),
    code: 'runtime-cannot',
    message: `server ${backend}/${server} moves, and HAProxy ${version} would go on asking it at the old address`,
  }))
}

function needsDynamic({ kind }: RuntimeChange): boolean {
  return kind !== 'set-address' && kind !== 'set-state'
}

function serversReason(
  bundle: Bundle,
  name: string,
  { joined, left, changed }: ServerPlan,
): Reason[] {
  const parts = [
    [joined.length, 'joined'] as const,
    [left.length, 'left'] as const,
    [changed.length, 'changed'] as const,
  ].filter(([count]) => count > 0)
  // Only servers that Legate has drained are taken out: the reason was told when they left.
  if (parts.length === 0) return []
  const said = parts.map(([n, verb]) => `${n} ${n === 1 ? 'server' : 'servers'} ${verb}`)
  const message = `backend ${name}: ${said.join(', ')}`
  return [{ ...ofBackend(bundle, name), code: 'servers-changed', message }]
}

const eachHeader = rememberEach(({ header }: RenderedSection) => header)
const placesOf = remember(
  (headers: readonly string[]): ReadonlyMap<string, number> =>
    new Map(headers.map((header, place) => [header, place])),
)

function ofBackend(bundle: Bundle, name: string): Partial<Reason> {
  const place = placesOf(eachHeader(bundle.sections)).get(`backend ${name}`) ?? -1
  const resource = bundle.sections[place]?.resource
  return resource === undefined ? {} : { resource, directive: 'server' }
}

/** `known` are those of which another content is left as it is. */
export function planCertificates(
  bundle: Bundle,
  seen: RunningState,
  known?: LiveState['certificates'],
): Pick<LivePlan, 'changes' | 'reasons' | 'cannot'> & { readonly different: readonly string[] } {
  const different = [...bundle.live.certificates].filter(
    ([path, is]) => seen.certificates.get(path) !== is && known?.get(path) !== is,
  )
  const loaded = different.filter(([path]) => seen.certificates.has(path))
  return {
    different: different.map(([path]) => path),
    changes: loaded.map(([path, fingerprint]) => ({ kind: 'set-certificate', path, fingerprint })),
    reasons: loaded.map(([path]) => ({
      code: 'certificates-changed',
      message: `the certificate ${path} is new`,
    })),
    cannot: different
      .filter(([path]) => !seen.certificates.has(path))
      .map(([path]) => ({
        code: 'runtime-cannot',
        message: `the process has not loaded the certificate ${path}`,
      })),
  }
}
