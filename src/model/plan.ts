/** What is to be done, as a value: printed by `plan`, executed by apply, counted by metrics. */
import type { Position } from './diagnostic.ts'
import type { RuntimeChange } from './runtime.ts'

export type ReasonCode =
  | 'first-start'
  | 'structure-changed'
  | 'servers-changed'
  | 'routes-changed'
  | 'certificates-changed'
  | 'file-edited'
  | 'file-missing'
  | 'process-differs'
  /** The Runtime API cannot do it, or HAProxy refused to. */
  | 'runtime-cannot'

/** Why something must happen: points at a manifest line or at a Consul service. */
export interface Reason {
  readonly code: ReasonCode
  readonly message: string
  readonly resource?: string
  /** First two words of the line of haproxy.cfg that shows the change: `timeout server`. */
  readonly directive?: string
  readonly at?: Position
  /** Consul service, when an instance change is the reason. */
  readonly service?: string
}

/** A server that is on its way in or out; nothing is to be done before HAProxy says more, or time passes. */
export interface Waiting {
  readonly kind: 'admitting' | 'draining'
  readonly backend: string
  readonly server: string
  /** Sessions it still has, where it drains. */
  readonly sessions?: number
}

export type Plan =
  | { readonly action: 'in-sync'; readonly waiting?: readonly Waiting[] }
  /** The process already has it; only files are written again. */
  | {
      readonly action: 'write'
      readonly reasons: readonly Reason[]
      readonly waiting?: readonly Waiting[]
    }
  /** The Runtime API brings the process there; the file follows with a later plan. */
  | {
      readonly action: 'runtime'
      readonly reasons: readonly Reason[]
      /** In the order in which they are to be done. */
      readonly changes: readonly RuntimeChange[]
      readonly waiting?: readonly Waiting[]
    }
  | {
      readonly action: 'reload'
      readonly reasons: readonly Reason[]
      /** What the Runtime API can do already, where the reload has to wait for its turn. */
      readonly meanwhile?: readonly RuntimeChange[]
    }
  /** HAProxy is not running and is to be started. */
  | { readonly action: 'start'; readonly reasons: readonly Reason[] }
