/** What is remembered of a Backend → what its next servers are held against, and what stands in for an answer. */
import type { Instance } from '../model/catalog.ts'
import type { Resource } from '../model/resource.ts'
import type { AppliedServers, LastGood, Missing } from '../model/snapshot.ts'
import type { Server } from '../model/topology.ts'
import { ingestFor } from './backend.ts'
import type { Departure, DepartureGuard } from './departures.ts'
import { holdDepartures } from './departures.ts'

const NO_SERVERS: readonly Server[] = []

export interface Recalled {
  /** Instances of the last answer that stood. */
  readonly last: readonly Instance[] | undefined
  readonly emptySinceMs: number | undefined
  /** After a restart the servers of the last answer are what the next ones are held against. */
  readonly applied: Omit<AppliedServers, 'missing'> | undefined
  readonly missing: readonly Missing[]
}

export function recall(
  backend: Resource<'Backend'>,
  key: string,
  lastGood: LastGood | undefined,
): Recalled {
  const last = lastInstances(lastGood, key)
  const applied = lastGood?.applied?.get(backend.id)
  return {
    last,
    emptySinceMs: lastGood?.emptySinceMs.get(key),
    applied: applied ?? (last && { servers: ingestFor(backend, last).servers }),
    missing: applied?.missing ?? [],
  }
}

/** Nobody has answered, and no answer is remembered: a Backend has what it had, a new one has nothing. */
export function keepAll(applied: Recalled['applied']): Departure {
  const servers = applied?.servers ?? NO_SERVERS
  return { servers, held: servers.map((s) => s.name), left: applied?.left ?? [] }
}

export function departureOf(
  wanted: readonly Server[],
  applied: Recalled['applied'],
  { guard, atMs }: { readonly guard?: DepartureGuard; readonly atMs: number },
): Departure {
  if (guard === undefined) return { servers: wanted, held: [], left: [] }
  return holdDepartures(wanted, applied, guard, atMs)
}

function lastInstances(
  lastGood: LastGood | undefined,
  key: string,
): readonly Instance[] | undefined {
  const answer = lastGood?.catalog.get(key)?.answer
  return answer?.state === 'answered' ? answer.instances : undefined
}
