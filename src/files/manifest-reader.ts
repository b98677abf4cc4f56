/** Takes the paths of manifests; reads them again and again, and gives what did not change as the same object. */
import { stat } from 'node:fs/promises'
import type { Clock } from '../model/feed.ts'
import { ok, type Result } from '../model/failure.ts'
import type { SourceFile } from '../model/resource.ts'
import type { Place } from './find-manifests.ts'
import {
  MANIFEST_LIMITS,
  readFile,
  readManifests,
  type ManifestLimits,
  type ReadFile,
  type ReadManifests,
} from './manifests.ts'
import { stampOf } from './stamp.ts'

/** Times of files come in steps, of up to two seconds: a write in the step of the last reading leaves no trace. */
const STEP_MS = 2000

export interface ManifestReader {
  read(): Promise<Result<ReadManifests>>
  /** The next reading opens every file, whatever its stamp says: some file systems lie. */
  forgetStamps(): void
}

interface Remembered {
  readonly stamp: string
  /** A later write to the file would change its stamp. */
  readonly certain: boolean
  readonly source: SourceFile
  readonly bytes: number
}

/** Opens a file only where its stamp changed, or could hide a change. */
export function createManifestReader(
  paths: readonly string[],
  clock: Clock,
  limits: ManifestLimits = MANIFEST_LIMITS,
): ManifestReader {
  let remembered: ReadonlyMap<string, Remembered> = new Map()
  let last: readonly SourceFile[] = []
  const read = async (): Promise<Result<ReadManifests>> => {
    const next = new Map<string, Remembered>()
    const result = await readManifests(paths, limits, async (place) => {
      const known = remembered.get(place.shown)
      const file = await readUnlessKnown(place, known, { clock, limits })
      if ('stamp' in file) next.set(place.shown, file)
      return 'source' in file ? { result: file.source, bytes: file.bytes } : file
    })
    if (!result.ok) return result
    remembered = next
    last = keepIdentity(last, result.value.sources)
    return ok({ ...result.value, sources: last })
  }
  return {
    read,
    forgetStamps: () => {
      const entries = [...remembered].map(
        ([path, file]) => [path, { ...file, certain: false }] as const,
      )
      remembered = new Map(entries)
    },
  }
}

interface Reading {
  readonly clock: Clock
  readonly limits: ManifestLimits
}

async function readUnlessKnown(
  place: Place,
  known: Remembered | undefined,
  { clock, limits }: Reading,
): Promise<Remembered | ReadFile> {
  const dateMs = clock.dateMs()
  // Before the content: what is written meanwhile shows in the next stamp.
  const stats = await stat(place.real).catch(() => undefined)
  const stamp = stats && stampOf(stats)
  if (known?.certain === true && known.stamp === stamp) return known
  const file = await readFile(place, limits)
  if (stats === undefined || stamp === undefined || !('text' in file.result)) return file
  const same = known?.source.text === file.result.text
  return {
    stamp,
    certain: Math.max(stats.mtimeMs, stats.ctimeMs) < dateMs - STEP_MS,
    source: same ? known.source : file.result,
    bytes: file.bytes,
  }
}

function keepIdentity<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return now.length === before.length && now.every((item, i) => item === before[i]) ? before : now
}
