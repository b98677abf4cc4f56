/** In goes how HAProxy is held, out comes what its sockets show of the process at this moment. */
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import { runCommands } from './cli.ts'
import type { HoldOptions } from './options.ts'
import { findMaster } from './proc.ts'
import { parseShowProc } from './show-proc.ts'
import { parseGetVar, parseShowInfo } from './show.ts'

/** Little enough to be asked for many times a second. */
export interface Seen {
  /** 0 in mode `command`: a worker does not tell of its master. */
  readonly masterPid: number
  readonly reloads: number
  /** How many of the last reloads failed in a row. */
  readonly failedReloads: number
  /** Undefined while the master has none. */
  readonly workerPid: number | undefined
  /** `proc.legate_structure` of the worker. */
  readonly structure: string | undefined
  /** True for a worker that has been told to leave. */
  readonly stopping: boolean
  /** All processes, the master first. */
  readonly pids: readonly number[]
}

type LookOptions = Pick<HoldOptions, 'mode' | 'masterSocket' | 'statsSocket' | 'socketTimeoutMs'>

/** Failures: `haproxy-down` when nothing listens, others when what listens does not answer as HAProxy does. */
export function look(options: LookOptions): Promise<Result<Seen>> {
  return options.mode === 'command' ? lookAtWorker(options) : lookAtMaster(options)
}

const QUESTIONS = ['show info', 'get var proc.legate_structure']

async function lookAtMaster({ masterSocket, socketTimeoutMs }: LookOptions): Promise<Result<Seen>> {
  const timeoutMs = socketTimeoutMs
  const shown = await runCommands(masterSocket, ['show proc'], { timeoutMs })
  if (!shown.ok) return fail(await orSilent(masterSocket, shown.failure))
  const processes = parseShowProc(shown.value[0] ?? '')
  if (processes === undefined) return fail(notHaproxy(masterSocket))
  const { masterPid, reloads, failedReloads, worker, oldWorkers } = processes
  const workers = [...(worker === undefined ? [] : [worker]), ...oldWorkers]
  const master = {
    masterPid,
    reloads,
    failedReloads,
    pids: [masterPid, ...workers.map((w) => w.pid)],
  }
  const nobody = { ...master, workerPid: undefined, structure: undefined, stopping: false }
  if (workers.length === 0) return ok(nobody)
  const answers = await runCommands(masterSocket, QUESTIONS, { timeoutMs, target: '@1' })
  if (!answers.ok) return answers.failure.reason === 'haproxy-down' ? ok(nobody) : answers
  const answered = readWorker(answers.value)
  return answered === undefined ? fail(notHaproxy(masterSocket)) : ok({ ...master, ...answered })
}

async function lookAtWorker({ statsSocket, socketTimeoutMs }: LookOptions): Promise<Result<Seen>> {
  const answers = await runCommands(statsSocket, QUESTIONS, { timeoutMs: socketTimeoutMs })
  if (!answers.ok) return answers
  const worker = readWorker(answers.value)
  if (worker === undefined) return fail(notHaproxy(statsSocket))
  return ok({ masterPid: 0, reloads: 0, failedReloads: 0, pids: [worker.workerPid], ...worker })
}

function readWorker([info, variable]: readonly string[]):
  | {
      readonly workerPid: number
      readonly structure: string | undefined
      readonly stopping: boolean
    }
  | undefined {
  const parsed = parseShowInfo(info ?? '')
  if (parsed === undefined) return undefined
  return {
    workerPid: parsed.pid,
    structure: parseGetVar(variable ?? ''),
    stopping: parsed.stopping,
  }
}

/** Down is only who does not live: one that lives must never be started a second time. */
export async function orSilent(masterSocket: string, failure: Failure): Promise<Failure> {
  const pid = failure.reason === 'haproxy-down' ? await findMaster(masterSocket) : undefined
  if (pid === undefined) return failure
  return {
    reason: 'haproxy-unreachable',
    message: `HAProxy (pid ${pid}) lives, and does not listen at ${printable(masterSocket)}: it is being reloaded, or hangs`,
    transient: true,
  }
}

function notHaproxy(path: string): {
  readonly reason: 'haproxy-unreachable'
  readonly message: string
  readonly transient: true
} {
  return {
    reason: 'haproxy-unreachable',
    message: `what answers at ${printable(path)} does not answer as HAProxy does`,
    transient: true,
  }
}
