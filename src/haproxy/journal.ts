/**
 * In goes what is about to be replaced, out comes what to go back to when the change fails.
 *
 * `<stateDir>/previous.cfg` is there from just before the commit until the process is proven: it is the
 * last configuration that HAProxy ran with. An apply that was killed leaves it behind, and the next one
 * goes back to it, not to the file that nobody has proven.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, printable, type Result } from '../model/failure.ts'
import { errorCode } from './open-output.ts'
import type { HoldOptions, Tools } from './options.ts'
import { readStamp } from './words.ts'

export type Previous =
  /** There was no file. */
  | { readonly state: 'none' }
  /** The file was already the one to be applied. */
  | { readonly state: 'same' }
  | { readonly state: 'text'; readonly text: string; readonly mode: number }

type Running = { readonly structure: string | undefined } | undefined

/** `running` is undefined when HAProxy is down. */
export async function choosePrevious(
  options: HoldOptions,
  wanted: string,
  running: Running,
): Promise<Result<Previous>> {
  const [onDisk, saved] = await Promise.all([read(options.configFile), read(savedPath(options))])
  if (!onDisk.ok) return onDisk
  if (!saved.ok) return saved
  const text = pickPrevious(onDisk.value, saved.value, running)
  if (text === undefined) return ok({ state: 'none' })
  if (text === wanted) return ok({ state: 'same' })
  const old = await stat(options.configFile).catch(() => undefined)
  return ok({ state: 'text', text, mode: (old?.mode ?? options.configMode) & 0o777 })
}

/** The file, when it is what runs; else what an interrupted apply has saved; else the file all the same. */
export function pickPrevious(
  onDisk: string | undefined,
  saved: string | undefined,
  running: Running,
): string | undefined {
  const runs =
    running !== undefined && onDisk !== undefined && readStamp(onDisk) === running.structure
  return runs ? onDisk : (saved ?? onDisk)
}

/** Only Legate may read it: a configuration holds password hashes. */
export async function savePrevious(tools: Tools, previous: Previous): Promise<Result<void>> {
  if (previous.state !== 'text') return ok(undefined)
  return tools.writer.write(savedPath(tools.options), previous.text, 0o600)
}

export async function forgetPrevious({ options, writer }: Tools): Promise<Result<void>> {
  return writer.remove(savedPath(options))
}

function savedPath({ stateDir }: HoldOptions): string {
  return join(stateDir, 'previous.cfg')
}

async function read(path: string): Promise<Result<string | undefined>> {
  try {
    return ok(await readFile(path, 'utf8'))
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return ok(undefined)
    return fail({
      reason: 'files-unreadable',
      message: `${printable(path)} cannot be read (${printable(code)})`,
      hint: 'the user that runs Legate must be able to read and write it',
      transient: false,
    })
  }
}
