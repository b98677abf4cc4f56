/**
 * When the daemon runs a pass: state × event → state and what to do. Pure; time is in the events.
 *
 *                 trigger, long quiet            due
 *        idle ─────────────────────────▶ ─────────────▶ running ──────▶ idle     nothing came meanwhile
 *         │                                    ▲           │  ended
 *         │ trigger soon after a pass          │ due       │ trigger
 *         └───────────────▶ settling ──────────┘           ▼
 *                              ▲                         queued
 *                              └───────── ended ───────────┘
 *        any ──stop──▶ stopping ──ended, or nothing was running──▶ stopped
 *
 * The first change is acted upon at once. What follows is gathered until `quietMs` have passed without
 * another, `maxMs` at the longest. Whatever comes during a pass makes exactly one more. A look of Legate's
 * own runs when it is idle, and makes no change wait: what comes during one is acted upon when it ends.
 */

export interface Windows {
  readonly quietMs: number
  readonly maxMs: number
}

interface Gathering {
  readonly firstMs: number
  readonly lastMs: number
  /** Names of what triggered, for the log only; bounded. */
  readonly reasons: readonly string[]
}

interface LastPass {
  readonly lastPassMs: number | undefined
}

export type LoopState =
  | { readonly name: 'idle'; readonly lastPassMs: number | undefined }
  | { readonly name: 'settling'; readonly gathered: Gathering }
  /** `lastPassMs` is given where this pass is a look: it makes no change wait. */
  | { readonly name: 'running'; readonly look?: LastPass }
  | { readonly name: 'queued'; readonly gathered: Gathering; readonly look?: LastPass }
  | { readonly name: 'stopping'; readonly isLast: boolean }
  | { readonly name: 'stopped' }

export type LoopEvent =
  | { readonly type: 'trigger'; readonly reason: string }
  /** It is time to look whether all is as it should be; a pass that is due anyway does. */
  | { readonly type: 'look' }
  | { readonly type: 'due' }
  /** `fileLags`: the process is ahead of the file, and one more pass is worth it before the end. */
  | { readonly type: 'ended'; readonly fileLags?: boolean }
  | { readonly type: 'stop'; readonly fileLags?: boolean }

export type Todo =
  | { readonly type: 'nothing' }
  | { readonly type: 'run'; readonly reasons: readonly string[] }
  /** Send `due` after this long; an earlier wish of this kind is void. */
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'end' }

export interface Step {
  readonly state: LoopState
  readonly todo: Todo
}

export const INITIAL: LoopState = { name: 'idle', lastPassMs: undefined }

const NOTHING: Todo = { type: 'nothing' }
const MOST_REASONS = 5

/** `atMs` only grows. */
export function step(state: LoopState, event: LoopEvent, atMs: number, windows: Windows): Step {
  switch (event.type) {
    case 'trigger':
      return onTrigger(state, event.reason, atMs, windows)
    case 'look':
      return onLook(state)
    case 'due':
      return onDue(state, atMs, windows)
    case 'ended':
      return onEnded(state, event.fileLags === true, atMs, windows)
    case 'stop':
      return onStop(state, event.fileLags === true)
  }
}

function onTrigger(state: LoopState, reason: string, atMs: number, windows: Windows): Step {
  switch (state.name) {
    case 'idle': {
      const gathered = gather(undefined, reason, atMs)
      return begin(gathered, state, atMs, windows)
    }
    case 'settling':
      return settle(gather(state.gathered, reason, atMs), atMs, windows)
    case 'running':
      return {
        state: { ...state, name: 'queued', gathered: gather(undefined, reason, atMs) },
        todo: NOTHING,
      }
    case 'queued':
      return {
        state: { ...state, gathered: gather(state.gathered, reason, atMs) },
        todo: NOTHING,
      }
    case 'stopping':
    case 'stopped':
      return { state, todo: NOTHING }
  }
}

function onLook(state: LoopState): Step {
  if (state.name !== 'idle') return { state, todo: NOTHING }
  const { lastPassMs } = state
  return {
    state: { name: 'running', look: { lastPassMs } },
    todo: { type: 'run', reasons: ['look'] },
  }
}

/** A timer that was called off too late is harmless: only settling listens. */
function onDue(state: LoopState, atMs: number, windows: Windows): Step {
  if (state.name !== 'settling') return { state, todo: NOTHING }
  return waitMs(state.gathered, atMs, windows) > 0
    ? settle(state.gathered, atMs, windows)
    : run(state.gathered)
}

function onEnded(state: LoopState, fileLags: boolean, atMs: number, windows: Windows): Step {
  switch (state.name) {
    case 'running':
      return { state: { name: 'idle', ...lastPass(state, atMs) }, todo: NOTHING }
    case 'queued':
      return begin(state.gathered, lastPass(state, atMs), atMs, windows)
    case 'stopping':
      return fileLags && !state.isLast ? LAST_RUN : END
    case 'idle':
    case 'settling':
    case 'stopped':
      throw new Error(`no pass can end while ${state.name}`)
  }
}

/** A look is none. */
function lastPass({ look }: { readonly look?: LastPass }, atMs: number): LastPass {
  return look ?? { lastPassMs: atMs }
}

const END: Step = { state: { name: 'stopped' }, todo: { type: 'end' } }

const LAST_RUN: Step = {
  state: { name: 'stopping', isLast: true },
  todo: { type: 'run', reasons: ['stop'] },
}

function onStop(state: LoopState, fileLags: boolean): Step {
  switch (state.name) {
    case 'idle':
    case 'settling':
      return fileLags ? LAST_RUN : END
    case 'running':
    case 'queued':
      return { state: { name: 'stopping', isLast: false }, todo: NOTHING }
    case 'stopping':
    case 'stopped':
      return { state, todo: NOTHING }
  }
}

function run(gathered: Gathering): Step {
  return { state: { name: 'running' }, todo: { type: 'run', reasons: gathered.reasons } }
}

/** The first change after a quiet time is acted upon at once. */
function begin(
  gathered: Gathering,
  { lastPassMs }: LastPass,
  atMs: number,
  windows: Windows,
): Step {
  const isFirst = lastPassMs === undefined || atMs - lastPassMs >= windows.quietMs
  return isFirst ? run(gathered) : settle(gathered, atMs, windows)
}

function settle(gathered: Gathering, atMs: number, windows: Windows): Step {
  const ms = waitMs(gathered, atMs, windows)
  return { state: { name: 'settling', gathered }, todo: { type: 'wait', ms } }
}

function waitMs(gathered: Gathering, atMs: number, { quietMs, maxMs }: Windows): number {
  return Math.max(0, Math.min(gathered.lastMs + quietMs, gathered.firstMs + maxMs) - atMs)
}

function gather(before: Gathering | undefined, reason: string, atMs: number): Gathering {
  const reasons = before?.reasons ?? []
  return {
    firstMs: before?.firstMs ?? atMs,
    lastMs: atMs,
    reasons:
      reasons.includes(reason) || reasons.length >= MOST_REASONS ? reasons : [...reasons, reason],
  }
}
