/** The configuration on the disk goes in, a process that runs on it comes out, proven; or why there is none. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fail, ok, type Result } from '../model/failure.ts'
import { runCommands } from './cli.ts'
import { failpoint } from './failpoint.ts'
import type { Seen } from './look.ts'
import type { HoldOptions, Tools } from './options.ts'
import { markLog, readWords, selectLines } from './own-words.ts'
import { isAlive } from './proc.ts'
import { prove, type Proof } from './prove.ts'
import { runCommand } from './run-command.ts'
import { startSupervised } from './supervise.ts'

export interface Attempt {
  readonly proof: Proof
  /** What HAProxy said meanwhile, where that can be learnt; empty after a success. */
  readonly words: readonly string[]
}

/** `structure` is the stamp of the configuration that now lies on the disk. */
export async function reload(
  tools: Tools,
  before: Seen,
  structure: string | undefined,
): Promise<Attempt> {
  const { options } = tools
  const mark = await markLog(options)
  // Looked at before the reload: afterwards it may be dead already, and not just out of sight.
  const masterPid = isAlive(before.masterPid) ? before.masterPid : undefined
  const asked = await requestReload(options)
  await failpoint('after-reload')
  if (!asked.ok) {
    const { reason, message, detail } = asked.failure
    const state = reason === 'haproxy-down' ? 'died' : 'refused'
    return { proof: { state, why: message }, words: detail ?? (await readWords(options, mark)) }
  }
  const proof = await prove(tools, { structure, before, masterPid }, options.reloadTimeoutMs)
  return attempt(options, proof, mark)
}

/** Where Legate has no way to start HAProxy, it waits a little for somebody else to do it. */
export async function start(tools: Tools, structure: string | undefined): Promise<Attempt> {
  const { options } = tools
  const mark = await markLog(options)
  if (!canStart(options)) return awaitOthers(tools, structure)
  const started = await requestStart(options)
  if (!started.ok) {
    const { message, detail = [] } = started.failure
    return { proof: { state: 'died', why: message }, words: detail }
  }
  const proof = await prove(tools, { structure, ...started.value }, options.reloadTimeoutMs)
  return attempt(options, proof, mark)
}

export function canStart({ mode, startCommand }: HoldOptions): boolean {
  return mode === 'supervise' || startCommand.length > 0
}

/** systemd may start HAProxy again (`Restart=`), now that it finds a good file. */
async function awaitOthers(tools: Tools, structure: string | undefined): Promise<Attempt> {
  const patienceMs = Math.max(1000, tools.options.settleMs)
  const proof = await prove(tools, { structure }, patienceMs)
  return { proof: proof.state === 'proven' ? proof : { ...proof, state: 'died' }, words: [] }
}

async function attempt(options: HoldOptions, proof: Proof, mark: number): Promise<Attempt> {
  return { proof, words: proof.state === 'proven' ? [] : await readWords(options, mark) }
}

function requestReload(options: HoldOptions): Promise<Result<void>> {
  return options.mode === 'command'
    ? runCommand(options.reloadCommand, options)
    : askMaster(options, performance.now() + options.reloadTimeoutMs)
}

const BUSY_STEP_MS = 200

/**
 * 2.6 answers nothing and hangs up; 2.7 and later answer `Success=1` or `Success=0` and why, once the new
 * worker is loaded. Only a clear no is believed: everything else is for the proof to find out.
 */
async function askMaster(options: HoldOptions, deadline: number): Promise<Result<void>> {
  const { masterSocket, reloadTimeoutMs } = options
  const asked = await runCommands(masterSocket, ['reload'], { timeoutMs: reloadTimeoutMs })
  if (!asked.ok) return asked.failure.reason === 'haproxy-down' ? asked : ok(undefined)
  const answer = asked.value[0] ?? ''
  if (answer.includes('Another reload is still in progress') && performance.now() < deadline) {
    await sleep(BUSY_STEP_MS)
    return askMaster(options, deadline)
  }
  if (!answer.startsWith('Success=0')) return ok(undefined)
  return fail({
    reason: 'reload-failed',
    message: 'HAProxy says that the reload failed',
    detail: selectLines(answer.replace(/^Success=0\s*(--\n)?/, '')),
    transient: false,
  })
}

async function requestStart(options: HoldOptions): Promise<Result<{ masterPid?: number }>> {
  if (options.mode === 'supervise') return startSupervised(options)
  const run = await runCommand(options.startCommand, options)
  return run.ok ? ok({}) : run
}
