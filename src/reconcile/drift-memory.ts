/** The outcome of a pass → which drift is there from now on, since when, and what is worth telling of it. Pure. */
import type { Drift } from '../model/drift.ts'
import { hasErrors } from '../model/diagnostic.ts'
import type { Event } from '../model/event.ts'
import type { DriftSince, LoopMemory } from './memory.ts'
import type { Outcome } from './outcome.ts'

export interface DriftAfter {
  readonly drift: LoopMemory['drift']
  readonly events: readonly Event[]
}

/** A pass that did not come so far as to look says nothing about it. */
export function driftAfter(
  outcome: Outcome,
  { drift: before }: LoopMemory,
  atMs: number,
): DriftAfter {
  if (outcome.drift === undefined) return { drift: before, events: [] }
  const found = new Map(outcome.drift.map((drift) => [keyOf(drift), drift]))
  const isReverted = outcome.applied?.state === 'applied' && !isUndone(outcome)
  const left = [...found].filter(([, { policy }]) => !(isReverted && policy === 'Revert'))
  const drift = new Map(
    left.map(([key, each]): [string, DriftSince] => [
      key,
      { drift: each, sinceMs: before.get(key)?.sinceMs ?? atMs },
    ]),
  )
  const come = [...found].filter(([key]) => !before.has(key)).map(([, each]) => each)
  const known = new Map([...[...before].map(([key, was]) => [key, was.drift] as const), ...found])
  const gone = [...known].filter(([key]) => !drift.has(key)).map(([, each]) => each)
  return {
    drift,
    events: [
      ...come.map((each): Event => ({ type: 'drift-found', drift: each })),
      ...gone.map((each): Event => ({ type: 'drift-ended', drift: each })),
    ],
  }
}

function isUndone({ failure, diagnostics }: Outcome): boolean {
  return failure !== undefined || hasErrors(diagnostics)
}

function keyOf({ kind, object }: Drift): string {
  return `${kind} ${object}`
}
