/** `legate status`: what the running daemon applied, what it holds, and why. */
import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { durationMs } from '../../compile/duration.ts'
import type { Result } from '../../model/failure.ts'
import { fail, ok, printable } from '../../model/failure.ts'
import type { Status } from '../../report/status.ts'
import { printStatus } from '../../report/status.ts'
import type { Context } from '../context.ts'
import { flag, isSet } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { reportFailure } from '../report-outcome.ts'

const ASK_EVERY_MS = 500

export async function status(context: Context): Promise<number> {
  const { listen } = context.settings.values
  const until = performance.now() + waitMs(context)
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is in sync
    const answer = await ask(listen)
    const isDone = answer.ok && answer.value.sync === 'InSync'
    if (isDone || performance.now() >= until) return show(context, answer)
    // oxlint-disable-next-line no-await-in-loop
    await pause(ASK_EVERY_MS)
  }
}

function waitMs(context: Context): number {
  const wait = flag(context, 'wait')
  return wait === undefined ? 0 : durationMs(wait)
}

function show(context: Context, answer: Result<Status>): number {
  if (!answer.ok) {
    reportFailure(context, answer.failure)
    return EXIT.world
  }
  const { value } = answer
  const asJson = flag(context, 'output') === 'json'
  context.console.out(asJson ? `${JSON.stringify(value, undefined, 2)}\n` : printStatus(value))
  if (value.sync === 'InSync') return EXIT.ok
  return isSet(context, 'detailed-exitcode') || flag(context, 'wait') !== undefined
    ? EXIT.differences
    : EXIT.ok
}

function ask(listen: string): Promise<Result<Status>> {
  return new Promise((resolve) => {
    const away = (why: string): void =>
      resolve(
        fail({
          reason: 'timeout',
          message: `no daemon answers on ${listen}: ${printable(why)}`,
          hint: 'is `legate reconcile` running, and with the same `listen`?',
          transient: true,
        }),
      )
    const request = get(`http://${listen}/api/v1/status`, { timeout: 5000 }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => {
        if (response.statusCode !== 200) away(`status ${response.statusCode ?? 0}`)
        else {
          // The daemon and this command are one program.
          const parsed: Status = JSON.parse(body)
          resolve(ok(parsed))
        }
      })
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
    request.on('error', (error) => away(error.message))
  })
}
