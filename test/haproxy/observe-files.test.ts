import { mkdir, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createFileObserver } from '../../src/haproxy/observe-files.ts'
import { createReadAgain } from '../../src/haproxy/read-again.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { sealConfig } from '../../src/model/target-file.ts'
import { tempFolder } from '../files/temp-folder.ts'

function bundleOf(...paths: readonly string[]): Bundle {
  return {
    config: '',
    sections: [],
    files: paths.map((path) => ({ name: 'x.map', text: 'farmer.io api\n', path })),
    structure: '',
    live: { servers: new Map(), maps: new Map(), certificates: new Map() },
    fixed: new Map(),
    secrets: [],
  }
}

test.each([
  ['ours', sealConfig(['global\n'])],
  ['edited', `${sealConfig(['global\n'])}  maxconn 1\n`],
  ['foreign', 'global\n'],
] as const)('a configuration that is %s', async (state, text) => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  await writeFile(path, text)
  const changed = expect.stringMatching(/^at 20\d\d-.*; the file is of (user|uid) \w+$/)
  expect(await createFileObserver(createReadAgain())(path, bundleOf())).toEqual({
    ok: true,
    value: { config: { state, text, ...(state === 'edited' && { changed }) }, files: new Set() },
  })
})

test('no configuration; maps count only with the content their name promises', async () => {
  const folder = await tempFolder()
  const [good, damaged, missing] = ['good', 'damaged', 'missing'].map((n) => join(folder, n))
  await writeFile(good ?? '', 'farmer.io api\n')
  await writeFile(damaged ?? '', 'farmer.io ap')
  const bundle = bundleOf(good ?? '', damaged ?? '', missing ?? '')
  expect(await createFileObserver(createReadAgain())(join(folder, 'none.cfg'), bundle)).toEqual({
    ok: true,
    value: { config: { state: 'absent' }, files: new Set([good]) },
  })
})

test('a configuration that cannot be read is a failure, never a foreign or absent one', async () => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  await mkdir(path)
  expect(await createFileObserver(createReadAgain())(path, bundleOf())).toMatchObject({
    ok: false,
    failure: { reason: 'files-unreadable', message: expect.stringContaining('EISDIR') },
  })
})

test('what has not changed is the same object, what has is read again', async () => {
  const folder = await tempFolder()
  const path = join(folder, 'haproxy.cfg')
  const map = join(folder, 'a.map')
  await writeFile(path, 'one\n')
  await writeFile(map, 'farmer.io api\n')
  const observe = createFileObserver(createReadAgain())
  const look = async () => {
    const seen = await observe(path, bundleOf(map))
    if (!seen.ok) throw new Error(seen.failure.message)
    return seen.value
  }
  const first = await look()
  const second = await look()
  expect(second.config).toBe(first.config)
  expect(second.files).toBe(first.files)
  // Within the same tick of the kernel's clock, of the same length, in the same inode.
  await writeFile(path, 'two\n')
  expect((await look()).config).toEqual({ state: 'foreign', text: 'two\n' })
  // Read long after it was written, then changed with its old time put back: that of its inode tells.
  const then = new Date(1_000_000_000_000)
  await utimes(path, then, then)
  vi.useFakeTimers({ now: Date.now() + 1000, toFake: ['Date'] })
  const third = await look()
  await writeFile(path, 'six\n')
  await utimes(path, then, then)
  expect((await look()).config).toEqual({ state: 'foreign', text: 'six\n' })
  expect(third.config).toEqual({ state: 'foreign', text: 'two\n' })
  await writeFile(join(folder, 'new'), 'ten\n')
  await rename(join(folder, 'new'), path)
  expect((await look()).config).toEqual({ state: 'foreign', text: 'ten\n' })
  await writeFile(map, 'farmer.io web\n')
  expect((await look()).files).toEqual(new Set())
  vi.useRealTimers()
})

test('what Legate has just written is not read to see that it is still there; a look reads it', async () => {
  const folder = await tempFolder()
  const path = join(folder, 'haproxy.cfg')
  const files = createReadAgain()
  expect(await files.stillHas(path, undefined)).toBe(true)
  expect(await files.stillHas(path, 'a\n')).toBe(false)
  // Somebody else was quicker than the look that follows the write.
  await writeFile(path, 'b\n')
  await files.wrote(path, 'a\n')
  expect(await files.stillHas(path, 'a\n')).toBe(true)
  expect(await files.stillHas(path, 'b\n')).toBe(true)
  expect(await files.stillHas(path, undefined)).toBe(false)
  expect(await files.read(path)).toBe('b\n')
  await writeFile(path, 'cc\n')
  expect(await files.stillHas(path, 'a\n')).toBe(false)
})
