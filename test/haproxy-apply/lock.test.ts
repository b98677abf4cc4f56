import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { acquireLock, type Lock } from '../../src/haproxy/lock.ts'
import type { Result } from '../../src/model/failure.ts'
import { tempFolder } from '../files/temp-folder.ts'

function taken(result: Result<Lock>): Lock {
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

async function holder(path: string): Promise<ChildProcess> {
  const script = new URL('children/hold-lock.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', script, path])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [first]: unknown[] = await once(child.stdout, 'data')
  expect(String(first)).toBe('held')
  return child
}

test('the second is told pid and target', async () => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  const child = await holder(path)

  const second = await acquireLock(path, 0)

  const message = `another Legate is at work on ${path}: process ${child.pid}`
  expect(second).toMatchObject({
    ok: false,
    failure: { reason: 'locked', transient: true, message },
  })
})

test('a holder that was killed holds nothing', async () => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  const child = await holder(path)

  const waiting = acquireLock(path, 10_000)
  child.kill('SIGKILL')

  const lock = await waiting
  expect(lock.ok).toBe(true)
  await taken(lock).release()
})

test('after release the next one gets it', async () => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  await taken(await acquireLock(path, 0)).release()
  const next = await acquireLock(path, 0)
  expect(next.ok).toBe(true)
  await taken(next).release()
})

test('of ten at once, one gets it', async () => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  const results = await Promise.all(Array.from({ length: 10 }, () => acquireLock(path, 0)))
  const locks = results.filter((r) => r.ok)
  expect(locks).toHaveLength(1)
  await Promise.all(locks.map((lock) => taken(lock).release()))
})

test('two names of one file are one target; two files are two', async () => {
  const folder = await tempFolder()
  await mkdir(join(folder, 'real'))
  await symlink('real', join(folder, 'linked'))
  await writeFile(join(folder, 'real/a.cfg'), '')
  await symlink('a.cfg', join(folder, 'real/alias.cfg'))

  const lock = taken(await acquireLock(join(folder, 'real/a.cfg'), 0))
  expect((await acquireLock(join(folder, 'linked/a.cfg'), 0)).ok).toBe(false)
  expect((await acquireLock(join(folder, 'real/alias.cfg'), 0)).ok).toBe(false)
  await taken(await acquireLock(join(folder, 'linked/b.cfg'), 0)).release()
  await lock.release()
})

test('an asker that never hangs up does not hold up the release', async () => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  const lock = taken(await acquireLock(path, 0))
  const digest = createHash('sha256').update(path).digest('hex')
  const asker = createConnection({
    path: `\0legate-${digest}`.padEnd(108, '\0'),
    allowHalfOpen: true,
  })
  onTestFinished(() => void asker.destroy())
  await once(asker, 'data')

  await expect(lock.release()).resolves.toBeUndefined()
})
