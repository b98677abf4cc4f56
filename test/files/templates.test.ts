import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readTemplates } from '../../src/files/templates.ts'
import { tempFolder } from './temp-folder.ts'

async function templates(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await tempFolder()
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
  )
  return folder
}

test('shipped templates, each replaced by the file of the same name', async () => {
  const shipped = await templates({ 'b.njk': 'b', 'a.njk': 'a', 'README.md': '' })
  const override = await templates({ 'b.njk': 'mine', 'extra.njk': 'e', '.b.njk.swp': '' })
  const result = await readTemplates(shipped, override)
  expect(result.ok && [...result.value]).toEqual([
    ['a.njk', 'a'],
    ['b.njk', 'mine'],
    ['extra.njk', 'e'],
  ])
  const plain = await readTemplates(shipped)
  expect(plain.ok && [...plain.value.values()]).toEqual(['a', 'b'])
})

test('a link to a file is followed', async () => {
  const shipped = await templates({ 'a.njk': 'a', other: 'linked' })
  await symlink('other', join(shipped, 'b.njk'))
  const result = await readTemplates(shipped)
  expect(result.ok && result.value.get('b.njk')).toBe('linked')
})

test.each(['fifo', 'folder', 'dangling', 'latin1'])('a template that is a %s', async (kind) => {
  const shipped = await templates({ 'a.njk': 'a' })
  const override = await templates({})
  const path = join(override, 'bad\n.njk')
  if (kind === 'fifo') await promisify(execFile)('mkfifo', [path])
  if (kind === 'folder') await mkdir(path)
  if (kind === 'dangling') await symlink('nowhere', path)
  if (kind === 'latin1') await writeFile(path, Buffer.from([0x66, 0xfc]))
  expect(await readTemplates(shipped, override)).toMatchObject({
    ok: false,
    failure: { reason: 'files-unreadable', message: expect.stringContaining('/bad\\u{a}.njk: ') },
  })
})

test('a folder that is not there', async () => {
  const shipped = await templates({ 'a.njk': 'a' })
  expect(await readTemplates(shipped, join(shipped, 'nowhere'))).toMatchObject({
    ok: false,
    failure: { reason: 'files-unreadable', hint: expect.stringContaining('--templates') },
  })
})
