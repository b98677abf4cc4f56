/** A plan against what is there → a refusal, or nothing: safety stops that time or a named flag lets pass. */
import type { DepartureGuard } from '../compile/departures.ts'
import { recentlyLeft } from '../compile/departures.ts'
import { sectionName } from '../compile/names.ts'
import type { Actual } from '../model/actual.ts'
import type { Bundle, LiveServer } from '../model/bundle.ts'
import type { Plan } from '../model/plan.ts'
import { remember, rememberJoin } from '../model/remember.ts'
import { instanceOf } from '../model/server-name.ts'
import type { Manifests } from '../model/resource.ts'
import type { RunningServer } from '../model/runtime.ts'
import type { AppliedServers, LastGood } from '../model/snapshot.ts'
import { isLeaving } from '../plan/servers.ts'
import { resourceById } from './reasons.ts'

export interface Refusal {
  readonly guard: 'takeover' | 'server-removal' | 'resource-removal'
  readonly message: string
  /** The flag that lets it pass next time. */
  readonly flag: '--allow-takeover' | '--allow-removal'
}

export interface Allowances {
  readonly takeover: boolean
  readonly removal: boolean
}

export interface RemovalLimits {
  /** Percent that may go in one step; 100 switches the guard off. */
  readonly share: number
  /** Fewer than this are never too many. */
  readonly least: number
}

export interface Guarded {
  readonly plan: Plan
  readonly actual: Actual
  readonly bundle: Bundle
  /** Servers that have left a short time ago, as `<section>/<server>`. */
  readonly left: readonly string[]
  /** Ids of the resources of the last good revision and of this one. */
  readonly resources: { readonly before: readonly string[]; readonly after: readonly string[] }
}

export function guard(
  guarded: Guarded,
  allow: Allowances,
  limits: RemovalLimits,
): Refusal | undefined {
  if (guarded.plan.action === 'in-sync') return undefined
  return (
    (allow.takeover ? undefined : refuseTakeover(guarded.actual)) ??
    (allow.removal ? undefined : refuseRemoval(guarded, limits))
  )
}

/** Servers go in many small steps; those of a short time, or before what is held now, count as one. */
export function leftBefore(
  manifests: Manifests,
  { lastGood, atMs }: { readonly lastGood: LastGood | undefined; readonly atMs: number },
  daemon: { readonly departures: DepartureGuard } | undefined,
): string[] {
  if (daemon === undefined) return []
  const passing = passingIn(lastGood?.applied ?? NOBODY)
  const since = passing.map(([, { departingSinceMs }]) => departingSinceMs ?? atMs)
  const sinceMs = Math.min(atMs, ...since) - daemon.departures.holdMs
  return passing.flatMap(([id, applied]) => {
    const backend = resourceById(manifests, id)
    return backend === undefined
      ? []
      : recentlyLeft(applied, sinceMs).map(({ name }) => `${sectionName(backend)}/${name}`)
  })
}

const NOBODY: ReadonlyMap<string, AppliedServers> = new Map()

/** Whether the guard of a Backend holds servers that would leave; with a memory of its own. */
export function rememberDeparting(): (applied: LastGood['applied']) => boolean {
  const passing = rememberPassing()
  return (applied = NOBODY) =>
    passing(applied).some(([, { departingSinceMs }]) => departingSinceMs !== undefined)
}

/** Backends that servers leave, or have left a short time ago; with a memory of its own. */
function rememberPassing(): (
  applied: ReadonlyMap<string, AppliedServers>,
) => readonly (readonly [id: string, applied: AppliedServers])[] {
  const passing = rememberJoin((_: string, each: AppliedServers) =>
    each.departingSinceMs === undefined && each.left === undefined ? undefined : each,
  )
  return (applied) => [...passing(applied, NOTHING)]
}

const NOTHING: ReadonlyMap<string, undefined> = new Map()
const passingIn = rememberPassing()

function refuseTakeover({ config }: Actual): Refusal | undefined {
  if (config.state !== 'foreign') return undefined
  return {
    guard: 'takeover',
    message: 'the target file was not written by Legate, and would be replaced',
    flag: '--allow-takeover',
  }
}

function refuseRemoval(guarded: Guarded, limits: RemovalLimits): Refusal | undefined {
  const { before: old, after } = guarded.resources
  const resources = countGone(old, after)
  if (isTooMuch(resources, old.length, limits))
    return removal('resource-removal', `${resources} of ${old.length} resources`)
  const { running } = guarded.actual
  if (running.state !== 'running') return undefined
  const wanted = guarded.bundle.live.servers
  const seen = running.process.live.servers
  const now = sum([...goingOf(seen, wanted).values()])
  const before = guarded.left.filter((name) => !isWanted(name, wanted)).length
  const gone = now + before
  if (now === 0 || gone < limits.least) return undefined
  const all = sum([...seen.values()].map((each) => staying(each).length)) + before
  return isTooMuch(gone, all, limits)
    ? removal('server-removal', `${gone} of all ${all} servers`)
    : undefined
}

function removal(name: 'server-removal' | 'resource-removal', what: string): Refusal {
  return { guard: name, message: `${what} would go at once`, flag: '--allow-removal' }
}

function isTooMuch(gone: number, all: number, { share, least }: RemovalLimits): boolean {
  return gone >= least && gone * 100 > all * share
}

function countGone(before: readonly string[], after: readonly string[]): number {
  if (before === after) return 0
  const here = new Set(after)
  return before.filter((name) => !here.has(name)).length
}

const NO_SERVERS: readonly LiveServer[] = []

/** What Legate drains has left already. */
export const staying: (servers: readonly RunningServer[]) => readonly RunningServer[] = remember(
  (servers) => servers.filter((s) => !isLeaving(s)),
)

/** By backend, where any: how many of the servers that are there are not wanted, here or elsewhere. */
const goingOf = rememberJoin(
  (_: string, seen: readonly RunningServer[], wanted: readonly LiveServer[] = NO_SERVERS) => {
    const names = namesOf(wanted)
    return staying(seen).filter(({ name }) => !names.has(instanceOf(name))).length || undefined
  },
)

const namesOf: (servers: readonly LiveServer[]) => ReadonlySet<string> = remember(
  (servers) => new Set(servers.map(({ name }) => instanceOf(name))),
)

/** `name` is `<section>/<server>`. */
function isWanted(name: string, wanted: ReadonlyMap<string, readonly LiveServer[]>): boolean {
  const slash = name.lastIndexOf('/')
  return namesOf(wanted.get(name.slice(0, slash)) ?? NO_SERVERS).has(
    instanceOf(name.slice(slash + 1)),
  )
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0)
}
