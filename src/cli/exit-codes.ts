/** What happened → the number the shell gets. The table is public: README and every `--help` show it. */
import { hasErrors } from '../model/diagnostic.ts'
import type { Failure } from '../model/failure.ts'
import type { Outcome } from '../reconcile/outcome.ts'

export const EXIT = {
  ok: 0,
  world: 1,
  differences: 2,
  manifests: 3,
  rejected: 4,
  safetyStop: 5,
  usage: 64,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const

export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, 'done, in sync'],
  [EXIT.world, 'the world refused: Consul unreachable, disk, reload failed, timeout'],
  [EXIT.differences, 'there are differences (only with --detailed-exitcode)'],
  [EXIT.manifests, 'manifests invalid: mend git'],
  [EXIT.rejected, 'HAProxy rejected the rendered configuration'],
  [EXIT.safetyStop, 'safety stop: rerun with the named --allow-… flag'],
  [EXIT.usage, 'wrong usage'],
  [EXIT.bug, 'a bug in Legate'],
]

export interface ExitRules {
  readonly detailedExitcode: boolean
  readonly failOnWarnings: boolean
}

export function exitCode(outcome: Outcome, rules: ExitRules): number {
  const { diagnostics, failure, refusal } = outcome
  if (diagnostics.some((d) => d.severity === 'error' && d.code === 'LG7001')) return EXIT.rejected
  if (hasErrors(diagnostics)) return EXIT.manifests
  if (failure !== undefined) return failureCode(failure)
  if (refusal !== undefined) return EXIT.safetyStop
  if (rules.failOnWarnings && diagnostics.length > 0) return EXIT.manifests
  return rules.detailedExitcode && differs(outcome) ? EXIT.differences : EXIT.ok
}

function differs({ applied, plan }: Outcome): boolean {
  return applied === undefined && plan !== undefined && plan.action !== 'in-sync'
}

function failureCode(failure: Failure): number {
  if (failure.reason === 'haproxy-rejected') return EXIT.rejected
  if (failure.reason === 'takeover-needed') return EXIT.safetyStop
  return EXIT.world
}
