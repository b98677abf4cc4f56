/** What is to be done, as a value: printed by `plan`, executed by apply, counted by metrics. */
import type { Position } from './diagnostic.ts'

export type ReasonCode =
  | 'first-start'
  | 'structure-changed'
  | 'servers-changed'
  | 'routes-changed'
  | 'certificates-changed'
  | 'file-edited'
  | 'file-missing'
  | 'process-differs'

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

export type Plan =
  | { readonly action: 'in-sync' }
  /** The process already has it; only files are written again. */
  | { readonly action: 'write'; readonly reasons: readonly Reason[] }
  | { readonly action: 'reload'; readonly reasons: readonly Reason[] }
  /** HAProxy is not running and is to be started. */
  | { readonly action: 'start'; readonly reasons: readonly Reason[] }
