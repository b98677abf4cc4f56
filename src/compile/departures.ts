/** Servers that were applied and servers that are wanted now → what to go on with: mass departures are held. */
import { compare } from '../model/diagnostic.ts'
import type { AppliedServers } from '../model/snapshot.ts'
import type { Server } from '../model/topology.ts'

export interface DepartureGuard {
  /** Percent of the applied servers; 100 switches the guard off. */
  readonly share: number
  readonly least: number
  readonly holdMs: number
}

export interface Departure {
  readonly servers: readonly Server[]
  /** Names of servers that are kept although they left. */
  readonly held: readonly string[]
  /** Since when; absent when nothing is held. */
  readonly sinceMs?: number
}

/** Additions always pass. A departure that stays for `holdMs` is believed; one that is taken back is forgotten. */
export function holdDepartures(
  wanted: readonly Server[],
  applied: Omit<AppliedServers, 'missing'> | undefined,
  guard: DepartureGuard,
  atMs: number,
): Departure {
  const here = new Set(wanted.map((s) => s.name))
  const leaving = (applied?.servers ?? []).filter((s) => !here.has(s.name))
  const isMass =
    leaving.length >= guard.least &&
    leaving.length * 100 > (applied?.servers.length ?? 0) * guard.share
  if (!isMass) return { servers: wanted, held: [] }
  const sinceMs = applied?.departingSinceMs ?? atMs
  if (atMs - sinceMs >= guard.holdMs) return { servers: wanted, held: [] }
  // An address that somebody else has taken is not held: two servers would share it.
  const taken = new Set(wanted.map((s) => `${s.address} ${s.port}`))
  const kept = leaving.filter((s) => !taken.has(`${s.address} ${s.port}`))
  return {
    servers: [...wanted, ...kept].toSorted((a, b) => compare(a.name, b.name)),
    held: kept.map((s) => s.name),
    sinceMs,
  }
}
