/** In goes how HAProxy is held and which worker is meant, out comes a way to speak to that worker only. */
import { fail, ok, type Result } from '../model/failure.ts'
import { runWithPayload } from './cli.ts'
import { whomToAsk, type Tools } from './options.ts'
import { addressOf, replaced, trimAnswer, type Addressed, type Session } from './session.ts'
import { parseShowProc } from './show-proc.ts'
import { parseShowInfo } from './show.ts'

export interface Talk {
  readonly session: Session
  readonly timeoutMs: number
  /** The answer without the line feeds around it. */
  ask(command: string): Promise<Result<string>>
  /** A command with a text after it. */
  tell(command: string, payload: string): Promise<Result<string>>
  /** To be asked when all is done; the answer says whether the worker still is the one that serves. */
  readonly whoServes: string | Addressed
  isServing(answer: string): boolean
}

/** Undefined when another worker serves than the one that is meant. Whoever gets one closes its session. */
export async function talkTo(
  { options, openSession }: Pick<Tools, 'options' | 'openSession'>,
  workerPid: number,
): Promise<Result<Talk | undefined>> {
  const { socketPath, target, timeoutMs } = whomToAsk(options)
  const address = addressOf({ timeoutMs, ...(target !== undefined && { target }) }, workerPid)
  const session = openSession(socketPath, address)
  // A worker that has been told to leave says so, and a connection stays with the worker it has reached.
  const isServing: Talk['isServing'] = (answer) => {
    if (target !== undefined) return parseShowProc(answer)?.worker?.pid === workerPid
    const info = parseShowInfo(answer)
    return info?.pid === workerPid && !info.stopping
  }
  if (target === undefined) {
    const met = await session.ask(['show info'])
    if (met.ok && !isServing(met.value[0] ?? '')) session.close()
    if (!met.ok) return met
    if (!isServing(met.value[0] ?? '')) return ok(undefined)
  }
  return ok({
    session,
    timeoutMs,
    async ask(command) {
      const answers = await session.ask([command])
      return answers.ok ? ok(answers.value[0] ?? '') : answers
    },
    async tell(command, payload) {
      const answer = await runWithPayload(socketPath, command, payload, address)
      if (answer.ok && answer.value.startsWith("Can't find the target")) return fail(replaced())
      return answer.ok ? ok(trimAnswer(answer.value)) : answer
    },
    // The master answers this itself, which takes it a fraction of the time.
    whoServes: target === undefined ? 'show info' : { command: 'show proc', target: undefined },
    isServing,
  })
}
