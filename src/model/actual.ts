/** What is there now: files on disk and the running process, taken at one time. */
import type { Failure } from './failure.ts'
import type { RunningState } from './runtime.ts'

export type TargetFile =
  | { readonly state: 'absent' }
  /** Written by Legate and untouched since: its checksum line holds. */
  | { readonly state: 'ours'; readonly text: string }
  /** Written by Legate and changed by somebody since. */
  | {
      readonly state: 'edited'
      readonly text: string
      /** Whose the file is and when it was written, as far as the file system tells; printable. */
      readonly changed?: string
    }
  /** Not written by Legate. */
  | { readonly state: 'foreign'; readonly text: string }

export interface Worker {
  readonly pid: number
  /** Reloads since this worker was started. */
  readonly reloads: number
  readonly uptimeSeconds: number
}

/** The running HAProxy, as its own sockets tell. */
export interface RunningProcess {
  /** HAProxy's version, as `2.6.12-1+deb12u4`. */
  readonly version: string
  /** 0 where only a worker's own socket is asked; reloads and old workers are not known then either. */
  readonly masterPid: number
  /** Reloads the master has done, and how many of the last failed in a row. */
  readonly reloads: number
  readonly failedReloads: number
  readonly worker: Worker
  readonly oldWorkers: readonly Worker[]
  /** `proc.legate_structure`, or undefined when the process was started from another file. */
  readonly structure: string | undefined
  readonly live: RunningState
}

export type Running =
  | { readonly state: 'running'; readonly process: RunningProcess }
  /** Nothing answers at the socket: HAProxy is not running. */
  | { readonly state: 'down' }
  /** Something is there and does not answer as it should. */
  | { readonly state: 'unknown'; readonly failure: Failure }
  /** Hold mode `none`: there is no process to look at. */
  | { readonly state: 'not-held' }

export interface Actual {
  readonly config: TargetFile
  /** Paths of bundle files (maps) that are on disk with the content their name promises. */
  readonly files: ReadonlySet<string>
  readonly running: Running
}
