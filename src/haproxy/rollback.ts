/** A failed attempt goes in, the state before it comes out, proven again where that can be done. */
import type { Bundle } from '../model/bundle.ts'
import { fail, printable, type Failure } from '../model/failure.ts'
import type { ApplyOutcome } from '../model/ports.ts'
import { reload, start, type Attempt } from './activate.ts'
import { cleanUp, rejectedPath, restore } from './commit.ts'
import type { Previous } from './journal.ts'
import { look } from './look.ts'
import type { HoldOptions, Tools } from './options.ts'
import { showWords } from './own-words.ts'
import type { Proof } from './prove.ts'
import { stopSupervised } from './stop.ts'
import { readStamp } from './words.ts'

export interface Failed {
  readonly bundle: Bundle
  readonly previous: Previous
  readonly attempt: Attempt
}

type Unproven = Exclude<Proof, { state: 'proven' }>

/** Every path ends with the previous file in its place, or with a failure that says that it is not. */
export async function rollBack(tools: Tools, failed: Failed): Promise<ApplyOutcome> {
  const { bundle, previous, attempt } = failed
  const first = asUnproven(attempt.proof)
  const detail = showWords(attempt.words, bundle.secrets)
  const restored = await restore(tools, bundle, previous)
  if (!restored.ok) return notRestored(first, restored.failure, detail)
  if (previous.state !== 'text') return nothingToProve(tools, previous, first, detail)
  const back = await bringBack(tools, readStamp(previous.text))
  if (back.proof.state === 'proven') {
    await cleanUp(tools, previous.text)
    return broughtBack(first, detail)
  }
  const words = showWords(back.words, bundle.secrets)
  return back.proof.state === 'died'
    ? down(tools.options, `${first.why}. The previous files are back`, [...detail, ...words])
    : unsure(first, back.proof.why, [...detail, ...words])
}

/** Reloads what still runs, starts what does not. */
async function bringBack(tools: Tools, structure: string | undefined): Promise<Attempt> {
  const seen = await look(tools.options)
  if (seen.ok) return reload(tools, seen.value, structure)
  const { reason, message } = seen.failure
  if (reason !== 'haproxy-down') return { proof: { state: 'unproven', why: message }, words: [] }
  return start(tools, structure)
}

/** There was no file before, or it was the same: no state to go back to, but one to leave in order. */
async function nothingToProve(
  tools: Tools,
  previous: Previous,
  first: Unproven,
  detail: readonly string[],
): Promise<ApplyOutcome> {
  const { options, clock } = tools
  // What was started just now must not run on without a file that a restart would find.
  if (previous.state === 'none' && options.mode === 'supervise')
    await stopSupervised(options, clock)
  const seen = await look(options)
  const why =
    previous.state === 'none'
      ? `${first.why}. There was no file before; the refused one is now ${printable(rejectedPath(options.stateDir))}`
      : `${first.why}. The file was already in its place, and stays`
  if (!seen.ok && seen.failure.reason === 'haproxy-down') return down(options, why, detail)
  return failure({
    reason: 'reload-failed',
    message: `HAProxy does not run on the new configuration: ${why}`,
    detail,
    transient: first.state === 'unproven',
  })
}

function asUnproven(proof: Proof): Unproven {
  if (proof.state === 'proven') throw new Error('a proven attempt is not rolled back')
  return proof
}

function failure(value: Failure, rolledBack = false): ApplyOutcome {
  return { state: 'failed', result: fail(value), rolledBack }
}

function broughtBack(first: Unproven, detail: readonly string[]): ApplyOutcome {
  const message = `HAProxy did not take the new configuration: ${first.why}. The previous one is back and proven`
  const reason = first.state === 'unproven' ? 'reload-unproven' : 'reload-failed'
  return failure({ reason, message, detail, transient: first.state === 'unproven' }, true)
}

function unsure(first: Unproven, second: string, detail: readonly string[]): ApplyOutcome {
  return failure({
    reason: 'reload-failed',
    message: `HAProxy did not take the new configuration: ${first.why}. The previous files are back, but HAProxy is not proven on them: ${second}`,
    hint: 'look at what HAProxy says, and at its log; the next run tries again',
    detail,
    transient: true,
  })
}

function notRestored(first: Unproven, trouble: Failure, detail: readonly string[]): ApplyOutcome {
  return failure({
    ...trouble,
    message: `HAProxy did not take the new configuration: ${first.why}. The previous file could not be put back: ${trouble.message}`,
    detail,
  })
}

/** HAProxy is not running: what to do comes first. */
export function down(
  options: HoldOptions,
  why: string,
  detail: readonly string[] = [],
): ApplyOutcome {
  return failure({
    reason: 'haproxy-down',
    message: `HAProxy is down: ${why}`,
    hint: howToStart(options),
    detail,
    transient: false,
  })
}

function howToStart({ mode, binary, masterSocket, configFile }: HoldOptions): string {
  if (mode === 'supervise') return 'the next run of Legate starts it'
  const byHand = `${binary} -W -D -S ${masterSocket} -f ${configFile}`
  return `start it (\`systemctl start haproxy\`, or \`${printable(byHand, 600)}\`); with haproxy.startCommand Legate does it itself`
}
