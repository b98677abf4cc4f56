/** `legate validate`: the manifests against their schemas and each other; opens no socket. */
import { pass } from '../../reconcile/pass.ts'
import type { Context } from '../context.ts'
import { isSet } from '../context.ts'
import { exitCode } from '../exit-codes.ts'
import { noteUnseen } from '../notes.ts'
import { reportOutcome } from '../report-outcome.ts'
import { wire } from '../wire.ts'

export async function validate(context: Context): Promise<number> {
  const check = isSet(context, 'check')
  const { world, unseen } = await wire(context, { hold: check })
  const outcome = await pass(world, {
    until: check ? 'bundle' : 'topology',
    check,
  })
  await reportOutcome(context, outcome)
  const code = exitCode(outcome, {
    detailedExitcode: false,
    failOnWarnings: isSet(context, 'fail-on-warnings'),
  })
  if (outcome.failure === undefined) noteUnseen(context, unseen())
  if (code === 0) context.console.out(`${summary(outcome)}\n`)
  return code
}

function summary(outcome: Awaited<ReturnType<typeof pass>>): string {
  const { manifests, sources } = outcome
  const { revision: _revision, ...kinds } = manifests ?? { revision: '' }
  const count = Object.values(kinds).reduce((sum, list) => sum + list.length, 0)
  return `valid: ${several(count, 'resource')} in ${several(sources.length, 'file')}`
}

function several(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`
}
