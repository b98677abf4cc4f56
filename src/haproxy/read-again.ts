/** A path goes in, the file's text comes out; it is read again only when the file is another one. */
import { open } from 'node:fs/promises'

export interface ReadAgain {
  /** Fails as `open` and `read` do. A text that equals `like` is that very one: it is kept once. */
  read(path: string, like?: string): Promise<string>
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
  const read: ReadAgain['read'] = async (path, like) => {
    const last = kept.get(path)
    kept.delete(path)
    // Stamp and text must be of one file, whatever is put in its place meanwhile.
    const file = await open(path, 'r')
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true })
      const stamp = [dev, ino, size, mtimeNs, ctimeNs].join(' ')
      const isSettled = BigInt(Date.now()) * 1_000_000n - ctimeNs > SETTLED_NS
      const text = last?.stamp === stamp ? last.text : await file.readFile('utf8')
      const same = like === text ? like : last?.text === text ? last.text : text
      // What was kept had settled when it was read; what has not is read again.
      if (isSettled) kept.set(path, { stamp, text: same })
      return same
    } finally {
      await file.close()
    }
  }
  const keepOnly: ReadAgain['keepOnly'] = (paths) => {
    for (const path of kept.keys()) if (!paths.has(path)) kept.delete(path)
  }
  return { read, keepOnly }
}
