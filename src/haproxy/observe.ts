/** The sockets and files of HAProxy go in, what runs and what lies there come out; nothing is changed. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Running, RunningProcess } from '../model/actual.ts'
import type { Bundle, LiveState } from '../model/bundle.ts'
import type { Failure, Result } from '../model/failure.ts'
import { fail, ok, printable } from '../model/failure.ts'
import type { CommandOptions } from './cli.ts'
import { escapeArgument, runCommands } from './cli.ts'
import type { Processes } from './show-proc.ts'
import { parseShowProc } from './show-proc.ts'
import type { ProcessInfo } from './show.ts'
import {
  parseCertificateFingerprint,
  parseGetVar,
  parseServersState,
  parseShowBackend,
  parseShowInfo,
  parseShowMap,
} from './show.ts'

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

/**
 * Asks a master socket (`target` is `@1`) or a worker's own socket (undefined; nobody tells about the
 * master and old workers then) what runs. `timeoutMs` is for each question.
 */
export async function observeProcess(
  socketPath: string,
  target: '@1' | undefined,
  desired: Bundle,
  timeoutMs: number,
): Promise<Running> {
  const options = { timeoutMs, ...(target !== undefined && { target }) }
  const first = await look(socketPath, options, desired)
  // A reload came between two questions: the answers are of two processes.
  const seen =
    first.ok && first.value === 'mixed' ? await look(socketPath, options, desired) : first
  if (!seen.ok)
    return seen.failure.reason === 'haproxy-down'
      ? { state: 'down' }
      : { state: 'unknown', failure: seen.failure }
  if (seen.value === 'mixed') return { state: 'unknown', failure: restless(socketPath) }
  return { state: 'running', process: seen.value }
}

async function look(
  socketPath: string,
  options: CommandOptions,
  desired: Bundle,
): Promise<Result<RunningProcess | 'mixed'>> {
  const master = await askMaster(socketPath, options)
  if (!master.ok) return master
  const certificates = [...desired.live.certificates.keys()]
  const answers = await runCommands(socketPath, questions(certificates), options)
  if (!answers.ok) return answers
  const worker = readAnswers(answers.value, certificates)
  if (worker === undefined) return fail(unreadable(socketPath))
  if (worker.info.pid !== worker.pidAfter) return ok('mixed')
  const { structure, live } = worker
  return ok({ ...aroundWorker(worker.info, master.value), structure, live })
}

function questions(certificates: readonly string[]): string[] {
  return [
    'show info',
    'get var proc.legate_structure',
    'show backend',
    'show servers state',
    'show map',
    ...certificates.map((path) => `show ssl cert ${escapeArgument(path)}`),
    'show info',
  ]
}

interface WorkerAnswers {
  readonly info: ProcessInfo
  readonly pidAfter: number | undefined
  readonly structure: string | undefined
  readonly live: LiveState
}

/** The answers to `questions`; undefined when they are not HAProxy's. */
function readAnswers(
  answers: readonly string[],
  certificates: readonly string[],
): WorkerAnswers | undefined {
  const answer = (index: number): string => answers.at(index) ?? ''
  const info = parseShowInfo(answer(0))
  const backends = parseShowBackend(answer(2))
  const servers = parseServersState(answer(3))
  const maps = parseShowMap(answer(4))
  if (!info || !backends || !servers || !maps) return undefined
  const fingerprints = certificates.flatMap((path, index): [string, string][] => {
    const fingerprint = parseCertificateFingerprint(answer(5 + index))
    return fingerprint === undefined ? [] : [[path, fingerprint]]
  })
  return {
    info,
    pidAfter: parseShowInfo(answer(-1))?.pid,
    structure: parseGetVar(answer(1)),
    live: {
      servers: new Map(backends.map((name) => [name, servers.get(name) ?? []])),
      maps: new Map(maps.flatMap(toLogicalName)),
      certificates: new Map(fingerprints),
    },
  }
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

/** `…/https-hosts.0123456789abcdef.map` is the map `https-hosts.map` with that digest. */
function toLogicalName(path: string): [string, string][] {
  const match = /^(.+)\.([0-9a-f]{16})\.map$/.exec(basename(path))
  return match === null ? [] : [[`${match[1]}.map`, match[2] ?? '']]
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
