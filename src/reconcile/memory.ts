/** What the loop remembers between passes, and the limits it keeps to. */
import type { Bundle } from '../model/bundle.ts'
import type { Drift } from '../model/drift.ts'
import type { CapacityLevel } from '../model/event.ts'
import type { HeldRevision, RefusedRevision } from './outcome.ts'
import type { ReloadGate, ReloadLimits } from './reload-gate.ts'
import { openGate } from './reload-gate.ts'

export interface LoopLimits {
  readonly reload: ReloadLimits
  /** How long a removal that is too large is held. */
  readonly totalHoldMs: number
  /** First and longest wait after a failure; doubled in between, with full jitter. */
  readonly retryMs: { readonly first: number; readonly most: number }
}

/** The file follows the process within a second: this, and the time for writing it. */
export const FILE_REST_MS = 700

/** HAProxy's own check of a file that only runtime changes rewrote is made when it has not changed for so long. */
export const CHECK_REST_MS = 5000

export interface LoopMemory {
  readonly gate: ReloadGate
  /** Revisions that are not tried again before a time (monotonic ms), and why. */
  readonly refused: ReadonlyMap<string, RefusedRevision & { readonly untilMs: number }>
  readonly stopped: Stopped | undefined
  /** What is in the folders and not used. */
  readonly held: Pick<HeldRevision, 'name' | 'revision'> | undefined
  /** The configuration whose reload is put off. */
  readonly putOff: string | undefined
  readonly levels: ReadonlyMap<string, CapacityLevel>
  /** Backends whose servers are held. */
  readonly holding: ReadonlySet<string>
  /** Passes in a row that the world refused, and what it said last. */
  readonly failures: number
  readonly failed: string | undefined
  /** What HAProxy was last proven with. */
  readonly proven: Bundle | undefined
  /** Changes that somebody else made and that are still there, by kind and object. */
  readonly drift: ReadonlyMap<string, DriftSince>
  /** When everything was looked at last (monotonic ms), where nothing has gone wrong since. */
  readonly lookedMs: number | undefined
  /** HAProxy backends with servers on their way in or out. */
  readonly waitingIn: ReadonlyMap<string, WaitingSince>
  /** When the file was written last (monotonic ms), and whether the process is ahead of it. */
  readonly fileMs: number | undefined
  readonly fileLags: boolean
  /** HAProxy's own check of the file is still to come. */
  readonly unchecked: boolean
  /** Errors that were told last, as text, so that each is told once. */
  readonly told: string
}

/** Monotonic ms. */
export interface WaitingSince {
  readonly sinceMs: number
  /** When it is looked at again. */
  readonly dueMs: number
}

export interface DriftSince {
  readonly drift: Drift
  /** Monotonic ms. */
  readonly sinceMs: number
}

/** The guard that stops something, what it says, and since when. */
export interface Stopped {
  readonly guard: string
  readonly message: string
  readonly sinceMs: number
  /** Of a guard that stops a revision. */
  readonly revision?: string
}

export function emptyMemory(limits: LoopLimits): LoopMemory {
  return {
    gate: openGate(limits.reload),
    refused: new Map(),
    stopped: undefined,
    held: undefined,
    putOff: undefined,
    levels: new Map(),
    holding: new Set(),
    failures: 0,
    failed: undefined,
    proven: undefined,
    drift: new Map(),
    lookedMs: undefined,
    waitingIn: new Map(),
    fileMs: undefined,
    fileLags: false,
    unchecked: false,
    told: '',
  }
}
