/**
 * A bundle goes in; out comes a process proven on it, or the state before and why.
 *
 *   look → what to go back to → preflight → trial → commit → reload or start → prove → verify → clean up
 *                                                          └── failed ──► roll back, and prove that
 */
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import { fail, ok, type Result } from '../model/failure.ts'
import type { Plan } from '../model/plan.ts'
import type { ApplyOutcome } from '../model/ports.ts'
import { canStart, reload, start, type Attempt } from './activate.ts'
import { cleanUp, commit } from './commit.ts'
import { choosePrevious, type Previous } from './journal.ts'
import { applyLive } from './apply-live.ts'
import type { Ground } from './ground.ts'
import { look, type Seen } from './look.ts'
import type { HoldOptions, Tools } from './options.ts'
import { preflight } from './preflight.ts'
import { down, rollBack } from './rollback.ts'
import { checkSocketPath } from './socket-path.ts'
import { makeFolders } from './supervise.ts'
import { tryStart } from './trial.ts'
import { findDifference } from './verify.ts'
import { readStamp } from './words.ts'

export async function applyBundle(
  tools: Tools,
  bundle: Bundle,
  plan: Plan,
  actual: Actual,
): Promise<ApplyOutcome> {
  if (tools.options.mode === 'none') return write(tools, bundle, actual, 'written-only')
  if (plan.action === 'in-sync') return { state: 'applied', action: 'write', tookMs: 0 }
  if (actual.running.state === 'unknown') return untouched(fail(actual.running.failure))
  if (plan.action === 'write') return write(tools, bundle, actual, 'write')
  if (plan.action === 'runtime') return applyLive(tools, plan.changes, actual)
  return change(tools, bundle, actual)
}

/** Only files: there is no process, or it has everything already. */
async function write(
  tools: Tools,
  bundle: Bundle,
  actual: Actual,
  action: 'write' | 'written-only',
): Promise<ApplyOutcome> {
  const began = tools.clock.now()
  const committed = await commit(tools, bundle, actual, { state: 'same' })
  if (!committed.ok) return untouched(committed)
  await cleanUp(tools, bundle.config)
  return { state: 'applied', action, tookMs: elapsed(tools, began) }
}

async function change(tools: Tools, bundle: Bundle, actual: Actual): Promise<ApplyOutcome> {
  const ready = await prepare(tools, bundle)
  if (!ready.ok) return untouched(ready)
  const { before, previous, trial } = ready.value
  const began = tools.clock.now()
  const committed = await commit(tools, bundle, actual, previous)
  if (!committed.ok) return untouched(committed)
  const attempt = await bring(tools, bundle, before)
  if (attempt.proof.state !== 'proven')
    // What nobody has tried to start is not refuted: the file stays for whoever starts it.
    return before === undefined && !canStart(tools.options)
      ? down(tools.options, 'the new configuration is in its place, and nobody has started it')
      : rollBack(tools, { bundle, previous, attempt })
  const tookMs = elapsed(tools, began)
  await cleanUp(tools, bundle.config)
  const action = before === undefined ? 'start' : 'reload'
  const tried = trial === undefined ? {} : { trial }
  return { state: 'applied', action, tookMs, workerPid: attempt.proof.workerPid, ...tried }
}

interface Ready {
  /** Undefined when HAProxy is down. */
  readonly before: Seen | undefined
  readonly previous: Previous
  /** Undefined when HAProxy is down: there is nothing to lose then. */
  readonly trial: string | undefined
}

/** Everything that may fail before anything is changed. */
async function prepare(tools: Tools, bundle: Bundle): Promise<Result<Ready>> {
  const { options } = tools
  const usable = checkSockets(options)
  if (!usable.ok) return usable
  if (options.mode === 'supervise') await makeFolders(options)
  const standing = await findStanding(tools)
  if (!standing.ok) return standing
  const before = standing.value
  const previous = await choosePrevious(options, bundle.config, before)
  if (!previous.ok) return previous
  const runs = runningConfig(previous.value, bundle, before)
  const ground = { pids: before?.pids ?? [], runs, supervised: options.mode === 'supervise' }
  const tried = await foresee(tools, bundle, ground)
  return tried.ok ? ok({ before, previous: previous.value, trial: tried.value }) : tried
}

/** What `haproxy -c` does not see: by what is known of it, then by a try. */
async function foresee(
  tools: Tools,
  bundle: Bundle,
  ground: Ground,
): Promise<Result<string | undefined>> {
  const looks = tools.options.preflight === 'On'
  const safe = looks ? await preflight(bundle.config, ground) : ok(undefined)
  if (!safe.ok) return safe
  return ground.pids.length === 0 ? ok(undefined) : tryStart(tools, bundle, ground)
}

function checkSockets({ mode, masterSocket, statsSocket }: HoldOptions): Result<void> {
  const stats = checkSocketPath(statsSocket)
  return mode === 'command' || !stats.ok ? stats : checkSocketPath(masterSocket)
}

/** What runs now. A master that lives and does not listen may be loading its program anew. */
async function findStanding({ clock, options }: Tools): Promise<Result<Seen | undefined>> {
  const deadline = clock.now() + options.socketTimeoutMs
  const attempt = async (): Promise<Result<Seen | undefined>> => {
    const seen = await look(options)
    if (seen.ok) return seen
    if (seen.failure.reason === 'haproxy-down') return ok(undefined)
    if (seen.failure.reason !== 'haproxy-unreachable' || clock.now() >= deadline) return seen
    await clock.sleep(100)
    return attempt()
  }
  return attempt()
}

/** The text the process was started from, where its stamp says that we have it. */
function runningConfig(
  previous: Previous,
  bundle: Bundle,
  before: Seen | undefined,
): string | undefined {
  if (before?.structure === undefined) return undefined
  const text = previous.state === 'text' ? previous.text : bundle.config
  return readStamp(text) === before.structure ? text : undefined
}

async function bring(tools: Tools, bundle: Bundle, before: Seen | undefined): Promise<Attempt> {
  const attempt =
    before === undefined
      ? await start(tools, bundle.structure)
      : await reload(tools, before, bundle.structure)
  if (attempt.proof.state !== 'proven') return attempt
  const why = await findDifference(tools.options, bundle)
  return why === undefined ? attempt : { proof: { state: 'unproven', why }, words: [] }
}

function untouched(result: Result<unknown>): ApplyOutcome {
  if (result.ok) throw new Error('a success is not a failure')
  return { state: 'failed', result, rolledBack: false }
}

function elapsed({ clock }: Tools, began: number): number {
  return Math.round(clock.now() - began)
}
