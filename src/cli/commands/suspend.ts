/** `legate suspend` and `legate resume`: a flag in the state folder, that nothing be changed until it is gone. */
import { hostname, userInfo } from 'node:os'
import { readSuspension, removeSuspension, writeSuspension } from '../../files/suspension.ts'
import { createWriter } from '../../files/writer.ts'
import { printable } from '../../model/failure.ts'
import type { Suspension } from '../../model/suspension.ts'
import type { Context } from '../context.ts'
import { flag } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { reportFailure } from '../report-outcome.ts'
import { describeSuspension } from '../suspended.ts'

export async function suspend(context: Context): Promise<number> {
  const { stateDir } = context.settings.values
  const before = await readSuspension(stateDir)
  const suspension: Suspension = {
    by: printable(`${userName()}@${hostname()}`),
    at: new Date().toISOString(),
    reason: printable(flag(context, 'reason') ?? 'no reason given', 500),
  }
  const written = await writeSuspension(stateDir, suspension, createWriter())
  if (!written.ok) {
    reportFailure(context, written.failure)
    return EXIT.world
  }
  if (before !== undefined) context.console.err(`note: it was ${describeSuspension(before)}\n`)
  context.console.out(
    `suspended: nothing is applied from ${printable(stateDir)} until \`legate resume\`; ` +
      'what has begun goes on to its end\n',
  )
  return EXIT.ok
}

export async function resume(context: Context): Promise<number> {
  const { stateDir } = context.settings.values
  const before = await readSuspension(stateDir)
  const removed = await removeSuspension(stateDir, createWriter())
  if (!removed.ok) {
    reportFailure(context, removed.failure)
    return EXIT.world
  }
  context.console.out(
    before === undefined
      ? 'nothing was suspended\n'
      : `resumed; it was ${describeSuspension(before)}\n`,
  )
  return EXIT.ok
}

/** The person behind `sudo`, where there is one. */
function userName(): string {
  const { SUDO_USER: person = '' } = process.env
  if (person !== '') return person
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
