/** The files that Legate keeps for HAProxy: in go their paths, out comes what lies there. */
import { readFile } from 'node:fs/promises'
import type { TargetFile } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Result } from '../model/failure.ts'
import { fail, ok, printable } from '../model/failure.ts'
import { readTarget } from '../model/target-file.ts'

export interface SeenFiles {
  readonly config: TargetFile
  /** Paths of the desired files that are there with the desired content. */
  readonly files: ReadonlySet<string>
}

/** Fails with `files-unreadable` when the configuration is there and cannot be read. */
export async function observeFiles(
  configFile: string,
  desired: Bundle,
): Promise<Result<SeenFiles>> {
  const [config, files] = await Promise.all([readConfig(configFile), readMaps(desired)])
  return config.ok ? ok({ config: config.value, files }) : config
}

async function readConfig(path: string): Promise<Result<TargetFile>> {
  try {
    const text = await readFile(path, 'utf8')
    return ok({ state: readTarget(text), text })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOENT') return ok({ state: 'absent' })
    return fail({
      reason: 'files-unreadable',
      message: `${printable(path)} cannot be read (${printable(code)})`,
      hint: 'the user that runs Legate must be able to read and write it; haproxy.configFile names it',
      transient: false,
    })
  }
}

/** What cannot be read is as good as not there: it is written again. */
async function readMaps(desired: Bundle): Promise<ReadonlySet<string>> {
  const intact = await Promise.all(
    desired.files.map(async (file) => {
      const text = await readFile(file.path, 'utf8').catch(() => undefined)
      return text === file.text ? [file.path] : []
    }),
  )
  return new Set(intact.flat())
}
