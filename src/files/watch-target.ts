/** Takes the path of a file that Legate writes itself; tells when somebody else has changed it. */
import { stat } from 'node:fs/promises'
import { watch } from 'chokidar'

/** Legate's own write is told to `expect` within this time. */
const PATIENCE_MS = 100

export interface TargetWatch {
  /** Legate has just written it: from now on any other is somebody else's. */
  expect(): Promise<void>
  /** The same where nothing has been written yet: what is there has been looked at. */
  begin(): Promise<void>
  close(): Promise<void>
}

/** Nothing is told before the first `expect` or `begin`. A file that cannot be watched is found by the next look. */
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
  const expect = async (): Promise<void> => {
    expected = await signature(path)
  }
  return {
    expect,
    begin: async () => {
      if (expected === undefined) await expect()
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
