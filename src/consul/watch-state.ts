/**
 * One followed question: state × event → state and what to do next. Pure; time and chance are arguments.
 *
 *                    due
 *        resting ───────────▶ reading            end: from anywhere to ended, which nothing leaves
 *           ▲                    │
 *           ├──── believed ──────┤  at the bucket's pace; from its index on
 *           ├──── backwards ─────┤  at the bucket's pace; body dropped, without an index
 *           ├──── suspicious ────┤  2 s, then 5 s; without an index
 *           ├──── failed ────────┤  after a back-off; without an index
 *           └──── moved ─────────┘  at once; from the same index on, over another connection
 *
 *        doubt:   none ──suspicious──▶ first ──suspicious──▶ second ─┐ suspicious, other than the one before
 *                  ▲                     │                   │  ▲────┘
 *                  └── not suspicious, or failed ────────────┤
 *                  └── suspicious as the one before: believed ┘
 *
 * What is known stays through everything but another answer that is believed.
 */
import type { Failure } from '../model/failure.ts'
import type { Answered } from './canonical.ts'
import {
  backoffMs,
  freshPace,
  longBackoffMs,
  noteWake,
  paceWaitMs,
  spend,
  type Pace,
} from './watch-pace.ts'

/**
 * `busy`: Consul asks for less. `question`: this question alone is wrong, and only a person can mend it.
 * `away`: everything else; what has ended for one question is likely to have ended for the others.
 */
export type FailureKind = 'away' | 'busy' | 'question'

export interface WatchState {
  readonly phase:
    | { readonly name: 'resting'; readonly untilMs: number }
    | { readonly name: 'reading'; readonly sinceMs: number; readonly asked: bigint }
    | { readonly name: 'ended' }
  /** Where the next blocking query begins; 0: ask without. */
  readonly index: bigint
  /** Of the last answer that was believed: shows that Consul lost its memory, even across failures. */
  readonly believedIndex: bigint
  readonly known: Answered | undefined
  readonly lastSuccessMs: number | undefined
  readonly failure: { readonly failure: Failure; readonly kind: FailureKind } | undefined
  readonly failures: number
  readonly doubt: { readonly answer: Answered | undefined } | undefined
  readonly pace: Pace
}

export type WatchEvent =
  | { readonly type: 'due' }
  | {
      readonly type: 'answered'
      /** The same object as `known` where nothing has changed. */
      readonly answer: Answered
      /** As Consul said it; absent when it said none. */
      readonly index: bigint | undefined
      /** The server that answered knew no leader. */
      readonly leaderless: boolean
    }
  | { readonly type: 'failed'; readonly failure: Failure; readonly kind: FailureKind }
  /** Another question has been answered after it had failed in the same way. */
  | { readonly type: 'reachable' }
  /** Readings go over other connections from now on. */
  | { readonly type: 'moved' }
  | { readonly type: 'end' }

export type Todo =
  | { readonly type: 'nothing' }
  /** Send `due` after this long; an earlier wish of this kind is void, and so is a reading under way. */
  | { readonly type: 'rest'; readonly ms: number }
  /** `index` 0: do not block. */
  | { readonly type: 'read'; readonly index: bigint; readonly deadlineMs: number }
  /** Let go of timer and reading. */
  | { readonly type: 'end' }

export interface Step {
  readonly state: WatchState
  readonly todo: Todo
}

export interface Rules {
  /** How long Consul may hold a blocking query. */
  readonly waitMs: number
  /** Of a reading that does not block. */
  readonly timeoutMs: number
  /** Set: never block, and rest about this long between two readings. */
  readonly pollMs?: number
}

export interface Moment {
  readonly atMs: number
  /** Milliseconds since the epoch, for people. */
  readonly dateMs: number
  /** From 0 up to 1. */
  readonly chance: number
  readonly rules: Rules
}

const FIRST_DOUBT_MS = 2_000
const SECOND_DOUBT_MS = 5_000
const SHORTEST_BUSY_MS = 5_000
/** Consul lengthens `wait` by up to a sixteenth; the rest is for the way there and back. */
const GRACE_MS = 10_000
const REACHABLE_WITHIN_MS = 1_000

export function freshWatch(atMs: number): WatchState {
  return {
    phase: { name: 'resting', untilMs: atMs },
    index: 0n,
    believedIndex: 0n,
    known: undefined,
    lastSuccessMs: undefined,
    failure: undefined,
    failures: 0,
    doubt: undefined,
    pace: freshPace(atMs),
  }
}

