/** Takes a folder; gives the manifest files below it, and the entries that should be and cannot be. */
import type { Dirent } from 'node:fs'
import { readdir, readlink, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, sep } from 'node:path'
import { compare } from '../model/diagnostic.ts'
import { describeTrouble, errorCode } from './trouble.ts'

/** A file or folder under two names: as a person would type it, and where it really is. */
export interface Place {
  readonly shown: string
  readonly real: string
}

export type Found =
  | { readonly type: 'file'; readonly place: Place }
  /** `why` ends a sentence about the place. */
  | {
      readonly type: 'trouble'
      readonly shown: string
      readonly why: string
      readonly hint?: string
    }

type Entry = Found | { readonly type: 'folder'; readonly place: Place }

export interface Walk {
  /** Real paths that symbolic links may lead into. */
  readonly roots: readonly string[]
  /** Real paths of folders that were walked: each is walked once, so that links cannot go in a circle. */
  readonly seen: Set<string>
  /** Real paths of the folders' symbolic links: whoever follows the files watches where they lead. */
  readonly links: Set<string>
}

export function isManifestName(name: string): boolean {
  return /\.ya?ml$/.test(name)
}

/** Depth first, by name: the same tree gives the same order. */
export async function* findManifests(folder: Place, walk: Walk): AsyncGenerator<Found> {
  if (walk.seen.has(folder.real)) return
  walk.seen.add(folder.real)
  for (const entry of await readFolder(folder, walk)) {
    if (entry.type === 'folder') yield* findManifests(entry.place, walk)
    else yield entry
  }
}

async function readFolder(folder: Place, walk: Walk): Promise<readonly Entry[]> {
  try {
    const entries = await readdir(folder.real, { withFileTypes: true })
    const swapped = entries.find((e) => e.name === SWAPPED && e.isSymbolicLink())
    const generation =
      swapped && (await realpath(join(folder.real, SWAPPED)).catch(() => undefined))
    const visible = entries
      .filter((e) => !e.name.startsWith('.'))
      .toSorted((a, b) => compare(a.name, b.name))
    const looked = visible.map((e) => lookAt(e, { folder, walk, generation }))
    return (await Promise.all(looked)).filter((e) => e !== undefined)
  } catch (error) {
    return [{ type: 'trouble', shown: folder.shown, why: describeTrouble(error).why }]
  }
}

/** Kubernetes swaps the files of a mounted ConfigMap by one link of this name, which theirs go through. */
const SWAPPED = '..data'

interface Around {
  readonly folder: Place
  readonly walk: Walk
  /** Where the swapped link led when the folder was read: all its files come from there. */
  readonly generation: string | undefined
}

async function lookAt(entry: Dirent, around: Around): Promise<Entry | undefined> {
  const { folder } = around
  const place = { shown: join(folder.shown, entry.name), real: join(folder.real, entry.name) }
  if (entry.isSymbolicLink()) {
    around.walk.links.add(place.real)
    return followLink(place, around)
  }
  if (entry.isDirectory()) return { type: 'folder', place }
  return isManifestName(entry.name) ? { type: 'file', place } : undefined
}

async function followLink(link: Place, around: Around): Promise<Entry | undefined> {
  const { shown } = link
  try {
    const real = await resolveLink(link.real, around.generation)
    const isFolder = (await stat(real)).isDirectory()
    if (!isFolder && !isManifestName(shown)) return undefined
    if (!around.walk.roots.some((root) => isWithin(real, root))) return outside(shown)
    return { type: isFolder ? 'folder' : 'file', place: { shown, real } }
  } catch (error) {
    return broken(shown, error)
  }
}

async function resolveLink(path: string, generation: string | undefined): Promise<string> {
  if (generation === undefined) return realpath(path)
  const to = await readlink(path)
  return realpath(to.startsWith(`${SWAPPED}/`) ? join(generation, to.slice(SWAPPED.length)) : path)
}

/** A link to nothing may have meant a folder of manifests; one like `logo.png` did not. */
function broken(shown: string, error: unknown): Found | undefined {
  if (!isManifestName(shown) && extname(basename(shown)) !== '') return undefined
  const missing = errorCode(error) === 'ENOENT'
  const why = missing ? 'it is a symbolic link to nothing' : describeTrouble(error).why
  return { type: 'trouble', shown, why, hint: 'mend the link, or remove it' }
}

/** Diagnostics show lines of what they read: a link in git must not choose which file that is. */
function outside(shown: string): Found {
  return {
    type: 'trouble',
    shown,
    why: 'it is a symbolic link out of the folder of the manifests',
    hint: 'name the place it leads to with --manifests as well',
  }
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}
