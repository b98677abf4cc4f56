/** What HAProxy's Runtime API can show of a worker's live state and change in it, without a reload. */
import type { LiveServer, WantedServer } from './bundle.ts'

/**
 * A server as the running worker shows it (`show servers state`, management.txt 9.3). What is not known is there as
 * undefined: objects of one shape, in one order, are what compiled code is fast with and stays compiled for.
 */
export interface RunningServer extends LiveServer {
  /** `maintenance` and `drain` only where they were set for this server; a failed check is neither. */
  readonly admin: 'ready' | 'drain' | 'maintenance'
  /** What HAProxy's own check last said; `none` where it does not check this server. */
  readonly check: 'none' | 'unknown' | 'failed' | 'passed'
  /** Sessions at it now; asked for only where the server drains or is in maintenance. */
  readonly sessions?: number | undefined
  /** Since Legate first saw it drain or in maintenance, with the present process of Legate as memory. */
  readonly outForMs?: number | undefined
  /** Since when it has had no sessions then; absent while it has some, or nobody knows. */
  readonly idleForMs?: number | undefined
}

/** A map as the worker has it: where it came from, and the digest of its entries in their order. */
export interface RunningMap {
  /** The worker's own name of it: the path it was loaded from, whatever it contains by now. */
  readonly path: string
  /** First 16 hex digits of the SHA-256 of its entries as a file would have them; as in a map's path. */
  readonly digest: string
  /** Its entries, a line `key value` each. */
  readonly text: string
}

/** What a worker has beyond its structure. */
export interface RunningState {
  /** By HAProxy backend name; servers sorted by name. */
  readonly servers: ReadonlyMap<string, readonly RunningServer[]>
  /** By logical map name. */
  readonly maps: ReadonlyMap<string, RunningMap>
  /** Absolute certificate path to SHA-1 fingerprint in upper-case hex. */
  readonly certificates: ReadonlyMap<string, string>
}

/** One thing to do through the Runtime API. */
export type RuntimeChange =
  /**
   * Registers a server, lets HAProxy check it where its words say so, and opens it. `admit: 'checked'`:
   * with weight 0 until a check has passed (a later change sets its weight); `at-once`: with its weight.
   */
  | {
      readonly kind: 'add-server'
      readonly backend: string
      readonly server: WantedServer
      readonly admit: 'at-once' | 'checked'
    }
  | {
      readonly kind: 'set-weight'
      readonly backend: string
      readonly server: string
      /** 0 to 256, relative to the others. */
      readonly weight: number
    }
  | {
      readonly kind: 'set-address'
      readonly backend: string
      readonly server: string
      /** Canonical IP address. */
      readonly address: string
      readonly port: number
    }
  /** `ready` also takes up checking again. */
  | {
      readonly kind: 'set-state'
      readonly backend: string
      readonly server: string
      readonly state: 'ready' | 'drain' | 'maintenance'
      readonly isChecked: boolean
    }
  /** Weight 0 and drain: no new sessions, those in flight go on. */
  | {
      readonly kind: 'drain-server'
      readonly backend: string
      readonly server: string
      /** At the moment of planning, where somebody asked. */
      readonly sessions?: number
    }
  /**
   * Taken away as by `delete-server` and registered anew as by `add-server`, at another address. One with
   * sessions in flight stays where it is, out of service.
   */
  | {
      readonly kind: 'replace-server'
      readonly backend: string
      readonly server: WantedServer
      readonly admit: 'at-once' | 'checked'
      readonly isForced: boolean
      /** At the moment of planning, where somebody asked. */
      readonly sessions?: number
    }
  /** Into maintenance and gone. `isForced` ends the sessions that are left. */
  | {
      readonly kind: 'delete-server'
      readonly backend: string
      readonly server: string
      readonly isForced: boolean
    }
  /** All entries at once, in one transaction. */
  | {
      readonly kind: 'set-map'
      /** Logical name. */
      readonly map: string
      /** The worker's own name of it. */
      readonly path: string
      /** Lines of `key value`, as the file has them. */
      readonly text: string
    }
  /** Reads the file (and its `.key`) again and puts it in the place of what the worker has under that path. */
  | {
      readonly kind: 'set-certificate'
      readonly path: string
      /** SHA-1 that the worker must show afterwards. */
      readonly fingerprint: string
    }

/** The name of the server a change is about; empty where it is about none. */
export function serverOf(change: RuntimeChange): string {
  if (!('server' in change)) return ''
  return typeof change.server === 'string' ? change.server : change.server.name
}

/** What it is about: `backend/server`, or a path. */
export function subjectOf(change: RuntimeChange): string {
  return 'backend' in change ? `${change.backend}/${serverOf(change)}` : change.path
}
