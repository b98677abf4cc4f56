/** The outcome of a pass → the servers that are on their way in or out after it. Pure. */
import type { Waiting } from '../model/plan.ts'
import { serverOf } from '../model/runtime.ts'
import { REST_MS } from '../plan/servers.ts'
import type { LoopMemory, WaitingSince } from './memory.ts'
import type { Outcome } from './outcome.ts'

/** Who comes is let in when its check has passed, soon; who leaves is not deleted before it has rested. */
const FIRST_LOOK_MS = { admitting: 500, draining: REST_MS } as const

/** Those who leave are in no hurry: of many that do so one after the other, all of this time are looked at together. */
const TOGETHER_MS = 500

function dueAt(kind: Waiting['kind'], ms: number): number {
  return kind === 'draining' ? Math.ceil(ms / TOGETHER_MS) * TOGETHER_MS : ms
}

/**
 * What comes or goes in a backend is looked at again after a while, and less often the longer it takes.
 * `looked`: the backends that this pass has looked at; undefined: all.
 */
export function waitingAfter(
  outcome: Outcome,
  before: LoopMemory['waitingIn'],
  looked: ReadonlySet<string> | undefined,
  atMs: number,
): LoopMemory['waitingIn'] {
  const { plan } = outcome
  const setOut = new Set(
    plan?.action === 'runtime'
      ? plan.changes.flatMap((c) => ('backend' in c ? c.backend : []))
      : [],
  )
  const waiting = new Map<string, WaitingSince>()
  for (const { backend, kind } of waitingOf(outcome)) {
    const was = setOut.has(backend) ? undefined : before.get(backend)
    const next =
      was === undefined
        ? { sinceMs: atMs, dueMs: dueAt(kind, atMs + FIRST_LOOK_MS[kind]) }
        : looked === undefined || looked.has(backend)
          ? { ...was, dueMs: dueAt(kind, atMs + Math.max(500, (atMs - was.sinceMs) / 4)) }
          : was
    const other = waiting.get(backend)
    if (other === undefined || next.dueMs < other.dueMs) waiting.set(backend, next)
  }
  return waiting
}

/** A reload leaves nobody on the way: the new process has what the file says. */
export function waitingOf({ plan, applied }: Outcome): readonly Waiting[] {
  if (plan === undefined || plan.action === 'reload' || plan.action === 'start') return []
  // Not gone yet, though it was to be deleted.
  const postponed = applied?.state === 'applied' ? (applied.postponed ?? []) : []
  const late = postponed.flatMap((change): Waiting[] =>
    'backend' in change
      ? [{ kind: 'draining', backend: change.backend, server: serverOf(change) }]
      : [],
  )
  return [...(plan.waiting ?? []), ...late]
}
