/** What the edges lend to each other and to the pass; wired in cli/. */
import type { Actual } from './actual.ts'
import type { Bundle } from './bundle.ts'
import type { Catalog, ServiceQuery } from './catalog.ts'
import type { Result } from './failure.ts'
import type { Plan } from './plan.ts'
import type { RuntimeChange } from './runtime.ts'

/** The one atomic writer: temp file in the same folder, fsync, rename, fsync of the folder. */
export interface Writer {
  /**
   * Writes whole or not at all. `mode` is octal permission bits (default 0o640). Fails with
   * `write-failed`; the old content is then still there.
   */
  write(path: string, text: string, mode?: number): Promise<Result<void>>
  remove(path: string): Promise<Result<void>>
}

export interface CatalogSource {
  /** How a person would name it: `consul http://127.0.0.1:8500`, `file catalog.json`. */
  readonly name: string
  /** One answer for every query; a question that fails is an answer with state `failed`, never a missing one. */
  read(queries: readonly ServiceQuery[]): Promise<Catalog>
  close(): Promise<void>
}

/** The one JSON form of a catalog: for `snapshot`, for the saved state, for hand-written catalogs. */
export interface CatalogFormat {
  encode(catalog: Catalog): string
  /** `path` is for messages only. */
  decode(text: string, path: string): Result<Catalog>
}

/** How HAProxy is held. `observe` never changes anything; `apply` is the only thing that does. */
export interface Hold {
  readonly mode: 'master-socket' | 'supervise' | 'command' | 'none'
  /**
   * `desired` tells which live state is worth asking for. With `only`, of a process that was looked at
   * before just these backends are asked for, and the rest is what was seen last: for the moments between
   * two looks, when Legate itself is what changes the process.
   */
  observe(desired: Bundle, only?: ReadonlySet<string>): Promise<Actual>
  /** Sessions at the servers of these HAProxy backends now, by `backend/server`; empty where nobody tells. */
  sessions(backends: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Runs `haproxy -c` on the bundle without touching the target; warnings are returned. */
  check(bundle: Bundle): Promise<CheckOutcome>
  /** Brings the bundle into the process and proves it; on failure the previous files are back and proven. */
  apply(bundle: Bundle, plan: Plan, actual: Actual): Promise<ApplyOutcome>
}

/** One line of HAProxy about the configuration; `line` counts from 1 in the rendered file. */
export interface HaproxyMessage {
  readonly severity: 'error' | 'warning'
  readonly line?: number
  readonly text: string
}

export type CheckOutcome =
  | { readonly state: 'accepted'; readonly messages: readonly HaproxyMessage[] }
  | { readonly state: 'rejected'; readonly messages: readonly HaproxyMessage[] }
  /** The check itself could not run (no haproxy, deadline passed). */
  | { readonly state: 'not-run'; readonly result: Result<never> }

export type ApplyOutcome =
  | {
      readonly state: 'applied'
      readonly action: 'write' | 'runtime' | 'reload' | 'start' | 'written-only'
      /** Milliseconds from the commit to the proof, settle time included. */
      readonly tookMs: number
      readonly workerPid?: number
      /** Whether HAProxy was started beside the one that runs before a reload: `passed`, `off`, `unavailable: WHY`. */
      readonly trial?: string
      /** What the Runtime API did, in order, where it was used. */
      readonly ran?: readonly RuntimeChange[]
      /** Servers that could not be deleted yet: out of service, with connections still on them. */
      readonly postponed?: readonly RuntimeChange[]
      /** What is there now, read back, where the Runtime API was used: no look is needed. */
      readonly actual?: Actual
    }
  | {
      readonly state: 'failed'
      readonly result: Result<never>
      /** True when the previous files are back and the process was proven on them. */
      readonly rolledBack: boolean
      /** What the Runtime API did before or beside what failed. */
      readonly ran?: readonly RuntimeChange[]
      /** What is there now, where it could be read back. */
      readonly actual?: Actual
    }
