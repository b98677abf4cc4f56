/** A plan against what is there → a refusal, or nothing: safety stops that time or a named flag lets pass. */
import type { DepartureGuard } from '../compile/departures.ts'
import { recentlyLeft } from '../compile/departures.ts'
import { sectionName } from '../compile/names.ts'
import type { Actual } from '../model/actual.ts'
import type { Bundle, LiveServer } from '../model/bundle.ts'
import type { Plan } from '../model/plan.ts'
import type { Manifests } from '../model/resource.ts'
import type { RunningState } from '../model/runtime.ts'
import type { AppliedServers, LastGood } from '../model/snapshot.ts'
import { isLeaving } from '../plan/servers.ts'

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
  { Backend }: Manifests,
  { lastGood, atMs }: { readonly lastGood: LastGood | undefined; readonly atMs: number },
  daemon: { readonly departures: DepartureGuard } | undefined,
): string[] {
  if (daemon === undefined) return []
  const applied = lastGood?.applied ?? new Map<string, AppliedServers>()
  const since = [...applied.values()].map((a) => a.departingSinceMs ?? atMs)
  const sinceMs = Math.min(atMs, ...since) - daemon.departures.holdMs
  return Backend.flatMap((backend) =>
    recentlyLeft(applied.get(backend.id), sinceMs).map(
      ({ name }) => `${sectionName(backend)}/${name}`,
    ),
  )
}

function refuseTakeover({ config }: Actual): Refusal | undefined {
  if (config.state !== 'foreign') return undefined
  return {
    guard: 'takeover',
    message: 'the target file was not written by Legate, and would be replaced',
    flag: '--allow-takeover',
  }
}

function refuseRemoval(guarded: Guarded, limits: RemovalLimits): Refusal | undefined {
  const { before, after } = guarded.resources
  const resources = countGone(before, after)
  if (isTooMuch(resources, before.length, limits))
    return removal('resource-removal', `${resources} of ${before.length} resources`)
  const { running } = guarded.actual
  if (running.state !== 'running') return undefined
  const servers = names(staying(running.process.live.servers))
  const wanted = names(guarded.bundle.live.servers)
  const now = countGone(servers, wanted)
  const gone = now + countGone(guarded.left, wanted)
  const all = servers.length + gone - now
  return now > 0 && isTooMuch(gone, all, limits)
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
  const here = new Set(after)
  return before.filter((name) => !here.has(name)).length
}

/** What Legate drains has left already. */
export function staying(
  servers: RunningState['servers'],
): ReadonlyMap<string, readonly LiveServer[]> {
  return new Map(
    [...servers].map(([backend, list]) => [backend, list.filter((s) => !isLeaving(s))]),
  )
}

function names(servers: ReadonlyMap<string, readonly LiveServer[]>): string[] {
  return [...servers].flatMap(([backend, list]) => list.map((s) => `${backend}/${s.name}`))
}
