/** Gives each test a folder of its own, removed at its end. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
