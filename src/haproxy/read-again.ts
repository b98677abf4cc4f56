/** A path goes in, the file's text comes out; it is read again only when the file is another one. */
import type { BigIntStats } from 'node:fs'
import { open, stat } from 'node:fs/promises'

export interface ReadAgain {
  /** Fails as `open` and `read` do. A text that equals `like` is that very one: it is kept once. */
  read(path: string, like?: string): Promise<string>
  /** Somebody of this process has just put a file with that text there. */
  wrote(path: string, text: string): Promise<void>
  /**
   * Whether the file still has that text, undefined standing for no file. One that was written by this
   * process is not read for that, as long as it looks from outside as it did right after it.
   */
  stillHas(path: string, text: string | undefined): Promise<boolean>
  /** Forgets all other files. */
  keepOnly(paths: ReadonlySet<string>): void
}

interface Kept {
  readonly stamp: string
  readonly text: string
}

/**
 * The kernel stamps changes with a clock that moves every few milliseconds: a file that changed just before
 * it was read may change again and bear the same stamp.
 */
const SETTLED_NS = 100_000_000n

export function createReadAgain(): ReadAgain {
  const kept = new Map<string, Kept>()
  /** Apart from what was read: had it been replaced right after it was written, a read finds that. */
  let written: (Kept & { readonly path: string }) | undefined
  const read: ReadAgain['read'] = async (path, like) => {
    const last = kept.get(path)
    kept.delete(path)
    // Stamp and text must be of one file, whatever is put in its place meanwhile.
    const file = await open(path, 'r')
    try {
      const seen = await file.stat({ bigint: true })
      const stamp = stampOf(seen)
      const isSettled = BigInt(Date.now()) * 1_000_000n - seen.ctimeNs > SETTLED_NS
      const text = last?.stamp === stamp ? last.text : await file.readFile('utf8')
      const same = like === text ? like : last?.text === text ? last.text : text
      // What was kept had settled when it was read; what has not is read again.
      if (isSettled) kept.set(path, { stamp, text: same })
      return same
    } finally {
      await file.close()
    }
  }
  const wrote: ReadAgain['wrote'] = async (path, text) => {
    written = undefined
    written = { path, stamp: stampOf(await stat(path, { bigint: true })), text }
  }
  const stillHas: ReadAgain['stillHas'] = async (path, text) => {
    try {
      const own = written?.path === path && written.text === text ? written.stamp : undefined
      if (own !== undefined && own === stampOf(await stat(path, { bigint: true }))) return true
      return (await read(path, text)) === text
    } catch {
      return text === undefined
    }
  }
  const keepOnly: ReadAgain['keepOnly'] = (paths) => {
    for (const path of kept.keys()) if (!paths.has(path)) kept.delete(path)
  }
  return { read, wrote, stillHas, keepOnly }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}
