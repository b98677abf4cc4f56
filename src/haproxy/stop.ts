/** In go the settings of a HAProxy that Legate keeps, out comes that it has ended. */
import { rm } from 'node:fs/promises'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import { look } from './look.ts'
import { SYSTEM_CLOCK, type Clock, type HoldOptions } from './options.ts'
import { isAlive, programName } from './proc.ts'

const POLL_MS = 50
/** For the ends that nobody can refuse. */
const LAST_WAIT_MS = 2000

/**
 * Asks the master to let its sessions end, waits for it, then ends it at once, and at last by force.
 * Gives a sentence for the user, also when there was nothing to end.
 */
export async function stopSupervised(
  options: HoldOptions,
  clock: Clock = SYSTEM_CLOCK,
): Promise<Result<string>> {
  const seen = await look({ ...options, mode: 'supervise' })
  if (!seen.ok && seen.failure.reason !== 'haproxy-down') return seen
  if (!seen.ok) {
    await removeSockets(options)
    return ok(`HAProxy is not running: nothing listens at ${printable(options.masterSocket)}`)
  }
  const { masterPid, pids } = seen.value
  const name = programName(masterPid)
  if (name === undefined || !name.includes('haproxy')) return fail(notOurs(masterPid, name))
  const ended =
    (await end(clock, pids, { signal: 'SIGUSR1', waitMs: options.stopTimeoutMs })) ??
    (await end(clock, pids, { signal: 'SIGTERM', waitMs: LAST_WAIT_MS })) ??
    (await end(clock, pids, { signal: 'SIGKILL', waitMs: LAST_WAIT_MS }))
  if (ended === undefined) return fail(immortal(masterPid))
  await removeSockets(options)
  return ok(`HAProxy (pid ${masterPid}) has ended${WHAT_IT_TOOK[ended]}`)
}

const WHAT_IT_TOOK = {
  SIGUSR1: '',
  SIGTERM: '; sessions that had not ended in time were cut off',
  SIGKILL: '; it did not answer and was killed',
} as const

type EndSignal = keyof typeof WHAT_IT_TOOK

/** The signal, when no process is left after it. The master passes it on, except the one it cannot. */
async function end(
  clock: Clock,
  pids: readonly number[],
  { signal, waitMs }: { signal: EndSignal; waitMs: number },
): Promise<EndSignal | undefined> {
  for (const pid of signal === 'SIGKILL' ? pids : pids.slice(0, 1)) send(pid, signal)
  const deadline = clock.now() + waitMs
  const check = async (): Promise<EndSignal | undefined> => {
    const alive = pids.map(isAlive)
    if (!alive.includes(true)) return signal
    if (clock.now() >= deadline) return undefined
    await clock.sleep(POLL_MS)
    return check()
  }
  return check()
}

function send(pid: number, signal: EndSignal): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has just ended, or is not ours to end: the wait that follows tells.
  }
}

async function removeSockets({ masterSocket, statsSocket }: HoldOptions): Promise<void> {
  await Promise.all([masterSocket, statsSocket].map((path) => rm(path, { force: true })))
}

function notOurs(pid: number, name: string | undefined): Failure {
  const who = name === undefined ? 'cannot be seen from here' : `is ${printable(name)}, not haproxy`
  return {
    reason: 'haproxy-unreachable',
    message: `the master says its pid is ${pid}, and that process ${who}; nothing was ended`,
    hint: 'end HAProxy where it was started',
    transient: false,
  }
}

function immortal(pid: number): Failure {
  return {
    reason: 'timeout',
    message: `HAProxy (pid ${pid}) is still there after SIGKILL, or belongs to another user`,
    transient: true,
  }
}
