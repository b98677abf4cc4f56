/** Takes what `git ls-tree` and `git cat-file --batch` print; gives the manifests in it. */
import { extname, join } from 'node:path'
import { isManifestName } from './find-manifests.ts'

export interface Blob {
  /** As a person would type it. */
  readonly path: string
  readonly id: string
  readonly bytes: number
}

export interface Tree {
  readonly blobs: readonly Blob[]
  /** Paths of what may hold manifests and cannot be read from git: links, submodules. */
  readonly unfollowed: readonly string[]
}

const REGULAR = /^100/
const ENTRY = /^(?<mode>[0-7]{6}) [a-z]+ (?<id>[0-9a-f]{40,64}) +(?<size>[0-9-]+)\t(?<path>.+)$/s

export interface Asked {
  /** The path that was listed, relative to where git ran; empty for all that is there. */
  readonly within: string
  /** The same path as a person typed it. */
  readonly typed: string
}

/** A file that was asked for by itself counts whatever its name is. */
export function parseTree(listing: string, { within, typed }: Asked): Tree {
  const entries = listing.split('\0').flatMap((line) => {
    const { mode = '', id = '', size, path } = ENTRY.exec(line)?.groups ?? {}
    if (path === undefined) return []
    const below = path.slice(within.length)
    return isHidden(below)
      ? []
      : [{ mode, id, bytes: Number(size), path: join(typed, below), below }]
  })
  const regular = entries.filter((e) => REGULAR.test(e.mode))
  const others = entries.filter((e) => !REGULAR.test(e.mode))
  return {
    blobs: regular.filter((e) => e.below === '' || isManifestName(e.below)),
    unfollowed: others
      .filter((e) => isManifestName(e.below) || extname(e.below) === '')
      .map((e) => e.path),
  }
}

function isHidden(path: string): boolean {
  return path.split('/').some((name) => name.startsWith('.'))
}

/** The contents in the order in which they were asked for; undefined for one that git does not have. */
export function parseBatch(output: Buffer): readonly (Buffer | undefined)[] {
  const contents: (Buffer | undefined)[] = []
  let at = 0
  while (at < output.length) {
    const headerEnd = output.indexOf(0x0a, at)
    const size = / blob (\d+)$/.exec(output.subarray(at, headerEnd).toString('latin1'))?.[1]
    const start = headerEnd + 1
    const end = start + Number(size ?? -1)
    contents.push(size === undefined ? undefined : output.subarray(start, end))
    // A line feed follows each content.
    at = end + 1
  }
  return contents
}
