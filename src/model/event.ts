/** What happened, as values: log lines, status, and later metrics and notifications, are folds over these. */
import type { Diagnostic } from './diagnostic.ts'
import type { Drift } from './drift.ts'
import type { Failure } from './failure.ts'
import type { Reason } from './plan.ts'

export type CapacityLevel = 'Healthy' | 'BelowDesired' | 'BelowMinimum' | 'Empty'

export interface Capacity {
  /** `Backend/namespace/name`. */
  readonly resource: string
  readonly level: CapacityLevel
  /** Instances that take traffic now. */
  readonly available: number
  readonly desired?: number
  readonly minimum?: number
  /** Registered instances that take none, with why, printable. */
  readonly out: readonly { readonly instance: string; readonly why: string }[]
  /** True when registered instances take no traffic because of their health. */
  readonly isUnhealthy: boolean
  /** True when servers are kept although Consul's answer was empty, failed, or lost most of them. */
  readonly held: boolean
}

export type Event =
  | { readonly type: 'started'; readonly version: string; readonly manifests: readonly string[] }
  | { readonly type: 'pass-began'; readonly reasons: readonly string[] }
  | {
      readonly type: 'pass-ended'
      readonly result: PassResult
      readonly tookMs: number
      /** Digest of the manifests that are in force. */
      readonly revision?: string
    }
  | {
      readonly type: 'applied'
      readonly action: string
      readonly reasons: readonly Reason[]
      readonly tookMs: number
    }
  | {
      readonly type: 'revision-held'
      /** `revision 0123456789ab`, `the template folder`. */
      readonly name: string
      readonly diagnostics: readonly Diagnostic[]
      /** What the world said to it, where it is not the manifests that are wrong. */
      readonly why?: string
    }
  | { readonly type: 'revision-released'; readonly name: string }
  /** The manifests are invalid, and nothing stands in for them. */
  | { readonly type: 'diagnostics'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'manifests-mended' }
  /** HAProxy's own check refused what was rendered. */
  | { readonly type: 'config-rejected'; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly type: 'capacity-changed'
      readonly before: CapacityLevel | undefined
      readonly capacity: Capacity
    }
  /** A Backend that was not healthy is no longer declared. */
  | { readonly type: 'capacity-ended'; readonly resource: string; readonly before: CapacityLevel }
  /** Servers of a Backend stay although Consul does not name them; `message` says why. */
  | { readonly type: 'servers-held'; readonly message: string }
  | { readonly type: 'servers-released'; readonly resource: string }
  | { readonly type: 'guard-stopped'; readonly guard: string; readonly message: string }
  | { readonly type: 'guard-released'; readonly guard: string }
  | { readonly type: 'consul-lost'; readonly service: string; readonly failure: Failure }
  | { readonly type: 'consul-back'; readonly service: string }
  | { readonly type: 'reload-put-off'; readonly waitMs: number }
  /** HAProxy was to be reloaded or started, and that was not proven. */
  | { readonly type: 'reload-failed'; readonly failure: Failure }
  /** The previous configuration is back, and proven. */
  | { readonly type: 'rolled-back' }
  | {
      readonly type: 'certificate-expiring'
      /** `Certificate/namespace/name`. */
      readonly resource: string
      /** End of the certificate, milliseconds since the epoch. */
      readonly notAfterMs: number
      readonly isOver: boolean
    }
  | { readonly type: 'certificate-renewed'; readonly resource: string }
  | { readonly type: 'suspended'; readonly by: string; readonly reason: string }
  | { readonly type: 'resumed' }
  /** A receiver of notifications could not be told; `gaveUp`: it will not be told of this again. */
  | {
      readonly type: 'notification-failed'
      readonly receiver: string
      readonly message: string
      readonly gaveUp: boolean
    }
  | { readonly type: 'drift-found'; readonly drift: Drift }
  | { readonly type: 'drift-ended'; readonly drift: Drift }
  /** `again`: the pass before has failed in the same way. */
  | { readonly type: 'failed'; readonly failure: Failure; readonly again: boolean }
  | { readonly type: 'recovered'; readonly failures: number }
  | { readonly type: 'bug'; readonly message: string }
  | { readonly type: 'stopping' }
  | { readonly type: 'stopped' }

export type PassResult =
  | 'in-sync'
  | 'applied'
  | 'held-by-guard'
  | 'put-off'
  | 'rejected'
  | 'failed'
  /** Something would have to be done, and Legate is told to do nothing. */
  | 'suspended'
  | 'bug'
