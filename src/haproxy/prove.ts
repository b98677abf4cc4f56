/**
 * A process that was asked to change goes in; out comes whether it did, and lives.
 *
 *   no answer ──► wait ──► a new worker with the stamp ──► it lives for the settle time ──► proven
 *                  │                 │
 *                  │                 └── it is gone, or the master with it ─────────────► failed
 *                  └── the master says that the reload failed, dies, or time is up ─────► failed
 *
 * One answer proves nothing: on 2.6 `reload` answers nothing at all, and a worker may die after the fork.
 */
import type { Failure } from '../model/failure.ts'
import { look, type Seen } from './look.ts'
import type { Tools } from './options.ts'
import { isAlive } from './proc.ts'

export interface Expected {
  /** The stamp the new worker must bear; undefined for a configuration without one. */
  readonly structure: string | undefined
  /** The process before the reload; absent when HAProxy is being started. */
  readonly before?: Seen | undefined
  /** The master, where Legate can see whether it lives: not in a container of its own. */
  readonly masterPid?: number | undefined
}

export type Verdict =
  | { readonly state: 'wait'; readonly why: string }
  | { readonly state: 'good'; readonly workerPid: number }
  | { readonly state: 'bad'; readonly why: string }

export type Proof =
  | { readonly state: 'proven'; readonly workerPid: number; readonly seen: Seen }
  /** `died`: nothing is left that could be reloaded. */
  | { readonly state: 'refused' | 'unproven' | 'died'; readonly why: string }

/** What one look at the process says. */
export function judge(seen: Seen, { structure, before }: Expected): Verdict {
  // A master with another pid was started anew, by us or by somebody else: there was no reload to count.
  const same = before?.masterPid === seen.masterPid ? before : undefined
  const counted = same === undefined || seen.reloads > same.reloads
  if (seen.failedReloads > 0 && counted)
    return { state: 'bad', why: 'HAProxy says that the reload failed' }
  const missing = findMissing(seen, same, counted || seen.masterPid === 0)
  if (missing !== undefined) return { state: 'wait', why: missing }
  if (seen.workerPid === undefined || seen.structure !== structure)
    return { state: 'bad', why: 'the new worker was not started from the file that Legate wrote' }
  return { state: 'good', workerPid: seen.workerPid }
}

/** What a reload that goes well shows sooner or later. */
function findMissing(seen: Seen, before: Seen | undefined, counted: boolean): string | undefined {
  if (!counted) return 'HAProxy has not begun to reload'
  if (seen.workerPid === undefined) return 'HAProxy has no worker'
  if (seen.workerPid === before?.workerPid) return 'the worker is still the one from before'
  return seen.stopping ? 'the worker is leaving' : undefined
}

const POLL_MS = 50

interface Progress {
  /** The worker that was good, and since when it is. */
  readonly good?: { readonly workerPid: number; readonly sinceMs: number } | undefined
  /** True while nothing listens at the socket. */
  readonly down: boolean
  /** 0 when Legate cannot see it. */
  readonly masterPid: number
  readonly why: string
}

/** `timeoutMs` is for the worker to appear; the settle time comes on top. */
export function prove(tools: Tools, expected: Expected, timeoutMs: number): Promise<Proof> {
  const { clock, options } = tools
  const deadline = clock.now() + timeoutMs + options.settleMs
  const step = async (progress: Progress): Promise<Proof> => {
    const now = clock.now()
    const seen = await look(options)
    const next = seen.ok
      ? follow(progress, seen.value, judge(seen.value, expected), now)
      : wonder(progress, seen.failure)
    if ('state' in next) return next
    if (seen.ok && next.good !== undefined && now - next.good.sinceMs >= options.settleMs)
      return { state: 'proven', workerPid: next.good.workerPid, seen: seen.value }
    if (now >= deadline) return { state: next.down ? 'died' : 'unproven', why: next.why }
    await clock.sleep(POLL_MS)
    return step(next)
  }
  return step({ masterPid: expected.masterPid ?? 0, down: false, why: 'HAProxy does not answer' })
}

function follow(progress: Progress, seen: Seen, verdict: Verdict, now: number): Progress | Proof {
  const { good } = progress
  if (verdict.state === 'bad')
    return { state: seen.failedReloads > 0 ? 'refused' : 'unproven', why: verdict.why }
  if (verdict.state === 'wait' && good !== undefined)
    return { state: 'unproven', why: `the new worker did not live long: ${verdict.why}` }
  // One that was seen alive and is not now has died since it answered: it is not out of sight.
  const isKnown = seen.masterPid === progress.masterPid || isAlive(seen.masterPid)
  const masterPid = isKnown ? seen.masterPid : 0
  const known = { ...progress, masterPid, down: false }
  if (verdict.state === 'wait') return { ...known, why: verdict.why }
  // Another good one in the meantime: somebody else has reloaded; the settle time starts again.
  if (good?.workerPid === verdict.workerPid) return known
  return {
    ...known,
    good: { workerPid: verdict.workerPid, sinceMs: now },
    why: 'no worker lived for the settle time',
  }
}

/** Nothing answered: a master that loads its program anew is silent for about a second, a dead one for good. */
function wonder(progress: Progress, failure: Failure): Progress | Proof {
  const { masterPid } = progress
  const down = failure.reason === 'haproxy-down'
  if (down && masterPid !== 0 && !isAlive(masterPid))
    return { state: 'died', why: 'HAProxy has ended' }
  return { ...progress, down, why: failure.message }
}
