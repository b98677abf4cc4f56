/** In goes how HAProxy is held and which worker is meant, out comes a way to speak to that worker only. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ok, type Result } from '../model/failure.ts'
import { runWithPayload, type CommandOptions } from './cli.ts'
import { whomToAsk, type HoldOptions } from './options.ts'
import type { Step, StepEnd } from './recipes.ts'
import { openSession, type Session } from './session.ts'
import { parseShowInfo } from './show.ts'

export interface Talk {
  /** The answer without the line feeds around it. */
  ask(command: string): Promise<Result<string>>
  /** A command with a text after it. */
  tell(command: string, payload: string): Promise<Result<string>>
  /** Carries a recipe out. */
  follow(step: Step): Promise<Result<StepEnd>>
  /**
   * Asks once more, when all is done: undefined when another worker serves by now. The session is that
   * of the worker that was meant.
   */
  review(): Promise<Result<Session | undefined>>
  close(): void
}

/** Undefined when another worker serves than the one that is meant. */
export async function talkTo(
  options: HoldOptions,
  workerPid: number,
): Promise<Result<Talk | undefined>> {
  const { socketPath, target, timeoutMs } = whomToAsk(options)
  // The master knows its workers by pid: what is meant for one never reaches another.
  const address: CommandOptions =
    target === undefined ? { timeoutMs } : { timeoutMs, target: `@!${workerPid}` }
  const open = (): Session => openSession(socketPath, address)
  const session = open()
  const sessions = [session]
  // Behind a worker's own socket may be another one by now; a connection stays with whom it has reached.
  if (target === undefined) {
    const met = await meets(session, workerPid)
    if (!met.ok || !met.value) session.close()
    if (!met.ok) return met
    if (!met.value) return ok(undefined)
  }
  return ok({
    async ask(command) {
      const answers = await session.ask([command])
      return answers.ok ? ok(answers.value[0] ?? '') : answers
    },
    async tell(command, payload) {
      const answer = await runWithPayload(socketPath, command, payload, address)
      return answer.ok ? ok(answer.value.replaceAll(/^\n+|\n+$/g, '')) : answer
    },
    follow: (step) => follow(session, step, timeoutMs),
    async review() {
      const last = target === undefined ? open() : session
      sessions.push(last)
      const met = await meets(last, workerPid, target)
      return met.ok ? ok(met.value ? last : undefined) : met
    },
    close: () => {
      for (const each of sessions) each.close()
    },
  })
}

async function meets(session: Session, pid: number, target?: '@1'): Promise<Result<boolean>> {
  const answers = await session.ask(['show info'], target === undefined ? {} : { target })
  return answers.ok ? ok(parseShowInfo(answers.value[0] ?? '')?.pid === pid) : answers
}

async function follow(session: Session, step: Step, timeoutMs: number): Promise<Result<StepEnd>> {
  let next = step.next([])
  while (next.done !== true) {
    const commands = next.value
    const afterMs = Math.max(...commands.map((command) => command.afterMs ?? 0))
    const extraMs = commands.reduce((sum, command) => sum + (command.extraMs ?? 0), 0)
    // oxlint-disable-next-line no-await-in-loop -- each step depends on the answer to the one before
    if (afterMs > 0) await sleep(afterMs)
    // oxlint-disable-next-line no-await-in-loop
    const answers = await session.ask(
      commands.map((command) => command.text),
      { timeoutMs: timeoutMs + extraMs },
    )
    if (!answers.ok) return answers
    next = step.next(answers.value)
  }
  return ok(next.value)
}
