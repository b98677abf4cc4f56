/** The watch of the file that Legate writes: its own writes are no news, anybody else's are. */
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { watchTarget } from '../../src/files/watch-target.ts'
import { tempFolder } from './temp-folder.ts'

async function watched(): Promise<{
  readonly path: string
  readonly told: () => number
  readonly watch: ReturnType<typeof watchTarget>
  readonly write: (text: string) => void
}> {
  const path = join(await tempFolder(), 'haproxy.cfg')
  const write = (text: string): void => {
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
  write('ours')
  let told = 0
  const watch = watchTarget(path, () => told++)
  onTestFinished(() => watch.close())
  await watch.expect()
  // The watcher has begun when it sees a write.
  await vi.waitFor(
    async () => {
      writeFileSync(path, `begun ${Math.random()}`)
      await pause(200)
      expect(told).toBeGreaterThan(0)
    },
    { timeout: 10_000 },
  )
  await pause(300)
  await watch.expect()
  const before = told
  return { path, told: () => told - before, watch, write }
}

test('an edit, a replacement and a removal are told', async () => {
  const { path, told, write } = await watched()
  writeFileSync(path, 'edited by hand')
  await vi.waitFor(() => expect(told()).toBe(1), { timeout: 5000 })
  write('replaced')
  await vi.waitFor(() => expect(told()).toBe(2), { timeout: 5000 })
  rmSync(path)
  await vi.waitFor(() => expect(told()).toBe(3), { timeout: 5000 })
})

test('a write of its own is not', async () => {
  const { told, write, watch } = await watched()
  write('ours, again')
  await watch.expect()
  await pause(600)
  expect(told()).toBe(0)
})
