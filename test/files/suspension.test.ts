/** The flag that nothing be changed: set, read, removed; whatever is there counts, and says nothing unprintable. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  readSuspension,
  removeSuspension,
  watchSuspension,
  writeSuspension,
} from '../../src/files/suspension.ts'
import { createWriter } from '../../src/files/writer.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'legate-suspension-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

const writer = createWriter()
const flag = { by: 'me@here', at: '2026-01-02T03:04:05.000Z', reason: 'the rack moves' }

test('set, read and removed', async () => {
  const state = folder()
  expect(await readSuspension(state)).toBeUndefined()
  expect(await writeSuspension(state, flag, writer)).toMatchObject({ ok: true })
  expect(await readSuspension(state)).toEqual(flag)
  expect(statSync(join(state, 'suspended.json')).mode & 0o777).toBe(0o644)
  expect(await removeSuspension(state, writer)).toMatchObject({ ok: true })
  expect(await readSuspension(state)).toBeUndefined()
  expect(await removeSuspension(state, writer)).toMatchObject({ ok: true })
})

test.each(['/nonexistent/state', '/dev/null/state'])('no folder, no flag: %s', async (path) => {
  expect(await readSuspension(path)).toBeUndefined()
})

test.each(['', '{', '[]', '"x"', 'null', '{"by":1}', '\u0000\u0000', 'x'.repeat(100_000)])(
  'a flag that says nothing counts: %.20j',
  async (text) => {
    const state = folder()
    writeFileSync(join(state, 'suspended.json'), text)
    expect(await readSuspension(state)).toMatchObject({ by: 'somebody', at: '' })
  },
)

test('a flag that is no file, or leads nowhere, counts', async () => {
  const state = folder()
  mkdirSync(join(state, 'suspended.json'))
  expect(await readSuspension(state)).toMatchObject({ by: 'somebody' })
  const other = folder()
  symlinkSync('/nonexistent', join(other, 'suspended.json'))
  expect(await readSuspension(other)).toMatchObject({ by: 'somebody' })
})

test('what is in it is made printable', async () => {
  const state = folder()
  const text = JSON.stringify({ by: 'a\nb', at: '\u001b[2J', reason: '\u202ex'.repeat(1000) })
  writeFileSync(join(state, 'suspended.json'), text)
  const read = await readSuspension(state)
  expect(JSON.stringify(read)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(read?.reason.length).toBeLessThan(5000)
})

test('that it comes and goes is told', async () => {
  const state = folder()
  let told = 0
  const close = watchSuspension(state, () => (told += 1))
  onTestFinished(close)
  await writeSuspension(state, flag, writer)
  await expect.poll(() => told).toBeGreaterThan(0)
  const before = told
  await removeSuspension(state, writer)
  await expect.poll(() => told).toBeGreaterThan(before)
})

test('a folder that cannot be watched is none to fail at', () => {
  expect(() => watchSuspension('/nonexistent/state', () => undefined)()).not.toThrow()
})

test.skipIf(process.getuid?.() === 0)('a flag that cannot be read counts', async () => {
  const state = folder()
  writeFileSync(join(state, 'suspended.json'), readFileSync('package.json'))
  chmodSync(join(state, 'suspended.json'), 0)
  expect(await readSuspension(state)).toMatchObject({ by: 'somebody' })
})
