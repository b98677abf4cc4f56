/** What a pass saw → diagnostics, failures and refusals on standard error, in the words of the user. */
import type { Failure } from '../model/failure.ts'
import { printable } from '../model/failure.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import type { Context } from './context.ts'

async function reportDiagnostics(
  { console }: Pick<Context, 'console'>,
  outcome: Outcome,
): Promise<void> {
  const { diagnostics } = outcome
  if (diagnostics.length === 0 && console.format !== 'json') return
  const { printDiagnostics } = await import('../report/diagnostics.ts')
  const sources = new Map(outcome.sources.map((s) => [s.path, s.text]))
  console.err(printDiagnostics(diagnostics, sources, console.format, console.color))
}

export function reportFailure({ console }: Pick<Context, 'console'>, failure: Failure): void {
  console.err(`legate: ${printable(failure.message, 2000)}\n`)
  for (const line of failure.detail ?? []) console.err(`    ${printable(line, 500)}\n`)
  if (failure.hint !== undefined) console.err(`    ${printable(failure.hint, 1000)}\n`)
}

/** Everything that stopped the pass, if anything did. */
export async function reportOutcome(
  context: Pick<Context, 'console'>,
  outcome: Outcome,
): Promise<void> {
  await reportDiagnostics(context, outcome)
  if (outcome.failure !== undefined) reportFailure(context, outcome.failure)
  if (outcome.refusal !== undefined)
    context.console.err(
      `legate: safety stop: ${outcome.refusal.message}\n` +
        `    ${outcome.refusal.flag} lets it pass\n`,
    )
}
