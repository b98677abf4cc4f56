import * as fc from 'fast-check'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  lastGoodPath,
  readLastGood,
  saveLastGood,
  type SavedState,
} from '../../src/files/last-good.ts'
import { createWriter } from '../../src/files/writer.ts'
import { queryKey, type CatalogEntry } from '../../src/model/catalog.ts'
import { fail, ok } from '../../src/model/failure.ts'
import type { CatalogFormat } from '../../src/model/ports.ts'
import type { LastGood } from '../../src/model/snapshot.ts'
import { tempFolder } from './temp-folder.ts'

const writer = createWriter()

/** Stands for the real form, which is consul's. */
const format: CatalogFormat = {
  encode: (catalog) => `${JSON.stringify({ entries: [...catalog] }, undefined, 2)}\n`,
  decode: (text, path) => {
    const value: unknown = JSON.parse(text)
    return isEncoded(value)
      ? ok(new Map(value.entries))
      : fail({ reason: 'files-unreadable', message: `no catalog in ${path}`, transient: false })
  },
}

function isEncoded(value: unknown): value is { entries: [string, CatalogEntry][] } {
  return typeof value === 'object' && value !== null && 'entries' in value
}

const LAST_GOOD: LastGood = {
  revision: 'abc',
  sources: [{ path: 'a.yaml', text: 'kind: Backend\n' }],
  catalog: new Map([
    ['k', { query: { service: 'api' }, answer: { state: 'answered', instances: [] } }],
  ]),
  emptySinceMs: new Map([['k', 1_700_000_000_000]]),
}

async function saved(lastGood: LastGood = LAST_GOOD): Promise<string> {
  const stateDir = await tempFolder()
  const result = await saveLastGood(stateDir, lastGood, { format, writer })
  if (!result.ok) throw new Error(result.failure.message)
  return stateDir
}

/** What is read after the file was changed. */
async function readChanged(change: (text: string) => string): Promise<SavedState> {
  const stateDir = await saved()
  const text = await readFile(lastGoodPath(stateDir), 'utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(lastGoodPath(stateDir), changed)
  return readLastGood(stateDir, format)
}

test('what is saved is read back, and is for its owner only', async () => {
  const stateDir = await saved()
  expect(await readLastGood(stateDir, format)).toEqual({ state: 'present', lastGood: LAST_GOOD })
  expect((await stat(lastGoodPath(stateDir))).mode & 0o777).toBe(0o600)
})

test('the catalog in it has the form of a snapshot', async () => {
  const file: unknown = JSON.parse(await readFile(lastGoodPath(await saved()), 'utf8'))
  const catalog: unknown = JSON.parse(format.encode(LAST_GOOD.catalog))
  expect(file).toMatchObject({ payload: { catalog } })
})

test('a folder without a state, and no folder', async () => {
  const stateDir = await tempFolder()
  expect(await readLastGood(stateDir, format)).toEqual({ state: 'absent' })
  expect(await readLastGood(join(stateDir, 'nowhere'), format)).toEqual({ state: 'absent' })
})

test.each<[string, (text: string) => string]>([
  ['its checksum does not hold', (text) => text.replace('kind: Backend', 'kind: backend')],
  ['its checksum does not hold', (text) => text.replace('"revision":"abc"', '"revision":"abd"')],
  ['it is not JSON', (text) => text.slice(0, 100)],
  ['it is not JSON', () => ''],
  ['it is not JSON', () => 'null'],
  ['another version of Legate wrote it', (text) => text.replace('last-good/1', 'last-good/2')],
  ['another version of Legate wrote it', () => '{}'],
])('damaged: %s', async (why, change) => {
  expect(await readChanged(change)).toEqual({ state: 'damaged', why })
})

test('every cut is noticed', async () => {
  const stateDir = await saved()
  const text = (await readFile(lastGoodPath(stateDir), 'utf8')).trimEnd()
  const cuts = Array.from({ length: 60 }, (_, i) => Math.floor((i * text.length) / 60))
  for (const cut of cuts) {
    const folder = join(stateDir, String(cut))
    // oxlint-disable-next-line no-await-in-loop
    await mkdir(folder).then(() => writeFile(lastGoodPath(folder), text.slice(0, cut)))
    // oxlint-disable-next-line no-await-in-loop
    expect(await readLastGood(folder, format)).toMatchObject({ state: 'damaged' })
  }
})

test('a state that is no file, or holds a catalog that cannot be read', async () => {
  const stateDir = await tempFolder()
  await mkdir(lastGoodPath(stateDir))
  const state = await readLastGood(stateDir, format)
  expect(state).toEqual({ state: 'damaged', why: 'it is not a regular file' })
  const other = { ...format, encode: () => '{"other":1}' }
  const folder = await tempFolder()
  await saveLastGood(folder, LAST_GOOD, { format: other, writer })
  expect(await readLastGood(folder, format)).toEqual({
    state: 'damaged',
    why: `no catalog in ${lastGoodPath(folder)}`,
  })
})

test('a save that fails leaves the state before it', async () => {
  const stateDir = await saved()
  const full = fail<void>({ reason: 'write-failed', message: 'full', transient: true })
  const failing = { ...writer, write: () => Promise.resolve(full) }
  const next = { ...LAST_GOOD, revision: 'next' }
  expect(await saveLastGood(stateDir, next, { format, writer: failing })).toEqual(full)
  expect(await readLastGood(stateDir, format)).toEqual({ state: 'present', lastGood: LAST_GOOD })
})

const text = fc.string({ unit: 'binary', maxLength: 20 })
const status = fc.constantFrom('passing', 'warning', 'critical', 'maintenance')
const instance = fc.record({
  node: text,
  id: text,
  datacenter: text,
  address: text,
  port: fc.integer(),
  tags: fc.array(text, { maxLength: 3 }),
  weights: fc.record({ passing: fc.integer(), warning: fc.integer() }),
  checks: fc.array(fc.record({ id: text, name: text, status }), { maxLength: 3 }),
})
const entry = fc.record({
  query: fc.record({ service: text }),
  answer: fc.record({
    state: fc.constant('answered' as const),
    instances: fc.array(instance, { maxLength: 3 }),
  }),
})
const lastGoods = fc.record({
  revision: text,
  sources: fc.array(fc.record({ path: text, text }), { maxLength: 3 }),
  catalog: fc
    .array(entry, { maxLength: 3 })
    .map((entries) => new Map(entries.map((e) => [queryKey(e.query), e]))),
  emptySinceMs: fc
    .array(fc.tuple(text, fc.maxSafeNat()), { maxLength: 3 })
    .map((pairs) => new Map(pairs)),
})

test('property: every state is read back as it was saved', async () => {
  const stateDir = await tempFolder()
  await fc.assert(
    fc.asyncProperty(lastGoods, async (lastGood) => {
      await saveLastGood(stateDir, lastGood, { format, writer })
      expect(await readLastGood(stateDir, format)).toEqual({ state: 'present', lastGood })
    }),
    { numRuns: 200 },
  )
})
