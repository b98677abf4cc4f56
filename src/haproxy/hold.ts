/** Settings go in, a Hold comes out: the one way to look at a HAProxy, to ask it and to change it. */
import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actual, Running, RunningProcess } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import { ok, type Result } from '../model/failure.ts'
import { lazily } from '../model/lazy.ts'
import type { CheckOutcome, HaproxyMessage, Hold, Writer } from '../model/ports.ts'
import { escapeArgument, runCommands } from './cli.ts'
import { glance } from './glance.ts'
import { LiveMemory } from './live-memory.ts'
import { createFileObserver, type SeenFiles } from './observe-files.ts'
import { observeProcess } from './observe.ts'
import { createReadAgain } from './read-again.ts'
import { SYSTEM_CLOCK, whomToAsk, type Clock, type HoldOptions, type Tools } from './options.ts'
import { isAlive } from './proc.ts'
import { keepOneOpen, openSession } from './session.ts'
import { parseSessions } from './show-stat.ts'

export function createHold(
  options: HoldOptions,
  writer: Writer,
  clock: Clock = SYSTEM_CLOCK,
): Hold {
  const memory = new LiveMemory(clock.now)
  const tools: Tools = {
    options,
    writer,
    clock,
    memory,
    files: createReadAgain(),
    openSession: options.mode === 'command' ? openSession : keepOneOpen(),
  }
  const observeFiles = createFileObserver(tools.files)
  const observeRunning = processObserver(tools)
  /** The files as they were looked at, or written by Legate itself, last. */
  let lying: SeenFiles | undefined
  return {
    mode: options.mode,
    observe: async (desired, only) => {
      const seen =
        only === undefined || lying === undefined
          ? await observeFiles(options.configFile, desired)
          : ok(lying)
      lying = seen.ok ? seen.value : undefined
      return together(seen, await observeRunning(desired, only))
    },
    sessions: (backends) => countSessions(tools, backends),
    check: (bundle) => check(tools, bundle, lying?.files ?? new Set()),
    apply: async (bundle, plan, actual) => {
      const { applyBundle } = await loadApply()
      const outcome = await applyBundle(tools, bundle, plan, actual)
      if (outcome.state === 'failed') lying = undefined
      else if (outcome.action !== 'runtime') lying = writtenFiles(bundle)
      return outcome
    },
  }
}

/** A run that finds everything in sync is over before these could be loaded. */
const loadApply = lazily(() => import('./apply.ts'))
const loadCheck = lazily(() => import('./check.ts'))

async function countSessions(
  { options }: Tools,
  backends: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (options.mode === 'none') return new Map()
  const { socketPath, ...asked } = whomToAsk(options)
  const { target, timeoutMs } = asked
  const how = { timeoutMs, ...(target !== undefined && { target }) }
  const questions = backends.map((name) => `show stat ${escapeArgument(name)} 4 -1`)
  const answers = await runCommands(socketPath, questions, how)
  if (!answers.ok) return new Map()
  return new Map(
    backends.flatMap((backend, index) =>
      [...(parseSessions(answers.value[index] ?? '') ?? [])].map(
        ([server, count]) => [`${backend}/${server}`, count] as const,
      ),
    ),
  )
}

function writtenFiles({ config: text, files }: Bundle): SeenFiles {
  return { config: { state: 'ours', text }, files: new Set(files.map(({ path }) => path)) }
}

function together(files: Result<SeenFiles>, running: Running): Actual {
  if (files.ok) return { ...files.value, running }
  // A file that cannot be read cannot be judged: nothing may be decided from it.
  return {
    config: { state: 'absent' },
    files: new Set(),
    running: { state: 'unknown', failure: files.failure },
  }
}

/** Everything is looked at, or only what is asked for of a process that was looked at before. */
function processObserver(
  tools: Tools,
): (desired: Bundle, only?: ReadonlySet<string>) => Promise<Running> {
  const { options, memory, openSession: open } = tools
  const question = { ...whomToAsk(options), memory, openSession: open }
  let last: RunningProcess | undefined
  return async (desired, only) => {
    if (options.mode === 'none') return { state: 'not-held' }
    const glanced =
      last === undefined || only === undefined ? undefined : await glance(tools, last, only)
    const running: Running =
      glanced === undefined
        ? await observeProcess(question, desired)
        : { state: 'running', process: glanced }
    last = running.state === 'running' ? running.process : undefined
    return running
  }
}

/** Maps that are not in their place before the commit: the candidate names copies of them. */
async function check(
  { options, writer }: Tools,
  bundle: Bundle,
  inPlace: ReadonlySet<string>,
): Promise<CheckOutcome> {
  const { binary, stagingDir, checkTimeoutMs: timeoutMs, checkUser } = options
  const folder = join(stagingDir, `maps-${process.pid}-${randomBytes(6).toString('hex')}`)
  const staged = bundle.files
    .filter(({ path }) => !inPlace.has(path))
    .map((file) => ({ ...file, copy: join(folder, file.name) }))
  await removeOrphans(stagingDir)
  try {
    const written = await Promise.all(
      staged.map(({ copy, text }) => writer.write(copy, text, 0o600)),
    )
    for (const result of written) if (!result.ok) return { state: 'not-run', result }
    const text = staged.reduce((t, { path, copy }) => t.replaceAll(path, copy), bundle.config)
    const { secrets } = bundle
    const asked = { binary, stagingDir, timeoutMs, checkUser, secrets }
    const { checkConfig } = await loadCheck()
    const outcome = mapMessages(await checkConfig(asked, text), (message) => ({
      ...message,
      text: staged.reduce((t, { path, copy }) => t.replaceAll(copy, path), message.text),
    }))
    return options.warnings === 'Reject' ? rejectWarnings(outcome) : outcome
  } finally {
    // What cannot be removed is in the way of nobody, and gone with the next check.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Copies of a Legate that was killed. */
async function removeOrphans(stagingDir: string): Promise<void> {
  const names = await readdir(stagingDir).catch(() => [])
  const orphans = names.map(async (name) => {
    const pid = /^maps-(\d+)-[0-9a-f]+$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(stagingDir, name), { recursive: true, force: true })
  })
  await Promise.all(orphans)
}

function rejectWarnings(outcome: CheckOutcome): CheckOutcome {
  if (outcome.state !== 'accepted' || outcome.messages.length === 0) return outcome
  return mapMessages({ ...outcome, state: 'rejected' }, (m) => ({ ...m, severity: 'error' }))
}

function mapMessages(
  outcome: CheckOutcome,
  change: (message: HaproxyMessage) => HaproxyMessage,
): CheckOutcome {
  return outcome.state === 'not-run'
    ? outcome
    : { ...outcome, messages: outcome.messages.map(change) }
}
