/** The rendered state × the live state of the running HAProxy → what the Runtime API has to do, and what it cannot. */
import type { Bundle } from '../model/bundle.ts'
import type { Reason, Waiting } from '../model/plan.ts'
import { remember } from '../model/remember.ts'
import type { RunningState, RuntimeChange } from '../model/runtime.ts'
import { planMaps } from './maps.ts'
import { routeReasons } from './routes.ts'
import type { PlanRules } from './rules.ts'
import type { ServerPlan } from './servers.ts'
import { planServers } from './servers.ts'

export interface LivePlan {
  readonly changes: readonly RuntimeChange[]
  readonly waiting: readonly Waiting[]
  /** Of the changes. */
  readonly reasons: readonly Reason[]
  /** Why only a reload can do all of it. */
  readonly cannot: readonly Reason[]
}

const NO_SERVERS: readonly never[] = []

/** A key for the memory: one object for each backend name of a bundle. */
const named = remember((live: Bundle['live']) => {
  const keys = new Map<string, { readonly name: string }>()
  for (const name of live.servers.keys()) keys.set(name, { name })
  return keys
})

export function planLive(bundle: Bundle, seen: RunningState, rules: PlanRules): LivePlan {
  const changes: RuntimeChange[] = []
  const waiting: Waiting[] = []
  const reasons: Reason[] = []
  const cannot: Reason[] = []
  for (const [name, key] of named(bundle.live)) {
    const wanted = bundle.live.servers.get(name) ?? NO_SERVERS
    const planned = planServers(wanted, seen.servers.get(name) ?? NO_SERVERS, key, rules)
    if (planned.changes.length === 0 && planned.waiting.length === 0) continue
    changes.push(...planned.changes)
    waiting.push(...planned.waiting)
    const about = serversReason(bundle, name, planned)
    if (about !== undefined) reasons.push(about)
    const fixed = bundle.fixed.get(name)
    if (fixed !== undefined && planned.changes.some(needsDynamic))
      cannot.push({ ...ofBackend(bundle, name), code: 'runtime-cannot', message: fixed })
  }
  const maps = planMaps(bundle, seen.maps)
  const certificates = planCertificates(bundle, seen)
  const stuck = new Map(maps.cannot.map(({ map, why }) => [map, why]))
  return {
    changes: [...certificates.changes, ...inOrder(changes), ...maps.changes],
    waiting,
    reasons: [
      ...reasons,
      ...routeReasons(
        bundle,
        ({ name }) => seen.maps.get(name)?.digest !== bundle.live.maps.get(name),
        'its routes change',
      ),
      ...certificates.reasons,
    ],
    cannot: [
      ...cannot,
      ...[...stuck.values()].slice(0, 1).flatMap((why) =>
        routeReasons(bundle, ({ name }) => stuck.has(name), why).map((reason) => ({
          ...reason,
          code: 'runtime-cannot' as const,
        })),
      ),
      ...certificates.cannot,
    ],
  }
}

/** What comes, comes before what leaves. */
function inOrder(changes: readonly RuntimeChange[]): RuntimeChange[] {
  return [...changes.filter((c) => !isLoss(c)), ...changes.filter(isLoss)]
}

function isLoss({ kind }: RuntimeChange): boolean {
  return kind === 'drain-server' || kind === 'delete-server'
}

function needsDynamic({ kind }: RuntimeChange): boolean {
  return kind !== 'set-address' && kind !== 'set-state'
}

function serversReason(
  bundle: Bundle,
  name: string,
  { joined, left, changed }: ServerPlan,
): Reason | undefined {
  const parts = [
    [joined.length, 'joined'] as const,
    [left.length, 'left'] as const,
    [changed.length, 'changed'] as const,
  ].filter(([count]) => count > 0)
  // Only servers that Legate has drained are taken out: the reason was told when they left.
  if (parts.length === 0) return undefined
  const said = parts.map(([n, verb]) => `${n} ${n === 1 ? 'server' : 'servers'} ${verb}`)
  return {
    ...ofBackend(bundle, name),
    code: 'servers-changed',
    message: `backend ${name}: ${said.join(', ')}`,
  }
}

function ofBackend(bundle: Bundle, name: string): Partial<Reason> {
  const header = `backend ${name}`
  const resource = bundle.sections.find((section) => section.header === header)?.resource
  return resource === undefined ? {} : { resource, directive: 'server' }
}

function planCertificates(
  bundle: Bundle,
  seen: RunningState,
): Pick<LivePlan, 'changes' | 'reasons' | 'cannot'> {
  const different = [...bundle.live.certificates].filter(
    ([path, fingerprint]) => seen.certificates.get(path) !== fingerprint,
  )
  const isLoaded = ([path]: readonly [string, string]): boolean => seen.certificates.has(path)
  return {
    changes: different
      .filter(isLoaded)
      .map(([path, fingerprint]) => ({ kind: 'set-certificate', path, fingerprint })),
    reasons: different.filter(isLoaded).map(([path]) => ({
      code: 'certificates-changed',
      message: `the certificate ${path} is new`,
    })),
    cannot: different
      .filter((each) => !isLoaded(each))
      .map(([path]) => ({
        code: 'runtime-cannot',
        message: `the process has not loaded the certificate ${path}`,
      })),
  }
}
