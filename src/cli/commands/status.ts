/** `legate status`: what the running daemon applied, what it holds, and why. */
import { setTimeout as pause } from 'node:timers/promises'
import { durationMs } from '../../compile/duration.ts'
import type { Result } from '../../model/failure.ts'
import type { Status } from '../../report/status.ts'
import { printStatus } from '../../report/status.ts'
import { askDaemon } from '../ask-daemon.ts'
import type { Context } from '../context.ts'
import { flag, isSet } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { reportFailure } from '../report-outcome.ts'

const ASK_EVERY_MS = 500
const WATCH_EVERY_MS = 1000
/** To the top left, and everything below away: without a flicker. */
const HOME = '\u001B[H\u001B[J'

export function status(context: Context): Promise<number> {
  return isSet(context, 'watch') ? watch(context) : once(context)
}

async function once(context: Context): Promise<number> {
  const until = performance.now() + waitMs(context)
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is in sync
    const answer = await ask(context)
    const isDone = answer.ok && answer.value.sync === 'InSync'
    if (isDone || performance.now() >= until) return show(context, answer)
    // oxlint-disable-next-line no-await-in-loop
    await pause(ASK_EVERY_MS)
  }
}

/** Until somebody ends it: a screen that is drawn anew, and one text after the other where there is no screen. */
async function watch(context: Context): Promise<number> {
  let last = ''
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const answer = await ask(context)
    const text = answer.ok ? textOf(context, answer.value) : `${answer.failure.message}\n`
    // What only repeats itself is no news to a file or a pipe.
    if (process.stdout.isTTY) context.console.out(HOME + text)
    else if (text !== last) context.console.out(text)
    last = text
    // oxlint-disable-next-line no-await-in-loop
    await pause(WATCH_EVERY_MS)
  }
}

function waitMs(context: Context): number {
  const wait = flag(context, 'wait')
  return wait === undefined ? 0 : durationMs(wait)
}

function ask(context: Context): Promise<Result<Status>> {
  return askDaemon<Status>(context.settings.values.listen, '/api/v1/status')
}

function textOf(context: Context, value: Status): string {
  if (flag(context, 'output') !== 'json') return printStatus(value)
  // A line each, for programs that read on.
  return `${JSON.stringify(value, undefined, isSet(context, 'watch') ? 0 : 2)}\n`
}

function show(context: Context, answer: Result<Status>): number {
  if (!answer.ok) {
    reportFailure(context, answer.failure)
    return EXIT.world
  }
  const { value } = answer
  context.console.out(textOf(context, value))
  if (value.sync === 'InSync') return EXIT.ok
  return isSet(context, 'detailed-exitcode') || flag(context, 'wait') !== undefined
    ? EXIT.differences
    : EXIT.ok
}
