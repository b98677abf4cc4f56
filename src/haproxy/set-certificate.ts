/** The path of a certificate goes in, the worker serves what the file says now; or it goes on as before. */
import { readFile } from 'node:fs/promises'
import { fail, ok, printable, type Result } from '../model/failure.ts'
import type { RuntimeChange } from '../model/runtime.ts'
import { escapeArgument } from './cli.ts'
import { errorCode } from './open-output.ts'
import { isExpected } from './replies.ts'
import type { StepEnd } from './recipes.ts'
import type { Talk } from './talk.ts'

/**
 * HAProxy takes a command with its text into one buffer of 16 KiB (tune.bufsize). Given more, 2.6 hangs up,
 * with or without an answer, later ones say so; some then read on in the middle of the text for a command.
 */
const MOST_BYTES = 15 * 1024
const TOO_MANY = `are more than the ${MOST_BYTES} that fit into one command (tune.bufsize)`

export async function setCertificate(
  talk: Talk,
  { path }: Extract<RuntimeChange, { kind: 'set-certificate' }>,
): Promise<Result<StepEnd>> {
  const pem = await readPem(path)
  if (!pem.ok) return pem
  const name = escapeArgument(path)
  const set = `set ssl cert ${name}`
  const bytes = Buffer.byteLength(pem.value)
  if (bytes > MOST_BYTES)
    return ok({ state: 'refused', command: set, reply: `${bytes} bytes ${TOO_MANY}` })
  const begun = await talk.tell(set, pem.value)
  if (!begun.ok) return begun
  if (!isExpected('transaction', lastLine(begun.value)))
    return giveUp(talk, name, { state: 'refused', command: set, reply: begun.value })
  const commit = `commit ssl cert ${name}`
  const committed = await talk.ask(commit)
  if (!committed.ok) return committed
  if (isExpected('committed', committed.value)) return ok({ state: 'done' })
  return giveUp(talk, name, { state: 'refused', command: commit, reply: committed.value })
}

/** A transaction that is left open would take up the next one of the same name. */
async function giveUp(talk: Talk, name: string, end: StepEnd): Promise<Result<StepEnd>> {
  const aborted = await talk.ask(`abort ssl cert ${name}`)
  return aborted.ok ? ok(end) : aborted
}

/** Warnings may stand before it. */
function lastLine(answer: string): string {
  return answer.split('\n').at(-1) ?? ''
}

const PRIVATE_KEY = /^-----BEGIN (?:[A-Z]{2,3} )?PRIVATE KEY-----/m

/** As HAProxy reads it: a key that is not in the file lies beside it. An empty line would end the command. */
async function readPem(path: string): Promise<Result<string>> {
  try {
    const text = await readFile(path, 'utf8')
    const key = PRIVATE_KEY.test(text) ? '' : await readFile(`${path}.key`, 'utf8')
    const lines = `${text}\n${key}`.split(/[\r\n]+/).filter((line) => line !== '')
    return ok(lines.map((line) => `${line}\n`).join(''))
  } catch (error) {
    return fail({
      reason: 'files-unreadable',
      message: `the certificate ${printable(path)} cannot be read (${printable(errorCode(error))})`,
      transient: true,
    })
  }
}
