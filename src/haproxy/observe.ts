/** The sockets and files of HAProxy go in, what runs and what lies there come out; nothing is changed. */
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Running, RunningProcess } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Failure, Result } from '../model/failure.ts'
import { fail, ok, printable } from '../model/failure.ts'
import type { RunningState } from '../model/runtime.ts'
import type { CommandOptions } from './cli.ts'
import { runCommands } from './cli.ts'
import { LiveMemory } from './live-memory.ts'
import { orSilent } from './look.ts'
import { askLive, type Ask } from './observe-live.ts'
import { SYSTEM_CLOCK } from './options.ts'
import { addressOf, asAlone, openSession, type OpenSession } from './session.ts'
import type { Processes } from './show-proc.ts'
import { parseShowProc } from './show-proc.ts'
import type { ProcessInfo } from './show.ts'
import { parseGetVar, parseShowInfo } from './show.ts'

/** While a master loads its program anew, its socket refuses for about a second. */
const REFUSED_FOR_MS = 2000
const REFUSED_STEP_MS = 100

/** What is known of the master from a worker's own socket. */
const NO_MASTER: Processes = {
  masterPid: 0,
  version: '',
  reloads: 0,
  failedReloads: 0,
  worker: undefined,
  oldWorkers: [],
}

export interface Question {
  readonly socketPath: string
  /** `@1` for a master; undefined for a worker's own socket: nobody tells about the master and old workers then. */
  readonly target: '@1' | undefined
  /** For each command. */
  readonly timeoutMs: number
  /** What was seen last time; without it everything is read anew. */
  readonly memory?: LiveMemory
  readonly openSession?: OpenSession
}

export async function observeProcess(question: Question, desired: Bundle): Promise<Running> {
  const memory = question.memory ?? new LiveMemory(SYSTEM_CLOCK.now)
  const first = await look(question, memory, desired)
  // A reload came between two questions: the answers are of two processes.
  const seen = first.ok && first.value === 'mixed' ? await look(question, memory, desired) : first
  if (!seen.ok) {
    const failure = await judgeSilence(question, seen.failure)
    return failure.reason === 'haproxy-down' ? { state: 'down' } : { state: 'unknown', failure }
  }
  if (seen.value === 'mixed') return { state: 'unknown', failure: restless(question.socketPath) }
  return { state: 'running', process: seen.value }
}

/** A master that is reloaded again and again does not listen for most of the time, and is not down. */
function judgeSilence({ socketPath, target }: Question, failure: Failure): Promise<Failure> {
  return target === undefined ? Promise.resolve(failure) : orSilent(socketPath, failure)
}

async function look(
  question: Question,
  memory: LiveMemory,
  desired: Bundle,
): Promise<Result<RunningProcess | 'mixed'>> {
  const { socketPath, target, timeoutMs } = question
  const options = { timeoutMs, ...(target !== undefined && { target }) }
  const master = await askMaster(socketPath, options)
  if (!master.ok) return master
  const worker = await askWorker(question, options, memory, desired)
  if (!worker.ok) return worker
  if (worker.value === undefined) return fail(unreadable(socketPath))
  if (worker.value === 'mixed') return ok('mixed')
  const { info, structure, live } = worker.value
  return ok({ ...aroundWorker(info, master.value), structure, live })
}

interface SeenWorker {
  readonly info: ProcessInfo
  readonly structure: string | undefined
  readonly live: RunningState
}

/** Undefined when something does not answer as HAProxy does. */
async function askWorker(
  question: Question,
  options: CommandOptions,
  memory: LiveMemory,
  desired: Bundle,
): Promise<Result<SeenWorker | 'mixed' | undefined>> {
  const ask: Ask = (commands) => runCommands(question.socketPath, commands, options)
  const before = await ask(['show info', 'get var proc.legate_structure'])
  if (!before.ok) return before
  const info = parseShowInfo(before.value[0] ?? '')
  if (info === undefined) return ok(undefined)
  const askTogether = conversationWith(question, addressOf(options, info.pid))
  const live = await askLive({ ask, askTogether }, memory, [...desired.live.certificates.keys()])
  if (!live.ok) return live.failure.reason === 'interrupted' ? ok('mixed') : live
  const after = await ask(['show info'])
  if (!after.ok) return after
  if (live.value === undefined) return ok(undefined)
  if (!isOf(after.value, info.pid)) return ok('mixed')
  return ok({ info, structure: structureOf(before.value), live: live.value })
}

function conversationWith(
  { socketPath, openSession: open = openSession }: Question,
  address: CommandOptions,
): Ask {
  return async (commands) => {
    if (commands.length === 0) return ok([])
    const session = open(socketPath, address)
    try {
      const answers = await session.ask(commands)
      return answers.ok ? ok(answers.value.map(asAlone)) : answers
    } finally {
      session.close()
    }
  }
}

function isOf([info = '']: readonly string[], pid: number): boolean {
  return parseShowInfo(info)?.pid === pid
}

function structureOf([, variable = '']: readonly string[]): string | undefined {
  return parseGetVar(variable)
}

async function askMaster(
  socketPath: string,
  { target, timeoutMs }: CommandOptions,
): Promise<Result<Processes>> {
  const command = target === undefined ? 'show info' : 'show proc'
  const deadline = performance.now() + Math.min(timeoutMs, REFUSED_FOR_MS)
  let answer = await runCommands(socketPath, [command], { timeoutMs })
  while (!answer.ok && answer.failure.reason === 'haproxy-down') {
    // A socket file that nobody listens at may be one that is about to be taken up again.
    if (!existsSync(socketPath) || performance.now() > deadline) break
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    await sleep(REFUSED_STEP_MS)
    // oxlint-disable-next-line no-await-in-loop
    answer = await runCommands(socketPath, [command], { timeoutMs })
  }
  if (!answer.ok) return answer
  if (target === undefined) return ok(NO_MASTER)
  const processes = parseShowProc(answer.value[0] ?? '')
  return processes === undefined ? fail(unreadable(socketPath)) : ok(processes)
}

/** `@1` is the worker that serves, whatever list the master shows it in. */
function aroundWorker(
  info: ProcessInfo,
  { worker, oldWorkers, ...master }: Processes,
): Omit<RunningProcess, 'structure' | 'live'> {
  const listed = worker === undefined ? oldWorkers : [worker, ...oldWorkers]
  const unlisted = { pid: info.pid, reloads: 0, uptimeSeconds: info.uptimeSeconds }
  return {
    ...master,
    version: info.version,
    worker: listed.find((w) => w.pid === info.pid) ?? unlisted,
    oldWorkers: listed.filter((w) => w.pid !== info.pid),
  }
}

function unreadable(socketPath: string): Failure {
  return {
    reason: 'haproxy-unreachable',
    message: `what answers at ${printable(socketPath)} does not answer as HAProxy does`,
    hint: 'HAProxy 2.6 or newer in master-worker mode is expected there (option -S)',
    transient: true,
  }
}

function restless(socketPath: string): Failure {
  return {
    reason: 'haproxy-unreachable',
    message: `HAProxy at ${printable(socketPath)} was reloaded while it was looked at, twice`,
    transient: true,
  }
}
