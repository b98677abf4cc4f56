/** Makes sure that dist/ is what src/ says: in goes nothing, out comes a fresh build, made once for all who ask. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { acquireLock } from '../../src/haproxy/lock.ts'
import { isBuilt } from '../tools/built.mjs'
import { ROOT } from '../tools/site.ts'

const WAIT_MS = 60_000

/**
 * `npm test` has built already; who runs vitest alone must not test yesterday's Legate without knowing.
 * Type errors are for `npm run check` to refuse: the build does not look at types.
 */
export async function ensureBuilt(): Promise<void> {
  if (isBuilt()) return
  const lock = await acquireLock(join(ROOT, 'dist'), WAIT_MS)
  if (!lock.ok) throw new Error(lock.failure.message)
  try {
    if (isBuilt()) return
    process.stderr.write('> npm run build   (dist/ is older than what it is made of)\n')
    await promisify(execFile)(process.execPath, [join(ROOT, 'test/tools/build.mjs')])
    if (!isBuilt()) throw new Error('dist/ cannot be built')
  } finally {
    await lock.value.release()
  }
}
