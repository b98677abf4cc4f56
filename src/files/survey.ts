/** Takes the paths that are followed; gives the folders to watch for them, and the stamps of all their files. */
import type { Stats } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { inParallel } from './in-parallel.ts'
import { findAll, MANIFEST_LIMITS, type Given } from './manifests.ts'
import { identityOf, stampOf, type Stamps } from './stamp.ts'
import { isTemplateName } from './templates.ts'
import { tracePath, type Step, type Trace } from './trace.ts'

interface Followed {
  readonly manifests: readonly string[]
  /** The user's folder of templates. */
  readonly templates?: string | undefined
  /** Other files. */
  readonly files: readonly string[]
}

export interface FollowedFolder {
  /** Changes when another folder takes its place. */
  readonly identity: string
  /** Whether everything in it may matter, or only `names`. */
  readonly contents: boolean
  readonly names: ReadonlySet<string>
}

interface Survey {
  /** By real path; those on the way to a followed path are among them. */
  readonly folders: ReadonlyMap<string, FollowedFolder>
  readonly stamps: Stamps
}

/** Sees the files that the readers of manifests and templates would read, as it walks as they do. */
export async function surveyFiles(followed: Followed): Promise<Survey> {
  const draft = new Draft()
  await Promise.all([
    surveyManifests(followed.manifests, draft),
    followed.templates !== undefined && surveyTemplates(followed.templates, draft),
    inParallel(followed.files, async (path) => draft.addTrace(await tracePath(path))),
  ])
  return { folders: draft.folders(), stamps: draft.stamps }
}

class Draft {
  readonly stamps = new Map<string, string>()
  readonly #identities = new Map<string, string>()
  readonly #names = new Map<string, Set<string>>()
  readonly #contents = new Set<string>()

  addTrace({ steps }: Trace): void {
    for (const step of steps) this.#addStep(step)
  }

  addContents(folder: string, stats: Stats): void {
    this.#contents.add(folder)
    this.#identities.set(folder, identityOf(stats))
  }

  folders(): ReadonlyMap<string, FollowedFolder> {
    const paths = new Set([...this.#names.keys(), ...this.#contents])
    return new Map(
      [...paths].map((path) => [
        path,
        {
          identity: this.#identities.get(path) ?? '',
          contents: this.#contents.has(path),
          names: this.#names.get(path) ?? new Set(),
        },
      ]),
    )
  }

  #addStep({ folder, name, stats, to }: Step): void {
    const names = this.#names.get(folder) ?? new Set()
    this.#names.set(folder, names.add(name))
    if (stats === undefined) return
    const path = join(folder, name)
    if (stats.isDirectory()) this.#identities.set(path, identityOf(stats))
    else this.stamps.set(path, to === undefined ? stampOf(stats) : `${stampOf(stats)} ${to}`)
  }
}

async function surveyManifests(paths: readonly string[], draft: Draft): Promise<void> {
  const given = await Promise.all(paths.map((path) => lookAtGiven(path, draft)))
  const present = given.filter((g) => g !== undefined)
  const { found, walk } = await findAll(present, MANIFEST_LIMITS.maxFiles)
  await inParallel([...walk.seen], async (folder) => {
    const stats = await lstat(folder).catch(() => undefined)
    if (stats !== undefined) draft.addContents(folder, stats)
  })
  await inParallel([...walk.links], async (link) =>
    draft.addTrace(await tracePath(basename(link), dirname(link))),
  )
  await inParallel(found, async ({ real }) => {
    const stats = await stat(real).catch(() => undefined)
    if (stats !== undefined) draft.stamps.set(real, stampOf(stats))
  })
}

async function lookAtGiven(path: string, draft: Draft): Promise<Given | undefined> {
  const trace = await tracePath(path)
  draft.addTrace(trace)
  const { real } = trace
  const stats = real === undefined ? undefined : await stat(real).catch(() => undefined)
  if (real === undefined || stats === undefined) return undefined
  return { shown: path, real, isFolder: stats.isDirectory() }
}

async function surveyTemplates(path: string, draft: Draft): Promise<void> {
  const trace = await tracePath(path)
  draft.addTrace(trace)
  const { real } = trace
  const stats = real === undefined ? undefined : await lstat(real).catch(() => undefined)
  if (real === undefined || stats?.isDirectory() !== true) return
  draft.addContents(real, stats)
  const names = await readdir(real).catch(() => [])
  const templates = names.filter(isTemplateName)
  await inParallel(templates, async (name) => draft.addTrace(await tracePath(name, real)))
}
