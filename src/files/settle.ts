/** Takes the paths of manifests; reads them when nobody is writing there, and says how long that took. */
import type { Clock } from '../model/feed.ts'
import { ok, printable, type Result } from '../model/failure.ts'
import { findGitLock } from './git-lock.ts'
import { readManifests, type ReadManifests } from './manifests.ts'
import { findDifference, type Stamps } from './stamp.ts'
import { surveyFiles } from './survey.ts'

const PAUSE_MS = 60
const PATIENCE_MS = 10_000

export interface SettleOptions {
  /** Reads; a reader with a memory, for one. What else it reads settles with it, if `templates` names it. */
  readonly read?: () => Promise<Result<ReadManifests>>
  /** The user's folder of templates. */
  readonly templates?: string | undefined
  /** Between two looks at the files. */
  readonly pauseMs?: number
  /** After that it reads what is there. A lock of git that is older is one that a killed git left. */
  readonly patienceMs?: number
}

export interface Settled {
  readonly settledAfterMs: number
  /** Why the files may not be as somebody meant them, all the same; ends a sentence. */
  readonly unsettled?: string
}

/**
 * Two looks with a pause and the reading between them have to agree, and git must not be at work
 * after the second: one that was at work before has changed a file since, or had not begun to.
 */
export async function readManifestsSettled(
  paths: readonly string[],
  clock: Clock,
  options: SettleOptions = {},
): Promise<Result<ReadManifests & Settled>> {
  const settle: Settle = {
    paths,
    templates: options.templates,
    read: options.read ?? (() => readManifests(paths)),
    pauseMs: options.pauseMs ?? PAUSE_MS,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    clock,
    startMs: clock.monotonicMs(),
  }
  return readUntilSettled(settle)
}

interface Settle {
  readonly paths: readonly string[]
  readonly templates: string | undefined
  readonly read: () => Promise<Result<ReadManifests>>
  readonly pauseMs: number
  readonly patienceMs: number
  readonly clock: Clock
  readonly startMs: number
}

async function readUntilSettled(settle: Settle): Promise<Result<ReadManifests & Settled>> {
  await waitForGit(settle)
  const before = await lookAtFiles(settle)
  await pause(settle)
  const read = await settle.read()
  const different = findDifference(before, await lookAtFiles(settle))
  const lock = await lookForLock(settle)
  const waitedMs = settle.clock.monotonicMs() - settle.startMs
  const unsettled = different !== undefined || lock?.fresh === true
  if (unsettled && waitedMs < settle.patienceMs) return readUntilSettled(settle)
  if (!read.ok) return read
  const why = lock?.why ?? (different && `${printable(different)} is being written to`)
  return ok({
    ...read.value,
    settledAfterMs: waitedMs,
    ...(why !== undefined && { unsettled: why }),
  })
}

async function lookAtFiles({ paths, templates }: Settle): Promise<Stamps> {
  const { stamps } = await surveyFiles({ manifests: paths, templates, files: [] })
  return stamps
}

async function waitForGit(settle: Settle): Promise<void> {
  const waitedMs = settle.clock.monotonicMs() - settle.startMs
  if (waitedMs >= settle.patienceMs || (await lookForLock(settle))?.fresh !== true) return
  await pause(settle)
  await waitForGit(settle)
}

interface Lock {
  /** Its git may still be at work. */
  readonly fresh: boolean
  readonly why: string
}

async function lookForLock(settle: Settle): Promise<Lock | undefined> {
  const { paths, templates, clock, patienceMs } = settle
  const all = templates === undefined ? paths : [...paths, templates]
  const locks = (await Promise.all(all.map(findGitLock))).filter((lock) => lock !== undefined)
  const [newest] = locks.toSorted((a, b) => b.sinceMs - a.sinceMs)
  if (newest === undefined) return undefined
  const fresh = Math.abs(clock.dateMs() - newest.sinceMs) < patienceMs
  return { fresh, why: `git holds ${printable(newest.path)}` }
}

async function pause({ clock, pauseMs }: Settle): Promise<void> {
  return new Promise((resolve) => {
    clock.after(pauseMs, resolve)
  })
}
