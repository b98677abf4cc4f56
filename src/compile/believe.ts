/** An answer of Consul, the last one that was applied, and the Backend's policy: which instances stand. */
import type { Answer, Instance } from '../model/catalog.ts'

export type OnEmpty = 'Hold' | 'ServiceUnavailable' | 'Fallback'

export interface Belief {
  /** The instances to work with. */
  readonly instances: readonly Instance[]
  /**
   * `fresh`: as answered · `held-failed`: the question failed and the last answer stands · `held-empty`:
   * the answer was empty and the policy keeps the last one · `empty`: really empty · `unasked`.
   */
  readonly basis: 'fresh' | 'held-failed' | 'held-empty' | 'empty' | 'unasked'
  /** Since when the answer has been empty while instances were known before. */
  readonly emptySinceMs?: number
  /** Why there is no fresh answer, where that is known. */
  readonly why?: string
}

export interface Doubt {
  readonly last: readonly Instance[] | undefined
  readonly emptySinceMs: number | undefined
  readonly policy: OnEmpty
  readonly holdForMs: number
  readonly atMs: number
}

/**
 * | answer           | last known    | policy, time           | stands              |
 * |------------------|---------------|------------------------|---------------------|
 * | failed           | any           | any                    | last (or undefined) |
 * | instances        | any           | any                    | the answer          |
 * | none that can be read | instances | any                   | last                |
 * | none registered  | none or empty | any                    | empty               |
 * | none registered  | instances     | Hold, within holdFor   | last                |
 * | none registered  | instances     | otherwise              | empty               |
 *
 * Instances that are all critical are an answer, not an empty one. `undefined` means that there is
 * nothing to go by: the pass must not write anything.
 */
export function believe(answer: Answer | undefined, doubt: Doubt): Belief | undefined {
  if (answer === undefined) return { instances: [], basis: 'unasked' }
  if (answer.state === 'failed') return hold(doubt, answer.failure.message)
  if (answer.instances.length > 0) return { instances: answer.instances, basis: 'fresh' }
  if ((doubt.last ?? []).length === 0) return { instances: [], basis: 'empty' }
  if ((answer.unusable ?? []).length > 0) return hold(doubt, 'none of its entries can be read')
  return judgeEmpty(doubt)
}

function hold({ last, emptySinceMs }: Doubt, why: string): Belief | undefined {
  if (last === undefined) return undefined
  const since = emptySinceMs === undefined ? {} : { emptySinceMs }
  return { instances: last, basis: 'held-failed', why, ...since }
}

function judgeEmpty(doubt: Doubt): Belief {
  // What was saved may come from a clock that was ahead: no hold lasts longer than it should.
  const emptySinceMs = Math.min(doubt.emptySinceMs ?? doubt.atMs, doubt.atMs)
  const held = doubt.policy === 'Hold' && doubt.atMs - emptySinceMs < doubt.holdForMs
  return held
    ? { instances: doubt.last ?? [], basis: 'held-empty', emptySinceMs }
    : { instances: [], basis: 'empty', emptySinceMs }
}
