/** Servers that were applied and servers that are wanted now → what to go on with: mass departures are held. */
import { compare } from '../model/diagnostic.ts'
import { instanceOf } from '../model/server-name.ts'
import type { AppliedServers } from '../model/snapshot.ts'
import type { Server } from '../model/topology.ts'

export interface DepartureGuard {
  /** Percent of the servers; 100 switches the guard off. */
  readonly share: number
  readonly least: number
  /** How long departures are held; what leaves within that time leaves together. */
  readonly holdMs: number
}

export interface Departure {
  readonly servers: readonly Server[]
  /** Names of servers that are kept although they left. */
  readonly held: readonly string[]
  /** Since when; absent when nothing is held. */
  readonly sinceMs?: number
  /** To be remembered: servers that have left within the last `holdMs`. */
  readonly left: NonNullable<AppliedServers['left']>
}

/** Additions always pass. A departure that stays for `holdMs` is believed; one that is taken back is forgotten. */
export function holdDepartures(
  wanted: readonly Server[],
  applied: Omit<AppliedServers, 'missing'> | undefined,
  guard: DepartureGuard,
  atMs: number,
): Departure {
  // Who moves does not leave.
  const here = new Set(wanted.map((s) => instanceOf(s.name)))
  const isHere = ({ name }: { readonly name: string }): boolean => here.has(instanceOf(name))
  const leaving = (applied?.servers ?? []).filter((s) => !isHere(s))
  const sinceMs = applied?.departingSinceMs ?? atMs
  const left = recentlyLeft(applied, sinceMs - guard.holdMs).filter((one) => !isHere(one))
  const all = (applied?.servers.length ?? 0) + left.length
  if (leaving.length === 0 || !isMass(leaving.length + left.length, all, guard))
    return {
      servers: wanted,
      held: [],
      left: [...left, ...leaving.map(({ name }) => ({ name, atMs }))],
    }
  if (atMs - sinceMs >= guard.holdMs) return { servers: wanted, held: [], left: [] }
  // An address that somebody else has taken is not held: two servers would share it.
  const taken = new Set(wanted.map((s) => `${s.address} ${s.port}`))
  const kept = leaving.filter((s) => !taken.has(`${s.address} ${s.port}`))
  return {
    servers: [...wanted, ...kept].toSorted((a, b) => compare(a.name, b.name)),
    held: kept.map((s) => s.name),
    sinceMs,
    left,
  }
}

/** What goes one by one goes together, if it goes soon after each other. */
export function recentlyLeft(
  applied: Pick<AppliedServers, 'left'> | undefined,
  sinceMs: number,
): Departure['left'] {
  const left = applied?.left ?? NOBODY
  return left.every(({ atMs }) => atMs > sinceMs) ? left : left.filter(({ atMs }) => atMs > sinceMs)
}

const NOBODY: Departure['left'] = []

function isMass(gone: number, all: number, { share, least }: DepartureGuard): boolean {
  return gone >= least && gone * 100 > all * share
}
