/**
 * In goes a socket of HAProxy, out comes a conversation over one connection: short commands, each answer
 * told from the next by HAProxy's prompt. For commands that change something and say little about it.
 */
import { connect, type Socket } from 'node:net'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import { refused, refuseUnsafe, tooSlow, type CommandOptions } from './cli.ts'

/**
 * `master> `, `master[ReloadFailed]> ` (after one), or a worker's `> `, at the beginning of a line. No
 * answer holds such a line: what is quoted in one are arguments, and they are free of line feeds. Should
 * one do so in a later HAProxy, the number of prompts is another one than that of the commands, or text
 * follows the last one, and the conversation fails: never is one answer taken for that of another command.
 */
const PROMPT = /\n(?:master(?:\[[A-Za-z]+\])?)?> /g
const AT_END = /\n(?:master(?:\[[A-Za-z]+\])?)?> $/

const LONGEST_PROMPT = 40

/** A command for another process than the session is with. */
export interface Addressed {
  readonly command: string
  readonly target: CommandOptions['target']
}

export interface Session {
  /**
   * Sends the commands together. The answers come without the line feeds around them. After a failure the
   * conversation is over.
   */
  ask(commands: readonly (string | Addressed)[], timeoutMs?: number): Promise<Result<string[]>>
  close(): void
}

/**
 * Short-lived: a worker's own socket goes on talking to that worker after a reload, and keeps it alive.
 * `target` as `@!PID` makes sure that no other worker is spoken to.
 */
export function openSession(socketPath: string, options: CommandOptions): Session {
  const socket = connect({ path: socketPath })
  socket.setEncoding('utf8')
  let isFirst = true
  return {
    async ask(commands, timeoutMs = options.timeoutMs) {
      if (commands.length === 0) return ok([])
      const lines = commands.map((each) =>
        typeof each === 'string' ? lineOf(each, options.target) : lineOf(each.command, each.target),
      )
      // Without a prompt HAProxy hangs up after the first answer.
      const all = isFirst ? ['prompt\n', ...lines] : lines
      isFirst = false
      const answers = await converse(socket, socketPath, all, timeoutMs)
      return answers.ok ? ok(answers.value.slice(all.length - commands.length)) : answers
    },
    close: () => void socket.destroy(),
  }
}

function lineOf(command: string, target: CommandOptions['target']): string {
  refuseUnsafe(command)
  return target === undefined ? `${command}\n` : `${target} ${command}\n`
}

function converse(
  socket: Socket,
  socketPath: string,
  lines: readonly string[],
  timeoutMs: number,
): Promise<Result<string[]>> {
  return new Promise((resolve) => {
    /** Whole ones. */
    const answers: string[] = []
    /** What came after the last prompt that ended a chunk; the line feed is for a prompt that comes first. */
    let chunks = ['\n']
    let tail = '\n'
    const end = (result: Result<string[]>): void => {
      clearTimeout(timer)
      socket.removeListener('data', listen).removeListener('close', hangUp)
      socket.removeListener('error', complain)
      // The socket may still say that it is broken; nobody asks it again.
      if (!result.ok) socket.on('error', () => undefined).destroy()
      resolve(result)
    }
    const listen = (chunk: string): void => {
      chunks.push(chunk)
      tail = (tail + chunk).slice(-LONGEST_PROMPT)
      if (!AT_END.test(tail)) return
      const fresh = chunks.join('').split(PROMPT).slice(0, -1).map(trimAnswer)
      chunks = []
      if (fresh.some(isNobody)) return end(fail(replaced()))
      answers.push(...fresh)
      if (answers.length < lines.length) return
      end(answers.length === lines.length ? ok(answers) : fail(confused(socketPath)))
    }
    const hangUp = (): void => {
      const rest = chunks.join('').split(PROMPT).map(trimAnswer)
      end(fail(rest.some(isNobody) ? replaced() : hungUp(socketPath)))
    }
    const complain = (error: NodeJS.ErrnoException): void => end(fail(refused(socketPath, error)))
    const timer = setTimeout(() => end(fail(tooSlow(socketPath, timeoutMs))), timeoutMs)
    socket.on('data', listen).on('close', hangUp).on('error', complain)
    if (socket.destroyed) hangUp()
    else socket.write(lines.join(''))
  })
}

/** After this the master forgets what else it was told; up to 2.8 it hangs up. */
function isNobody(answer: string): boolean {
  return answer.startsWith("Can't find the target")
}

/** Without the line feeds around it; a regular expression would look at each one within. */
export function trimAnswer(answer: string): string {
  let [from, to] = [0, answer.length]
  while (answer.charCodeAt(from) === LINE_FEED) from += 1
  while (to > from && answer.charCodeAt(to - 1) === LINE_FEED) to -= 1
  return answer.slice(from, to)
}

const LINE_FEED = 10

/** Of a process that was spoken to, and that somebody has replaced. */
export function replaced(): Failure {
  return {
    reason: 'interrupted',
    message: 'HAProxy was restarted or reloaded by somebody else while Legate was changing it',
    hint: 'the next look finds out what it has',
    transient: true,
  }
}

function hungUp(socketPath: string): Failure {
  return {
    reason: 'haproxy-unreachable',
    message: `HAProxy hung up at ${printable(socketPath)} in the middle of a conversation`,
    transient: true,
  }
}

function confused(socketPath: string): Failure {
  return {
    reason: 'haproxy-unreachable',
    message: `HAProxy at ${printable(socketPath)} answered more than it was asked`,
    transient: true,
  }
}
