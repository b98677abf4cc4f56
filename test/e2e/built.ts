/** Makes sure that dist/ is what src/ says: in goes nothing, out comes a fresh build, made once for all who ask. */
import { execFile } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { acquireLock } from '../../src/haproxy/lock.ts'
import { ROOT } from '../tools/site.ts'

const WAIT_MS = 60_000

/**
 * `npm test` has built already; who runs vitest alone must not test yesterday's Legate without knowing.
 * Type errors are for `npm run check` to refuse: the build does not look at types.
 */
export async function ensureBuilt(): Promise<void> {
  if (isFresh()) return
  const lock = await acquireLock(join(ROOT, 'dist'), WAIT_MS)
  if (!lock.ok) throw new Error(lock.failure.message)
  try {
    if (isFresh()) return
    process.stderr.write('> npm run build   (dist/ is older than src/)\n')
    await promisify(execFile)(process.execPath, [join(ROOT, 'test/tools/build.mjs')])
    if (!isFresh()) throw new Error('dist/ cannot be built')
  } finally {
    await lock.value.release()
  }
}

function isFresh(): boolean {
  const newest = Math.max(
    ...[...filesBelow(join(ROOT, 'src')), join(ROOT, 'tsconfig.json')].map(changedMs),
  )
  return changedMs(join(ROOT, 'dist/cli/main.js')) >= newest
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
