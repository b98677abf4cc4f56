import { writeFileSync } from 'node:fs'
import { readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MANIFEST_LIMITS, type ReadManifests } from '../../src/files/manifests.ts'
import { createManifestReader, type ManifestReader } from '../../src/files/manifest-reader.ts'
import type { Clock } from '../../src/model/feed.ts'
import { systemClock } from '../../src/cli/clock.ts'
import { tree, writeFiles } from './tree.ts'

/** An hour later, all files are old. */
const LATER: Clock = { ...systemClock, dateMs: () => Date.now() + 3_600_000 }

async function read(reader: ManifestReader): Promise<ReadManifests> {
  const result = await reader.read()
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

test.each([
  ['young', systemClock],
  ['old', LATER],
])('unchanged files stay the same objects, changed ones do not: %s files', async (_, clock) => {
  const folder = await tree({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c' })
  const reader = createManifestReader([folder], clock)
  const first = await read(reader)
  expect((await read(reader)).sources).toBe(first.sources)
  // Touched and replaced, with the same text.
  await utimes(join(folder, 'a.yaml'), 5, 5)
  await writeFile(join(folder, 'new'), 'b')
  await rename(join(folder, 'new'), join(folder, 'b.yaml'))
  expect((await read(reader)).sources).toBe(first.sources)
  await writeFile(join(folder, 'c.yaml'), 'd')
  const second = await read(reader)
  expect(second.sources.map((s) => s.text)).toEqual(['a', 'b', 'd'])
  expect(second.sources[0]).toBe(first.sources[0])
  expect(second.sources[1]).toBe(first.sources[1])
  await rm(join(folder, 'a.yaml'))
  expect((await read(reader)).sources).toEqual(second.sources.slice(1))
})

test('files that are gone for a while come back as the same objects', async () => {
  const folder = await tree({ 'site/a.yaml': 'a' })
  const reader = createManifestReader([join(folder, 'site')], LATER)
  const first = await read(reader)
  await rename(join(folder, 'site'), join(folder, 'away'))
  expect(await reader.read()).toMatchObject({ ok: false, failure: { reason: 'files-unreadable' } })
  await rename(join(folder, 'away'), join(folder, 'site'))
  expect((await read(reader)).sources).toBe(first.sources)
})

/** Bytes that this process has read so far. */
async function bytesRead(): Promise<number> {
  return Number(/^rchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8'))?.[1])
}

/** 200 files of 20,000 bytes, read twice; gives the bytes that the second reading took from the files. */
async function readAgain(
  clock: Clock,
  between: (reader: ManifestReader) => void = () => {},
): Promise<number> {
  const files = Array.from({ length: 200 }, (_, i) => [`${i}.yaml`, 'x'.repeat(20_000)] as const)
  const folder = await tree(Object.fromEntries(files))
  const reader = createManifestReader([folder], clock)
  await read(reader)
  await writeFile(join(folder, '7.yaml'), 'changed')
  between(reader)
  const before = await bytesRead()
  expect((await read(reader)).sources).toHaveLength(200)
  return (await bytesRead()) - before
}

test('what did not change is not opened', async () => {
  expect(await readAgain(LATER)).toBeLessThan(400_000)
})

test('once its stamps are forgotten, everything is opened, and stays the same where it is', async () => {
  const bytes = await readAgain(LATER, (reader) => reader.forgetStamps())
  expect(bytes).toBeGreaterThan(199 * 20_000)
  const reader = createManifestReader([await tree({ 'a.yaml': 'a' })], LATER)
  const { sources } = await read(reader)
  reader.forgetStamps()
  expect((await read(reader)).sources).toBe(sources)
})

test('what was written a moment ago is: a later write may have left no trace', async () => {
  expect(await readAgain(systemClock)).toBeGreaterThan(199 * 20_000)
})

test('a write of the same size right after a reading is not missed', async () => {
  const folder = await tree({ 'a.yaml': '000' })
  const reader = createManifestReader([folder], systemClock)
  const repeat = async (n: number): Promise<void> => {
    if (n === 1000) return
    writeFileSync(join(folder, 'a.yaml'), String(n))
    expect((await read(reader)).sources[0]?.text).toBe(String(n))
    await repeat(n + 1)
  }
  await repeat(100)
})

test('files that are remembered count against the limits too', async () => {
  const folder = await tree({ 'a.yaml': 'aaaa', 'b.yaml': 'bbbb' })
  const limits = { ...MANIFEST_LIMITS, maxBytes: 8 }
  const reader = createManifestReader([folder], LATER, limits)
  expect((await read(reader)).diagnostics).toEqual([])
  await writeFiles(folder, { 'c.yaml': 'c' })
  expect(await read(reader)).toMatchObject({ sources: [], diagnostics: [{ code: 'LG0002' }] })
})
