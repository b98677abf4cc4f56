/** How soon Consul may be asked again: what happened so far goes in, milliseconds to wait come out. Pure; time and chance are arguments. */

const BURST = 2
const EVERY_MS = 1_000
const SLOWEST_EVERY_MS = 15_000
/** Wakes for nothing, one close upon the other, that cost no pace. */
const FREE_WAKES = 4
/** A wake that took longer than this is no storm. */
const RAPID_MS = 2_000
const FIRST_BACKOFF_MS = 250
const LONGEST_BACKOFF_MS = 60_000

/**
 * A token bucket. There is never a fixed pause between two readings: it would make the index old, and the
 * next reading would return at once for what the pause has hidden.
 */
export interface Pace {
  readonly tokens: number
  /** When `tokens` was right. */
  readonly atMs: number
  /** Answers in a row that came at once and brought nothing new. */
  readonly idleWakes: number
}

export function freshPace(atMs: number): Pace {
  return { tokens: BURST, atMs, idleWakes: 0 }
}

export function spend(pace: Pace, atMs: number): Pace {
  return { ...pace, tokens: tokensAt(pace, atMs) - 1, atMs }
}

export function paceWaitMs(pace: Pace, atMs: number): number {
  return Math.max(0, Math.ceil((1 - tokensAt(pace, atMs)) * everyMs(pace)))
}

/**
 * A question that Consul answers at once and for nothing, again and again, is asked more and more seldom:
 * the index of a service that does not exist moves with every service that disappears.
 */
export function noteWake(pace: Pace, tookMs: number, isNew: boolean, atMs: number): Pace {
  const isIdle = !isNew && tookMs < RAPID_MS
  return { tokens: tokensAt(pace, atMs), atMs, idleWakes: isIdle ? pace.idleWakes + 1 : 0 }
}

/** Full jitter: a thousand questions that failed at the same time do not come back at the same time. */
export function backoffMs(failures: number, chance: number): number {
  const ceilingMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1))
  return Math.round(chance * ceilingMs)
}

/** For what only a person can mend. */
export function longBackoffMs(chance: number): number {
  return Math.round((LONGEST_BACKOFF_MS * (1 + chance)) / 2)
}

function tokensAt(pace: Pace, atMs: number): number {
  return Math.min(BURST, pace.tokens + (atMs - pace.atMs) / everyMs(pace))
}

function everyMs({ idleWakes }: Pace): number {
  return Math.min(SLOWEST_EVERY_MS, EVERY_MS * 2 ** Math.max(0, idleWakes - FREE_WAKES))
}
