/** What happened, as values: log lines, and later metrics and notifications, are folds over these. */
import type { Diagnostic } from './diagnostic.ts'
import type { Failure } from './failure.ts'
import type { Plan } from './plan.ts'

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
  /** True when servers are kept although Consul's answer was empty or failed. */
  readonly held: boolean
}

export type Event =
  | { readonly type: 'diagnostics'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'capacity'; readonly capacity: Capacity }
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'checked'; readonly tookMs: number }
  | { readonly type: 'edited-file-kept'; readonly path: string }
  | { readonly type: 'applied'; readonly action: string; readonly tookMs: number }
  | { readonly type: 'rolled-back'; readonly failure: Failure }
  | { readonly type: 'failed'; readonly failure: Failure }
