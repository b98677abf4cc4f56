/** `legate render`: the rendered files on standard output, secrets masked. */
import { writeFileSync } from 'node:fs'
import { pass } from '../../reconcile/pass.ts'
import { maskSecrets } from '../../render/mask.ts'
import type { Context } from '../context.ts'
import { flag, isSet } from '../context.ts'
import { EXIT, exitCode } from '../exit-codes.ts'
import { noteUnseen } from '../notes.ts'
import { reportOutcome } from '../report-outcome.ts'
import { wire } from '../wire.ts'

export async function renderCommand(context: Context): Promise<number> {
  const check = isSet(context, 'check')
  const { world, unseen, close } = await wire(context, { hold: check })
  const outcome = await pass(world, { until: 'bundle', check })
  await close()
  await reportOutcome(context, outcome)
  const code = exitCode(outcome, { detailedExitcode: false, failOnWarnings: false })
  if (outcome.bundle === undefined || code !== EXIT.ok) return code
  noteUnseen(context, unseen())
  const { bundle } = outcome
  const texts = new Map([
    ['haproxy.cfg', maskSecrets(bundle.config, bundle.secrets)],
    ...bundle.files.map((f) => [f.name, f.text] as const),
  ])
  if (isSet(context, 'list')) return print(context, [...texts.keys()].map((n) => `${n}\n`).join(''))
  const name = flag(context, 'file') ?? 'haproxy.cfg'
  const text = texts.get(name)
  if (text !== undefined) return print(context, text)
  context.console.err(`legate: no rendered file is called "${name}"; --list names them\n`)
  return EXIT.usage
}

function print(context: Context, text: string): number {
  const output = flag(context, 'output')
  if (output === undefined) context.console.out(text)
  else writeFileSync(output, text, { mode: 0o600 })
  return EXIT.ok
}
