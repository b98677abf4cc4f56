/** Takes what `stat` says of files; gives a text for each that changes when its content may have changed. */
import type { Stats } from 'node:fs'

/** Real path to stamp. */
export type Stamps = ReadonlyMap<string, string>

/** The time of the inode's change counts too: nobody can set it back, and it moves with owner and mode. */
export function stampOf(stats: Stats): string {
  const { dev, ino, size, mtimeMs, ctimeMs } = stats
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`
}

/** Changes when another folder takes the place; numbers of inodes are used again, so with its birth. */
export function identityOf({ dev, ino, birthtimeMs }: Stats): string {
  return `${dev}:${ino}:${birthtimeMs}`
}

/** A path whose stamps differ, or that only one side has. */
export function findDifference(before: Stamps, after: Stamps): string | undefined {
  for (const [path, stamp] of after) if (before.get(path) !== stamp) return path
  if (before.size === after.size) return undefined
  return [...before.keys()].find((path) => !after.has(path))
}
