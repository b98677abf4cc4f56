import { execFile } from 'node:child_process'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readReferences, type Reference } from '../../src/files/references.ts'
import { makeStandIns } from '../../src/files/stand-ins.ts'
import { createWriter } from '../../src/files/writer.ts'
import { findHaproxy } from '../tools/binaries.ts'
import { tempFolder } from './temp-folder.ts'

const writer = createWriter()
const WANTED: readonly Reference[] = [
  { path: '/nowhere/site.pem', purpose: 'certificate' },
  { path: '/nowhere/other.pem', purpose: 'certificate' },
  { path: '/nowhere/list', purpose: 'crt-list' },
  { path: '/nowhere/503.http', purpose: 'error-file' },
  { path: '/nowhere/admin', purpose: 'password' },
]

async function make(
  wanted: readonly Reference[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const result = await makeStandIns(wanted, folder, writer)
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

test('each wanted file has a stand-in of its kind, for its owner only', async () => {
  const folder = await tempFolder()
  const standIns = await make(WANTED, folder)
  expect([...standIns.keys()]).toEqual(WANTED.map(({ path }) => path))
  const references = WANTED.map((w) => ({ ...w, path: standIns.get(w.path) ?? '' }))
  const read = await readReferences(references)
  const [certificate, , list, errorFile, password] = references.map((r) => read.get(r.path))
  expect(certificate).toMatchObject({
    certificate: { hasKey: true, names: ['stand-in.invalid'] },
  })
  expect(list).toMatchObject({ state: 'present' })
  expect(errorFile).toMatchObject({ text: expect.stringMatching(/^HTTP\/1\.0 503 /) })
  expect(password).toMatchObject({
    text: expect.stringMatching(/^\$5\$[^$]+\$[./0-9A-Za-z]{43}\n$/),
  })
  const stats = await Promise.all(references.map((r) => stat(r.path)))
  expect(stats.map((s) => s.mode & 0o777)).toEqual(WANTED.map(() => 0o600))
})

test('only what is wanted is made', async () => {
  const folder = await tempFolder()
  await make([{ path: '/nowhere/503.http', purpose: 'error-file' }], folder)
  expect(await readdir(folder)).toHaveLength(1)
  expect((await make([], await tempFolder())).size).toBe(0)
})

test('a folder that cannot be written', async () => {
  const file = join(await tempFolder(), 'file')
  await writeFile(file, '')
  expect(await makeStandIns(WANTED, join(file, 'below'), writer)).toMatchObject({
    ok: false,
    failure: { reason: 'write-failed' },
  })
})

const haproxy = await findHaproxy()

test.runIf(haproxy)('HAProxy accepts them without a warning', async () => {
  const folder = await tempFolder()
  const standIns = await make(WANTED, folder)
  const at = (path: string): string => standIns.get(path) ?? ''
  const config = `
userlist admins
  user admin password $5$stand-in$${'.'.repeat(43)}
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
  errorfile 503 ${at('/nowhere/503.http')}
  errorfile 404 ${at('/nowhere/503.http')}
frontend site
  bind 127.0.0.1:18443 ssl crt ${at('/nowhere/site.pem')} crt ${at('/nowhere/other.pem')} crt-list ${at('/nowhere/list')}
`
  await writeFile(join(folder, 'haproxy.cfg'), config)
  const args = ['-c', '-V', '-dW', '-f', join(folder, 'haproxy.cfg')]
  const { stdout, stderr } = await promisify(execFile)(haproxy ?? '', args)
  expect(stdout + stderr).toContain('Configuration file is valid')
})
