/** Takes the folders that are followed; tells when a name in one of them is touched. Watches no file by itself. */
import { watch as watchNames } from 'node:fs'
import { basename, join } from 'node:path'
import { watch as watchContents } from 'chokidar'
import { isManifestName } from './find-manifests.ts'
import type { FollowedFolder } from './survey.ts'
import { isTemplateName } from './templates.ts'
import { errorCode } from './trouble.ts'

/** `certain`: a file that matters was touched. Otherwise only a look at all of them can tell. */
type Seen = (path: string, certain: boolean) => void

interface FolderWatch {
  followed: FollowedFolder
  close(): Promise<void>
}

/** What a folder's watch tells: `name` is null where the kernel gives none. */
interface Told {
  event(kind: string, name: string | null): void
  /** From now on nothing is missed. */
  ready(): void
  error(error: unknown): void
}

export class FolderWatches {
  readonly #watches = new Map<string, FolderWatch>()
  readonly #closing = new Set<Promise<void>>()
  readonly #seen: Seen
  #blind = false

  constructor(seen: Seen) {
    this.#seen = seen
  }

  /** The kernel gave no more watches (`fs.inotify.max_user_watches`): events are missing. */
  get blind(): boolean {
    return this.#blind
  }

  /** A folder that is new, or another one under an old path, is looked at again once it is watched. */
  update(folders: ReadonlyMap<string, FollowedFolder>): void {
    this.#blind = false
    for (const [path, { followed }] of this.#watches) {
      const now = folders.get(path)
      const same = now?.identity === followed.identity && now.contents === followed.contents
      if (!same) this.#drop(path)
    }
    for (const [path, followed] of folders) {
      const watch = this.#watches.get(path)
      if (watch === undefined) this.#open(path, followed)
      else watch.followed = followed
    }
  }

  async close(): Promise<void> {
    for (const path of this.#watches.keys()) this.#drop(path)
    await Promise.all(this.#closing)
  }

  #drop(path: string): void {
    const closed = this.#watches.get(path)?.close()
    this.#watches.delete(path)
    if (closed === undefined) return
    this.#closing.add(closed)
    void closed.finally(() => this.#closing.delete(closed))
  }

  #open(path: string, followed: FollowedFolder): void {
    const watch: FolderWatch = { followed, close: () => Promise.resolve() }
    this.#watches.set(path, watch)
    const isCurrent = (): boolean => this.#watches.get(path) === watch
    const told: Told = {
      event: (kind, name) => isCurrent() && this.#tell(path, kind, name),
      ready: () => isCurrent() && this.#seen(path, false),
      error: (error) => isCurrent() && this.#give(path, error),
    }
    // chokidar takes a backslash for a slash.
    const plain = followed.contents && !path.includes('\\')
    watch.close = plain ? openContents(path, told) : openNames(path, told)
  }

  /** Tried again at the next update. A folder that may not be read, or is gone, is no lack of watches. */
  #give(path: string, error: unknown): void {
    this.#drop(path)
    if (!['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(errorCode(error))) this.#blind = true
  }

  #tell(path: string, kind: string, name: string | null): void {
    // The folder itself was moved or removed: its watch would follow it, or sleep for ever.
    if (kind === 'rename' && name === basename(path)) this.#drop(path)
    const followed = this.#watches.get(path)?.followed
    if (name === null || followed === undefined) this.#seen(path, false)
    else if (followed.names.has(name)) this.#seen(join(path, name), true)
    else if (followed.contents && !name.startsWith('.'))
      this.#seen(join(path, name), isManifestName(name) || isTemplateName(name))
  }
}

/** Its own watcher for each folder: to watch a folder anew is then to forget all about the old one. */
function openContents(path: string, told: Told): () => Promise<void> {
  const watcher = watchContents(path, {
    depth: 0,
    ignored: (below) => below !== path,
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false,
  })
  watcher.on('ready', () => told.ready())
  watcher.on('raw', (kind, name: string | null) => told.event(kind, name))
  watcher.on('error', (error) => told.error(error))
  // In a turn of its own: chokidar is then never between opening something and noting that it is open.
  return () => new Promise((resolve) => setImmediate(() => resolve(watcher.close())))
}

/** Where only names count; chokidar would list all of `/tmp` whenever somebody writes to a file there. */
function openNames(path: string, told: Told): () => Promise<void> {
  try {
    const watcher = watchNames(path)
    watcher.on('change', (kind, name) => told.event(kind, name === null ? null : String(name)))
    watcher.on('error', (error) => told.error(error))
    queueMicrotask(() => told.ready())
    return () => Promise.resolve(watcher.close())
  } catch (error) {
    queueMicrotask(() => told.error(error))
    return () => Promise.resolve()
  }
}
