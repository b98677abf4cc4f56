/** Takes the path of a file that Legate writes itself; tells when somebody else has changed it. */
import { stat } from 'node:fs/promises'
import { watch } from 'chokidar'

/** Legate's own write is told to `expect` within this time. */
const PATIENCE_MS = 100

export interface TargetWatch {
  /** The file is as it should be: from now on any other is somebody else's. */
  expect(): Promise<void>
  close(): Promise<void>
}

/** Nothing is told before the first `expect`. A file that cannot be watched is found by the next look. */
export function watchTarget(path: string, onChange: () => void): TargetWatch {
  let expected: string | undefined
  let due: NodeJS.Timeout | undefined
  const compare = async (): Promise<void> => {
    const now = await signature(path)
    if (expected === undefined || now === expected) return
    expected = now
    onChange()
  }
  const watcher = watch(path, { ignoreInitial: true })
  watcher.on('all', () => {
    clearTimeout(due)
    due = setTimeout(() => void compare(), PATIENCE_MS)
  })
  watcher.on('error', () => undefined)
  return {
    expect: async () => {
      expected = await signature(path)
    },
    close: async () => {
      clearTimeout(due)
      await watcher.close()
    },
  }
}

async function signature(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [ino, size, mtimeNs, ctimeNs].join(' ')
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
  }
}
