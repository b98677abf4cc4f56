/** `legate snapshot`: exactly the Consul answers that the manifests need, as a file for `--catalog file:`. */
import { encodeCatalog } from '../../consul/snapshot.ts'
import { createWriter } from '../../files/writer.ts'
import { pass } from '../../reconcile/pass.ts'
import type { Context } from '../context.ts'
import { flag } from '../context.ts'
import { EXIT, exitCode } from '../exit-codes.ts'
import { reportFailure, reportOutcome } from '../report-outcome.ts'
import { wire } from '../wire.ts'

export async function snapshot(context: Context): Promise<number> {
  const { world, close } = await wire(context, { hold: false })
  const outcome = await pass(world, {
    until: 'catalog',
    check: false,
  })
  await close()
  await reportOutcome(context, outcome)
  const { catalog } = outcome
  if (catalog === undefined)
    return exitCode(outcome, { detailedExitcode: false, failOnWarnings: false })
  const failed = [...catalog.values()].flatMap(({ answer }) =>
    answer.state === 'failed' ? [answer.failure] : [],
  )
  for (const failure of failed) reportFailure(context, failure)
  if (failed.length > 0) return EXIT.world
  return save(context, encodeCatalog(catalog))
}

async function save(context: Context, text: string): Promise<number> {
  const output = flag(context, 'output')
  if (output === undefined) {
    context.console.out(text)
    return EXIT.ok
  }
  const written = await createWriter().write(output, text, 0o640)
  if (!written.ok) reportFailure(context, written.failure)
  return written.ok ? EXIT.ok : EXIT.world
}
