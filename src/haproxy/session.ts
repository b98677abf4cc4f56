/**
 * In goes a socket of HAProxy, out comes a conversation over one connection: short commands, each answer
 * told from the next by HAProxy's prompt. For commands that change something and say little about it, and for
 * many questions at once.
 */
import { connect, type Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
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

/** Into this every session reads: what has come is a text of its own before the next one reads. */
const READ_INTO = Buffer.alloc(64 * 1024)

/**
 * A master hands on one command after the other, and each answer by itself: a hundred answers are a hundred reads, most
 * of what the conversation takes. While many are to come they are left to gather for a moment.
 */
const ANSWERS_PER_MS = 8
const LONGEST_PAUSE_MS = 5

interface Line {
  readonly socket: Socket
  readonly socketPath: string
  /** Without a prompt HAProxy hangs up after the first answer. */
  hasPrompt: boolean
  /** Takes what has come; for the milliseconds that it returns nothing more is read. Absent: nothing is asked. */
  listen: ((text: string) => number) | undefined
}

/** `target` as `@!PID` makes sure that no other worker is spoken to. */
export type OpenSession = (socketPath: string, options: CommandOptions) => Session

/** Short-lived: a worker's own socket goes on talking to that worker after a reload, and keeps it alive. */
export const openSession: OpenSession = (socketPath, options) =>
  sessionOver(openLine(socketPath), options, ({ socket }) => void socket.destroy())

/**
 * For a master's socket, with a memory of its own: to connect takes as long as to ask, so a connection is kept when
 * what was said over it has ended well, and the next session is over that one. A master keeps no worker for it, ends
 * it for no silence, and hangs up when it reloads or ends.
 */
export function keepOneOpen(): OpenSession {
  let kept: Line | undefined
  const letGo = (line: Line): void => {
    if (line.listen !== undefined || kept?.socket.writable === true) line.socket.destroy()
    else kept = line
    // It is nobody's reason to go on running.
    line.socket.unref()
  }
  return (socketPath, options) => {
    const isGood = kept?.socket.writable === true && kept.socketPath === socketPath
    const line = kept !== undefined && isGood ? kept : openLine(socketPath)
    kept = undefined
    line.socket.ref()
    return sessionOver(line, options, letGo)
  }
}

function sessionOver(line: Line, options: CommandOptions, letGo: (line: Line) => void): Session {
  return {
    async ask(commands, timeoutMs = options.timeoutMs) {
      if (commands.length === 0) return ok([])
      const lines = commands.map((each) =>
        typeof each === 'string' ? lineOf(each, options.target) : lineOf(each.command, each.target),
      )
      const all = line.hasPrompt ? lines : ['prompt\n', ...lines]
      line.hasPrompt = true
      const answers = await converse(line, all, timeoutMs)
      return answers.ok ? ok(answers.value.slice(all.length - commands.length)) : answers
    },
    close: () => letGo(line),
  }
}

function openLine(socketPath: string): Line {
  const decoder = new StringDecoder('utf8')
  const callback = (length: number): boolean => {
    const text = decoder.write(READ_INTO.subarray(0, length))
    // What comes unasked is never taken for the answer to what is asked next.
    if (line.listen === undefined) socket.destroy()
    const pauseMs = line.listen?.(text) ?? 0
    if (pauseMs > 0) setTimeout(() => void socket.resume(), pauseMs)
    return pauseMs <= 0
  }
  const socket = connect({ path: socketPath, onread: { buffer: READ_INTO, callback } })
  // Whoever is in a conversation is told; nobody else asks over it again.
  socket.on('error', () => undefined)
  const line: Line = { socket, socketPath, hasPrompt: false, listen: undefined }
  return line
}

function lineOf(command: string, target: CommandOptions['target']): string {
  refuseUnsafe(command)
  return target === undefined ? `${command}\n` : `${target} ${command}\n`
}

function converse(
  line: Line,
  lines: readonly string[],
  timeoutMs: number,
): Promise<Result<string[]>> {
  const { socket, socketPath } = line
  return new Promise((resolve) => {
    /** Whole ones. */
    const answers: string[] = []
    /** What came after the last prompt that ended a chunk; the line feed is for a prompt that comes first. */
    let chunks = ['\n']
    let tail = '\n'
    const end = (result: Result<string[]>): void => {
      clearTimeout(timer)
      line.listen = undefined
      socket.removeListener('close', hangUp).removeListener('error', complain)
      if (!result.ok) socket.destroy()
      resolve(result)
    }
    line.listen = (text) => {
      chunks.push(text)
      tail = (tail + text).slice(-LONGEST_PROMPT)
      if (AT_END.test(tail)) take()
      const pauseMs = Math.floor((lines.length - answers.length) / ANSWERS_PER_MS)
      return Math.min(pauseMs, LONGEST_PAUSE_MS)
    }
    const take = (): void => {
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
    socket.on('close', hangUp).on('error', complain)
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

/** As over a connection of its own, where no prompt marks its end. */
export function asAlone(answer: string): string {
  return `${answer}\n\n`
}

/** That worker and no other: a master knows its workers by pid. Without a target the socket is the worker's own. */
export function addressOf(
  { target, timeoutMs }: CommandOptions,
  workerPid: number,
): CommandOptions {
  return target === undefined ? { timeoutMs } : { timeoutMs, target: `@!${workerPid}` }
}

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
