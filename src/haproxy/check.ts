/** A configuration goes in, HAProxy's own word on it comes out; nothing that runs is touched. */
import { randomBytes } from 'node:crypto'
import { access, constants, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '../model/failure.ts'
import { fail, printable } from '../model/failure.ts'
import type { CheckOutcome, HaproxyMessage } from '../model/ports.ts'
import { parseCheckOutput } from './check-messages.ts'
import { dropRights } from './drop-rights.ts'
import type { ProgramEnd } from './run-program.ts'
import { runProgram } from './run-program.ts'

export interface CheckOptions {
  /** Absolute path of HAProxy's program. */
  readonly binary: string
  /** Folder for the candidate, inside the state folder; made when it is not there. */
  readonly stagingDir: string
  readonly timeoutMs: number
  /** `Drop` (and root): without root's rights. */
  readonly checkUser: 'Drop' | 'Keep'
  /** Values to hide in what HAProxy says. */
  readonly secrets?: readonly string[]
  readonly setpriv?: string
}

/**
 * Runs `haproxy -c` on the text, in an empty environment and with a deadline. It answers whether HAProxy
 * would start with it, and is no defence: by the time it refuses, it has run what the text told it to.
 */
export async function checkConfig(
  options: CheckOptions,
  text: string,
  signal?: AbortSignal,
): Promise<CheckOutcome> {
  const unrunnable = await access(options.binary, constants.X_OK).catch(errorCode)
  if (unrunnable !== undefined) return notRun(missing(options.binary, unrunnable))
  const path = join(
    options.stagingDir,
    `check-${process.pid}-${randomBytes(6).toString('hex')}.cfg`,
  )
  try {
    await stage(path, options.stagingDir, text)
  } catch (error) {
    return notRun(unwritten(path, errorCode(error)))
  }
  try {
    return await check(options, path, signal)
  } finally {
    await rm(path, { force: true })
  }
}

async function check(
  options: CheckOptions,
  path: string,
  signal: AbortSignal | undefined,
): Promise<CheckOutcome> {
  const drop =
    options.checkUser === 'Drop'
      ? await dropRights(options.setpriv)
      : ({ state: 'not-needed' } as const)
  const args = ['-c', '-f', path]
  const { binary, timeoutMs } = options
  const end =
    drop.state === 'dropped'
      ? await runProgram(drop.program, [...drop.args, binary, ...args], { timeoutMs, signal })
      : await runProgram(binary, args, { timeoutMs, signal })
  const outcome = judge(end, { path, secrets: options.secrets ?? [] }, timeoutMs)
  if (drop.state !== 'impossible' || outcome.state === 'not-run') return outcome
  return { ...outcome, messages: [...outcome.messages, checkedAsRoot(drop.why)] }
}

function judge(
  end: ProgramEnd,
  checked: { readonly path: string; readonly secrets: readonly string[] },
  timeoutMs: number,
): CheckOutcome {
  if (end.state === 'not-started') return notRun(missing('HAProxy', end.code))
  if (end.state === 'aborted') return notRun(interrupted())
  if (end.state === 'deadline') return notRun(tooSlow(timeoutMs))
  if (end.stderr.startsWith('setpriv:')) return notRun(unprivileged(end.stderr))
  const accepted = end.exitCode === 0
  const messages = parseCheckOutput(`${end.stderr}\n${end.stdout}`, checked, accepted)
  if (accepted) return { state: 'accepted', messages }
  if (messages.some((m) => m.severity === 'error')) return { state: 'rejected', messages }
  return { state: 'rejected', messages: [...messages, wordless(end)] }
}

/** 0600: the child that has dropped root's rights keeps the one to read. */
async function stage(path: string, folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await removeOrphans(folder)
  await writeFile(path, text, { flag: 'wx', mode: 0o600 })
}

/** Candidates of a Legate that was killed. */
async function removeOrphans(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^check-(\d+)-[0-9a-f]+\.cfg$/.exec(name)?.[1]
    // oxlint-disable-next-line no-await-in-loop -- there is hardly ever one
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) !== 'ESRCH'
  }
}

function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : String(error)
}

function notRun(failure: Failure): CheckOutcome {
  return { state: 'not-run', result: fail(failure) }
}

function checkedAsRoot(why: string): HaproxyMessage {
  return {
    severity: 'warning',
    text: `the configuration was checked with root's rights, because ${printable(why)}; haproxy.checkUser: Keep accepts that`,
  }
}

function wordless(end: ProgramEnd & { state: 'ended' }): HaproxyMessage {
  const how = end.killedBy === undefined ? `with ${end.exitCode}` : `by ${end.killedBy}`
  return { severity: 'error', text: `haproxy -c ended ${how} and gave no reason` }
}

function missing(binary: string, code: string): Failure {
  return {
    reason: 'haproxy-missing',
    message: `${printable(binary)} cannot be run (${printable(code)})`,
    hint: 'install HAProxy 2.6 or newer, or set haproxy.binary (or HAPROXY_BIN) to its path',
    transient: false,
  }
}

function unwritten(path: string, code: string): Failure {
  return {
    reason: 'write-failed',
    message: `the configuration to check cannot be written to ${printable(path)} (${printable(code)})`,
    hint: 'the state folder (stateDir) must be writable and have room',
    transient: code === 'ENOSPC' || code === 'EDQUOT',
  }
}

function unprivileged(stderr: string): Failure {
  return {
    reason: 'haproxy-missing',
    message: `haproxy -c cannot be run without root's rights: ${printable(stderr.trim())}`,
    hint: 'haproxy.checkUser: Keep runs it with them',
    transient: false,
  }
}

function tooSlow(timeoutMs: number): Failure {
  return {
    reason: 'timeout',
    message: `haproxy -c took longer than ${timeoutMs} ms and was ended`,
    hint: 'a host name in the configuration that DNS does not answer makes it wait; haproxy.checkTimeout is the limit',
    transient: true,
  }
}

function interrupted(): Failure {
  return { reason: 'interrupted', message: 'haproxy -c was interrupted', transient: true }
}