export function step(state: WatchState, event: WatchEvent, moment: Moment): Step {
  switch (event.type) {
    case 'due':
      return onDue(state, moment)
    case 'answered':
      return onAnswered(state, event, moment)
    case 'failed':
      return onFailed(state, event, moment)
    case 'reachable':
      return onReachable(state, moment)
    case 'moved':
      return state.phase.name === 'reading' ? rest(state, 0, moment) : stay(state)
    case 'end':
      return state.phase.name === 'ended'
        ? stay(state)
        : { state: { ...state, phase: { name: 'ended' } }, todo: { type: 'end' } }
  }
}

function onDue(state: WatchState, { atMs, rules }: Moment): Step {
  if (state.phase.name !== 'resting') return stay(state)
  const index = rules.pollMs === undefined ? state.index : 0n
  const deadlineMs = index === 0n ? rules.timeoutMs : (rules.waitMs * 17) / 16 + GRACE_MS
  const phase = { name: 'reading', sinceMs: atMs, asked: index } as const
  return {
    state: { ...state, phase, pace: spend(state.pace, atMs) },
    todo: { type: 'read', index, deadlineMs },
  }
}

type AnsweredEvent = Extract<WatchEvent, { readonly type: 'answered' }>

function onAnswered(before: WatchState, event: AnsweredEvent, moment: Moment): Step {
  if (before.phase.name !== 'reading') return stay(before)
  const { asked, sinceMs } = before.phase
  const index = event.index === undefined || event.index < 1n ? 1n : event.index
  const isBackwards = index < asked
  const isNew = event.answer !== before.known && !isBackwards
  // Only what was asked to block says anything about how often Consul wakes.
  const pace =
    asked === 0n ? before.pace : noteWake(before.pace, moment.atMs - sinceMs, isNew, moment.atMs)
  const state = { ...before, pace }
  // A restored snapshot, an upgrade, another server: nothing says what this body is worth.
  if (isBackwards) return rest({ ...state, index: 0n }, 0, moment)
  if (isSuspicious(state, event, index) && !isConfirmed(state, event))
    return state.doubt === undefined
      ? rest({ ...state, index: 0n, doubt: { answer: undefined } }, FIRST_DOUBT_MS, moment)
      : rest({ ...state, index: 0n, doubt: { answer: event.answer } }, SECOND_DOUBT_MS, moment)
  return believe(state, event.answer, index, moment)
}

/** What Consul is known to answer by mistake, of what would take instances away. */
function isSuspicious(state: WatchState, event: AnsweredEvent, index: bigint): boolean {
  const { known, believedIndex } = state
  if (event.answer === known) return false
  if (event.leaderless) return true
  const before = known?.instances.length ?? 0
  const now = event.answer.instances.length
  return now < before && (now === 0 || index < believedIndex)
}

function isConfirmed({ doubt }: WatchState, { answer }: AnsweredEvent): boolean {
  return doubt?.answer !== undefined && JSON.stringify(doubt.answer) === JSON.stringify(answer)
}

function believe(state: WatchState, answer: Answered, index: bigint, moment: Moment): Step {
  const { pollMs } = moment.rules
  const next: WatchState = {
    ...state,
    index,
    believedIndex: index,
    known: answer,
    lastSuccessMs: moment.dateMs,
    failure: undefined,
    failures: 0,
    doubt: undefined,
  }
  // Polls of many questions that began together drift apart.
  return rest(next, pollMs === undefined ? 0 : pollMs * (0.75 + moment.chance / 2), moment)
}

type FailedEvent = Extract<WatchEvent, { readonly type: 'failed' }>

/** The index is given up: a Consul that was restarted would hold the old one until `wait` is over. */
function onFailed(before: WatchState, { failure, kind }: FailedEvent, moment: Moment): Step {
  if (before.phase.name !== 'reading') return stay(before)
  const failures = before.failures + 1
  const state = { ...before, index: 0n, failures, failure: { failure, kind }, doubt: undefined }
  const jitterMs = backoffMs(failures, moment.chance)
  const pauseMs: Record<FailureKind, number> = {
    away: jitterMs,
    busy: SHORTEST_BUSY_MS + jitterMs,
    question: longBackoffMs(moment.chance),
  }
  return rest(state, pauseMs[kind], moment)
}

function onReachable(state: WatchState, moment: Moment): Step {
  const { phase, failure } = state
  if (phase.name !== 'resting' || failure?.kind !== 'away') return stay(state)
  const ms = moment.chance * REACHABLE_WITHIN_MS
  return phase.untilMs <= moment.atMs + ms ? stay(state) : rest(state, ms, moment)
}

/** As long as wished, and as long as the bucket wants. */
function rest(state: WatchState, wishedMs: number, { atMs }: Moment): Step {
  const ms = Math.max(wishedMs, paceWaitMs(state.pace, atMs))
  const phase = { name: 'resting', untilMs: atMs + ms } as const
  return { state: { ...state, phase }, todo: { type: 'rest', ms } }
}

function stay(state: WatchState): Step {
  return { state, todo: { type: 'nothing' } }
}
