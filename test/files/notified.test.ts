/** What receivers were told of comes back as it was, and nothing comes of what is damaged. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readNotified, writeNotified } from '../../src/files/notified.ts'
import { createWriter } from '../../src/files/writer.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'legate-notified-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

test('there and back', async () => {
  const state = folder()
  const notified = new Map([
    ['ops', [{ topic: 'Capacity', object: 'Backend/default/a', sign: 'BackendEmpty' }]],
    ['chat', []],
  ])
  expect(await writeNotified(state, notified, createWriter())).toMatchObject({ ok: true })
  expect(await readNotified(state)).toEqual(notified)
})

test.each([undefined, '', '{', '[1]', 'null', '{"ops":3}', '{"ops":[1,{"topic":2}]}'])(
  'of %j nothing comes',
  async (text) => {
    const state = folder()
    if (text !== undefined) writeFileSync(join(state, 'notified.json'), text)
    expect([...(await readNotified(state)).values()].flat()).toEqual([])
  },
)
