/** Plan and actual state → a refusal, or nothing: safety stops that a named flag lets pass. */
import type { Actual } from '../model/actual.ts'
import type { Plan } from '../model/plan.ts'

export interface Refusal {
  readonly guard: 'takeover'
  readonly message: string
  /** The flag that lets it pass next time. */
  readonly flag: '--allow-takeover'
}

export interface Allowances {
  readonly takeover: boolean
}

export function guard(plan: Plan, actual: Actual, allow: Allowances): Refusal | undefined {
  if (plan.action === 'in-sync') return undefined
  if (actual.config.state === 'foreign' && !allow.takeover)
    return {
      guard: 'takeover',
      message: 'the target file was not written by Legate, and would be replaced',
      flag: '--allow-takeover',
    }
  return undefined
}
