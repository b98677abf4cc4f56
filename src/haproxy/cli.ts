/** In go a socket of HAProxy and commands, out come its exact answers, one per command. */
import { connect } from 'node:net'
import type { Failure, Result } from '../model/failure.ts'
import { fail, ok, printable } from '../model/failure.ts'
import { checkSocketPath } from './socket-path.ts'

export interface CommandOptions {
  /** For each command, connecting included. */
  readonly timeoutMs: number
  /** The process that a master socket is to hand the commands to: `@1` is the current worker. */
  readonly target?: '@1' | `@!${number}`
}

const MOST_BYTES = 64 * 1024 * 1024

/**
 * Runs the commands one after the other and stops at the first that gets no answer. A connection each:
 * answers carry no boundary that their own text could not contain, only the end of the connection is one;
 * and a connection from before a reload would go on talking to the old worker.
 *
 * Answers come as HAProxy wrote them, trailing line feeds included; what an answer means is the caller's
 * to judge. Nothing at all, not even a line feed, is none (but to `reload`, of which 2.6 says nothing): a
 * master that loads its program anew hangs up. Failures: `haproxy-down` when nothing listens there,
 * `haproxy-unreachable` (also when the master has no such worker), `timeout`.
 */
export async function runCommands(
  socketPath: string,
  commands: readonly string[],
  options: CommandOptions,
): Promise<Result<string[]>> {
  for (const command of commands) refuseUnsafe(command)
  const answers: string[] = []
  for (const command of commands) {
    // The prefix holds for one command only; without it the master would run the command itself.
    const line = options.target === undefined ? command : `${options.target} ${command}`
    // oxlint-disable-next-line no-await-in-loop -- in this order, and none after one that failed
    const answer = await ask(socketPath, line, options.timeoutMs)
    if (!answer.ok) return answer
    if (options.target !== undefined && answer.value.startsWith("Can't find the target"))
      return fail(noWorker(socketPath, options.target))
    if (answer.value === '' && command !== 'reload') return fail(noAnswer(socketPath))
    answers.push(answer.value)
  }
  return ok(answers)
}

/**
 * Runs one command that takes a text: its lines, of which none may be empty, go after the command, and an
 * empty one ends them.
 */
export async function runWithPayload(
  socketPath: string,
  command: string,
  payload: string,
  { target, timeoutMs }: CommandOptions,
): Promise<Result<string>> {
  refuseUnsafe(command)
  if (payload === '' || /^\n|\n\n|[\r\0]/.test(payload) || !payload.endsWith('\n'))
    throw new Error(`not a text that can follow "${printable(command)}"`)
  const prefix = target === undefined ? '' : `${target} `
  // HAProxy closes after the answer, as for a command alone.
  return ask(socketPath, `${prefix}${command} <<\n${payload}`, timeoutMs)
}

/** One argument of a command, so that HAProxy reads exactly this text. */
export function escapeArgument(text: string): string {
  if (text === '' || /[\n\r\0]/.test(text))
    throw new Error(`not an argument for HAProxy's command line: "${printable(text)}"`)
  return text.replaceAll(/[\\ \t;<"']/g, '\\$&')
}

/** What would end the command, start another one or talk to another process is a bug of the caller. */
export function refuseUnsafe(command: string): void {
  const unescaped = command.replaceAll(/\\[^]/g, '')
  if (!/^[a-z]/.test(command) || /[\n\r\0]/.test(command) || /[;\\]/.test(unescaped))
    throw new Error(`not one command: "${printable(command)}"`)
}

function ask(socketPath: string, line: string, timeoutMs: number): Promise<Result<string>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const socket = connect({ path: socketPath, allowHalfOpen: true })
    const end = (result: Result<string>): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => end(fail(tooSlow(socketPath, timeoutMs))), timeoutMs)
    // Half-closed after the command: HAProxy then closes after the answer, which is its end.
    socket.on('connect', () => socket.end(`${line}\n`))
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > MOST_BYTES) end(fail(tooLarge(socketPath)))
    })
    socket.on('end', () => end(ok(Buffer.concat(chunks).toString())))
    socket.on('error', (error: NodeJS.ErrnoException) => end(fail(refused(socketPath, error))))
  })
}

export function refused(socketPath: string, error: NodeJS.ErrnoException): Failure {
  // Some versions of Node cut a path that is too long, and find nothing there.
  const usable = checkSocketPath(socketPath)
  if (!usable.ok) return usable.failure
  const code = error.code ?? error.message
  const down = code === 'ENOENT' || code === 'ECONNREFUSED'
  const denied = code === 'EACCES' || code === 'EPERM'
  return {
    reason: down ? 'haproxy-down' : 'haproxy-unreachable',
    message: down
      ? `nothing listens at HAProxy's socket ${printable(socketPath)} (${code})`
      : `HAProxy's socket ${printable(socketPath)} cannot be used (${printable(code)})`,
    ...(denied && {
      hint: 'give the user that runs Legate access to the socket (its group, mode 660)',
    }),
    transient: !denied,
  }
}

function noAnswer(socketPath: string): Failure {
  return {
    reason: 'haproxy-unreachable',
    message: `HAProxy hung up at ${printable(socketPath)} without an answer`,
    transient: true,
  }
}

function noWorker(socketPath: string, target: string): Failure {
  return {
    reason: 'haproxy-unreachable',
    message: `the HAProxy master at ${printable(socketPath)} has no process ${target}`,
    transient: true,
  }
}

export function tooSlow(socketPath: string, timeoutMs: number): Failure {
  return {
    reason: 'timeout',
    message: `HAProxy's socket ${printable(socketPath)} gave no whole answer in ${timeoutMs} ms`,
    transient: true,
  }
}

function tooLarge(socketPath: string): Failure {
  return {
    reason: 'haproxy-unreachable',
    message: `an answer from ${printable(socketPath)} is larger than ${MOST_BYTES} bytes`,
    transient: false,
  }
}
