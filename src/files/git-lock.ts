/** Takes a path; gives the `index.lock` of a git that is at work there: it changes files until it removes it. */
import type { Stats } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { decodeUtf8, readCapped } from './read-capped.ts'

interface GitLock {
  readonly path: string
  /** Milliseconds since the epoch. */
  readonly sinceMs: number
}

/** Looks in the nearest repository above the path, or above what is left of it. */
export async function findGitLock(path: string): Promise<GitLock | undefined> {
  const gitFolder = await findGitFolder(await realpathOfRest(resolve(path)))
  if (gitFolder === undefined) return undefined
  const lock = join(gitFolder, 'index.lock')
  const stats = await lookAt(lock)
  return stats && { path: lock, sinceMs: stats.mtimeMs }
}

async function realpathOfRest(path: string): Promise<string> {
  return realpath(path).catch(() => (path === '/' ? path : realpathOfRest(dirname(path))))
}

async function findGitFolder(path: string): Promise<string | undefined> {
  const entry = join(path, '.git')
  const stats = await lookAt(entry)
  if (stats?.isDirectory() === true) return entry
  if (stats?.isFile() === true) return readGitFile(path, entry)
  return path === '/' ? undefined : findGitFolder(dirname(path))
}

/** A work tree of `git worktree` (git-sync has these) and a submodule have their index elsewhere. */
async function readGitFile(folder: string, path: string): Promise<string | undefined> {
  const file = await readCapped(path, 4096)
  const text = file.state === 'read' ? decodeUtf8(file.bytes) : undefined
  const to = /^gitdir: (.+)$/m.exec(text ?? '')?.[1]
  return to === undefined ? undefined : resolve(folder, to)
}

async function lookAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined)
}
