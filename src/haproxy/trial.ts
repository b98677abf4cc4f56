/**
 * A bundle goes in; out comes whether HAProxy starts with it. It really is started, without checks and
 * without a network, its sockets in the staging folder, and ended once it shows the stamp.
 */
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bundle } from '../model/bundle.ts'
import { fail, ok, printable, type Result } from '../model/failure.ts'
import { parseCheckOutput } from './check-messages.ts'
import { runCommands } from './cli.ts'
import type { Ground } from './ground.ts'
import { maskSecrets } from './mask.ts'
import { errorCode } from './open-output.ts'
import type { HoldOptions, Tools } from './options.ts'
import { isAlive, readLimits } from './proc.ts'
import { runProgram, type ProgramEnd } from './run-program.ts'
import { parseGetVar } from './show.ts'
import { MAX_SOCKET_PATH } from './socket-path.ts'
import { writeTrialConfig } from './trial-config.ts'
import { findTrialGround, type TrialGround } from './trial-ground.ts'

/** `passed`, `off`, or `unavailable: WHY`. */
export type Trial = string

type Space = TrialGround & { state: 'ready' }

/** Fails with `preflight-failed` and HAProxy's own words. */
export async function tryStart(
  { options, clock }: Pick<Tools, 'options' | 'clock'>,
  bundle: Bundle,
  ground: Ground,
): Promise<Result<Trial>> {
  if (options.trial === 'Off') return ok('off')
  const space = await findTrialGround()
  if (space.state === 'impossible') return unavailable(space.why)
  const name = `trial-${process.pid}-${randomBytes(4).toString('hex')}`
  const folder = join(options.stagingDir, name)
  await removeOrphans(options.stagingDir)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const staged = await stage(bundle, { folder, space, countsDescriptors: counts(ground) })
    if (!('file' in staged)) return unavailable(staged.why)
    return judge(await run({ options, clock }, space, staged), { options, bundle, staged })
  } catch (error) {
    // The disk's refusals; the commit has its own word on them.
    return unavailable(`the trial cannot be prepared (${printable(errorCode(error))})`)
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

function unavailable(why: string): Result<Trial> {
  return ok(`unavailable: ${why}`)
}

interface Staged {
  readonly file: string
  readonly socket: string
  /** The text that the new worker must show. */
  readonly structure: string
  /** As HAProxy is to call the paths in the staging folder. */
  readonly names: ReadonlyMap<string, string>
}

interface Place {
  readonly folder: string
  readonly space: Space
  readonly countsDescriptors: boolean
}

async function stage(
  { config, files, structure }: Bundle,
  { folder, space, countsDescriptors }: Place,
): Promise<Staged | { readonly why: string }> {
  const socket = join(folder, 's')
  if (Buffer.byteLength(folder) + 8 > MAX_SOCKET_PATH)
    return { why: `the path ${printable(folder)} is too long for sockets` }
  const copies = files.map((file) => ({ ...file, copy: join(folder, file.name) }))
  const text = copies.reduce((t, { path, copy }) => t.replaceAll(path, copy), config)
  const { isRoot } = space
  const trial = writeTrialConfig(text, { folder, socket, isRoot, countsDescriptors })
  if (trial.state === 'refused') return trial
  const live = await findSocket(trial.paths)
  if (live !== undefined)
    return { why: `${printable(live)} is a socket, and what it is for is not known` }
  const file = join(folder, 'haproxy.cfg')
  await Promise.all([
    ...copies.map((map) => writeFile(map.copy, map.text, { flag: 'wx', mode: 0o600 })),
    writeFile(file, trial.text, { flag: 'wx', mode: 0o600 }),
  ])
  return { file, socket, structure, names: new Map(copies.map(({ copy, path }) => [copy, path])) }
}

async function findSocket(paths: readonly string[]): Promise<string | undefined> {
  const sockets = await Promise.all(
    paths.map((path) =>
      lstat(path).then(
        (found) => found.isSocket() || found.isFIFO(),
        () => false,
      ),
    ),
  )
  return paths[sockets.indexOf(true)]
}

/** Where HAProxy may have more descriptors than Legate, their number says nothing; preflight counts them. */
function counts({ pids, supervised }: Ground): boolean {
  const [first] = pids
  if (first === undefined) return supervised
  const [own, its] = [readLimits('self'), readLimits(first)]
  return own !== undefined && its !== undefined && own.descriptors >= its.descriptors
}

type Ended = { readonly state: 'started' } | ProgramEnd

/** Until it shows the stamp, ends, or time is up; it has ended in any case. */
async function run(
  { options, clock }: Pick<Tools, 'options' | 'clock'>,
  space: Space,
  { file, socket, structure }: Staged,
): Promise<Ended> {
  const { binary, checkTimeoutMs: timeoutMs } = options
  const end = new AbortController()
  const args = space.args(Math.ceil(timeoutMs / 1000) + 1)
  const haproxy = [binary, '-db', '-f', file]
  let isOver = false
  const ended = runProgram(space.program, [...args, ...haproxy], {
    timeoutMs,
    signal: end.signal,
  }).finally(() => {
    isOver = true
  })
  const awaitStamp = async (): Promise<Ended> => {
    if (isOver) return ended
    const command = 'get var proc.legate_structure'
    const answers = await runCommands(socket, [command], { timeoutMs: options.socketTimeoutMs })
    if (answers.ok && parseGetVar(answers.value[0] ?? '') === structure) return { state: 'started' }
    await clock.sleep(POLL_MS)
    return awaitStamp()
  }
  try {
    return await Promise.race([ended, awaitStamp()])
  } finally {
    end.abort()
    await ended
  }
}

const POLL_MS = 20

interface Tried {
  readonly options: HoldOptions
  readonly bundle: Bundle
  readonly staged: Staged
}

function judge(end: Ended, tried: Tried): Result<Trial> {
  if (end.state === 'started') return ok('passed')
  if (end.state === 'not-started') return unavailable(`timeout cannot be run (${end.code})`)
  // For want of memory: HAProxy runs twice for a moment.
  if (end.state === 'ended' && (end.killedBy === 'SIGKILL' || end.exitCode === 137))
    return unavailable('somebody killed the HAProxy that was tried')
  const words = end.state === 'ended' ? wordsOf(end, tried) : []
  // The private network has no name servers.
  const isNameless = words.some((word) => /could not resolve address|can't resolve/i.test(word))
  if (isNameless) return unavailable('the configuration needs DNS to start')
  const how =
    end.state === 'ended' ? 'ended at once' : `took longer than ${tried.options.checkTimeoutMs} ms`
  return fail({
    reason: 'preflight-failed',
    message: `HAProxy accepts the configuration and does not start with it: it ${how}${words.length === 0 ? '' : `: ${words[0]}`}`,
    hint: 'it was tried in a network of its own, and nothing was changed; mend it and run again (or set `haproxy.trial: Off` if this is wrong)',
    detail: words,
    transient: end.state !== 'ended',
  })
}

function wordsOf(end: ProgramEnd & { state: 'ended' }, { bundle, staged }: Tried): string[] {
  const shown = { path: staged.file, secrets: [] }
  const said = parseCheckOutput(
    maskSecrets(`${end.stderr}\n${end.stdout}`, bundle.secrets),
    shown,
    false,
  )
  const errors = said.filter(({ severity }) => severity === 'error')
  return (errors.length > 0 ? errors : said).map(({ line, text }) => {
    const named = [...staged.names].reduce((t, [copy, path]) => t.replaceAll(copy, path), text)
    return line === undefined ? named : `line ${line}: ${named}`
  })
}

/** Of a Legate that was killed. */
async function removeOrphans(stagingDir: string): Promise<void> {
  const names = await readdir(stagingDir).catch(() => [])
  const orphans = names.map(async (name) => {
    const pid = /^trial-(\d+)-[0-9a-f]+$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(stagingDir, name), { recursive: true, force: true })
  })
  await Promise.all(orphans)
}
