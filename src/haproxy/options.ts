/** The settings of a hold, resolved: paths absolute, durations in milliseconds. */
import type { Hold, Writer } from '../model/ports.ts'
import type { LiveMemory } from './live-memory.ts'
import type { ReadAgain } from './read-again.ts'
import type { OpenSession } from './session.ts'

export interface HoldOptions {
  readonly mode: Hold['mode']
  /** Path of HAProxy's program. */
  readonly binary: string
  readonly configFile: string
  /** Kept by Legate alone: map files of ours that the configuration does not name are removed from it. */
  readonly mapsDir: string
  /** Permission bits of the configuration and the maps. */
  readonly configMode: number
  readonly masterSocket: string
  readonly statsSocket: string
  /** One folder per target: `previous.cfg`, `haproxy.cfg.rejected`, `haproxy.log`. */
  readonly stateDir: string
  /** For candidates that `haproxy -c` is to look at. */
  readonly stagingDir: string
  readonly reloadCommand: readonly string[]
  readonly startCommand: readonly string[]
  readonly settleMs: number
  readonly checkTimeoutMs: number
  readonly reloadTimeoutMs: number
  readonly socketTimeoutMs: number
  readonly stopTimeoutMs: number
  readonly preflight: 'On' | 'Off'
  readonly trial: 'On' | 'Off'
  readonly warnings: 'Report' | 'Reject'
  readonly checkUser: 'Drop' | 'Keep'
}

export interface Clock {
  /** Milliseconds that only grow. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** What every step of applying works with. */
export interface Tools {
  readonly options: HoldOptions
  readonly writer: Writer
  readonly clock: Clock
  /** What was last seen of the worker. */
  readonly memory: LiveMemory
  /** Reads what Legate keeps for HAProxy. */
  readonly files: ReadAgain
  /** To the socket that `whomToAsk` names. */
  readonly openSession: OpenSession
}

/** Where the questions go: the master knows the worker, in mode `command` the worker answers itself. */
export function whomToAsk({ mode, masterSocket, statsSocket, socketTimeoutMs }: HoldOptions): {
  readonly socketPath: string
  readonly target: '@1' | undefined
  readonly timeoutMs: number
} {
  return mode === 'command'
    ? { socketPath: statsSocket, target: undefined, timeoutMs: socketTimeoutMs }
    : { socketPath: masterSocket, target: '@1', timeoutMs: socketTimeoutMs }
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms)
    }),
}
