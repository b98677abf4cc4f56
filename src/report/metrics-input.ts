/** What metrics are made of, besides events: who knows more of a pass than is told here adds a field. */
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Capacity } from '../model/event.ts'
import type { SERVER_STATES } from './metrics-table.ts'

/** What a pass did, counted once when it has ended. */
export interface Done {
  /** Milliseconds by stage. */
  readonly stages: ReadonlyMap<string, number>
  /** Of HAProxy's own check, for each time it ran. */
  readonly checks: readonly ('valid' | 'warning' | 'invalid' | 'error')[]
  /** Whether HAProxy took the last changed configuration; absent where the pass says nothing about it. */
  readonly isTaken?: boolean
  readonly reload?: {
    readonly proven: boolean
    readonly reasons: readonly string[]
    readonly tookMs?: number
  }
  /** Changes at run time: the kind of a RuntimeChange, and what became of it. */
  readonly commands?: readonly {
    readonly command: string
    readonly result: 'success' | 'failure'
    readonly count: number
  }[]
  /** Kinds of drift; absent where the pass did not come so far as to look. */
  readonly drift?: {
    readonly found: readonly string[]
    /** Those of them that were not put right. */
    readonly left: readonly string[]
  }
}

/**
 * What stands after a pass. Each part is worked out when somebody looks, and is absent where the pass did
 * not come so far: what an earlier pass said then stands.
 */
export interface Seen {
  readonly resources?: () => ResourcesSeen
  readonly backends?: () => readonly BackendSeen[]
  readonly diagnostics?: () => readonly Pick<Diagnostic, 'severity' | 'code'>[]
  /** Ends of certificates (ms since the epoch) by `namespace/name`. */
  readonly certificates?: () => ReadonlyMap<string, number>
  /** Of the configuration in force. */
  readonly config?: () => ConfigSeen
  readonly oldWorkers?: () => number
  /** The guard that stops everything, if one does. */
  readonly guard?: () => string | undefined
  /** For a single pass, which has no events of it. */
  readonly suspended?: () => boolean
}

export interface ResourcesSeen {
  readonly all: readonly {
    readonly kind: string
    readonly namespace: string
    readonly name: string
  }[]
  /** HAProxy is proven with them. */
  readonly isProgrammed: boolean
}

export type ServerStates = Readonly<Record<(typeof SERVER_STATES)[number], number>>

export interface BackendSeen {
  readonly capacity: Pick<
    Capacity,
    'resource' | 'level' | 'available' | 'desired' | 'minimum' | 'held'
  >
  readonly servers: ServerStates
  /** Key of its question to Consul. */
  readonly watch?: string
}

export interface ConfigSeen {
  readonly hash: string
  readonly revision: string
  readonly bytes: number
}

/** One request to Consul. */
export interface ConsulRequest {
  readonly endpoint: 'health' | 'acl' | 'other'
  /** HTTP's status; absent where no answer came. */
  readonly status?: number
  /** Absent for those that wait for a change. */
  readonly tookMs?: number
}
