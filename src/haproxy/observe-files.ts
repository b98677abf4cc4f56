/** The files that Legate keeps for HAProxy: in go their paths, out comes what lies there. */
import { readFile, stat } from 'node:fs/promises'
import type { TargetFile } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Result } from '../model/failure.ts'
import { fail, ok, printable } from '../model/failure.ts'
import { readTarget } from '../model/target-file.ts'
import type { ReadAgain } from './read-again.ts'

export interface SeenFiles {
  readonly config: TargetFile
  /** Paths of the desired files that are there with the desired content. */
  readonly files: ReadonlySet<string>
}

/** Fails with `files-unreadable` when the configuration is there and cannot be read. */
export type ObserveFiles = (configFile: string, desired: Bundle) => Promise<Result<SeenFiles>>

/** What has not changed since the last look is not read again, and is the very same object as then. */
export function createFileObserver({ read, keepOnly }: ReadAgain): ObserveFiles {
  let lastConfig: TargetFile = { state: 'absent' }
  let lastFiles: ReadonlySet<string> = new Set()

  const readConfig = async (path: string, like: string): Promise<Result<TargetFile>> => {
    try {
      const text = await read(path, like)
      // Of equal strings the same one came back: there is nothing to compare.
      const isSame = lastConfig.state !== 'absent' && lastConfig.text === text
      if (!isSame) lastConfig = await describeEdit(path, { state: readTarget(text), text })
      return ok(lastConfig)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      if (code === 'ENOENT') return ok({ state: 'absent' })
      return fail(unreadable(path, code))
    }
  }

  /** What cannot be read is as good as not there: it is written again. */
  const readMaps = async (desired: Bundle): Promise<ReadonlySet<string>> => {
    const intact = await Promise.all(
      desired.files.map(async (file) => {
        const text = await read(file.path, file.text).catch(() => undefined)
        return text === file.text ? [file.path] : []
      }),
    )
    const paths = intact.flat()
    const isSame = paths.length === lastFiles.size && paths.every((path) => lastFiles.has(path))
    if (!isSame) lastFiles = new Set(paths)
    return lastFiles
  }

  return async (configFile, desired) => {
    const [config, files] = await Promise.all([
      readConfig(configFile, desired.config),
      readMaps(desired),
    ])
    keepOnly(new Set([configFile, ...desired.files.map((file) => file.path)]))
    return config.ok ? ok({ config: config.value, files }) : config
  }
}

/** Who changed it and when, as far as the file system tells. */
async function describeEdit(path: string, file: TargetFile): Promise<TargetFile> {
  if (file.state !== 'edited') return file
  try {
    const { uid, mtime } = await stat(path)
    return { ...file, changed: `at ${mtime.toISOString()}; the file is of ${await userName(uid)}` }
  } catch {
    return file
  }
}

async function userName(uid: number): Promise<string> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const line = passwd.split('\n').find((each) => each.split(':')[2] === String(uid))
  const name = line?.split(':')[0]
  return name === undefined ? `uid ${uid}` : `user ${printable(name)}`
}

function unreadable(
  path: string,
  code: string,
): {
  readonly reason: 'files-unreadable'
  readonly message: string
  readonly hint: string
  readonly transient: false
} {
  return {
    reason: 'files-unreadable',
    message: `${printable(path)} cannot be read (${printable(code)})`,
    hint: 'the user that runs Legate must be able to read and write it; haproxy.configFile names it',
    transient: false,
  }
}
