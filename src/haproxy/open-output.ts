/** A path goes in, an open file for what a child prints comes out. */
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail, ok, printable, type Result } from '../model/failure.ts'

/** `a` goes on with the old text, `w` drops it. Only Legate's user may read it. */
export async function openOutput(
  path: string,
  flags: 'a' | 'w' = 'w',
): Promise<Result<FileHandle>> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o750 })
    return ok(await open(path, flags, 0o600))
  } catch (error) {
    return fail({
      reason: 'write-failed',
      message: `${printable(path)} cannot be opened (${printable(errorCode(error))})`,
      hint: 'the state folder (stateDir) must be writable and have room',
      transient: false,
    })
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : String(error)
}
