import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { observeFiles } from '../../src/haproxy/observe-files.ts'
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
    secrets: [],
  }
}

test.each([
  ['ours', sealConfig('global\n')],
  ['edited', `${sealConfig('global\n')}  maxconn 1\n`],
  ['foreign', 'global\n'],
] as const)('a configuration that is %s', async (state, text) => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  await writeFile(path, text)
  expect(await observeFiles(path, bundleOf())).toEqual({
    ok: true,
    value: { config: { state, text }, files: new Set() },
  })
})

test('no configuration; maps count only with the content their name promises', async () => {
  const folder = await tempFolder()
  const [good, damaged, missing] = ['good', 'damaged', 'missing'].map((n) => join(folder, n))
  await writeFile(good ?? '', 'farmer.io api\n')
  await writeFile(damaged ?? '', 'farmer.io ap')
  const bundle = bundleOf(good ?? '', damaged ?? '', missing ?? '')
  expect(await observeFiles(join(folder, 'none.cfg'), bundle)).toEqual({
    ok: true,
    value: { config: { state: 'absent' }, files: new Set([good]) },
  })
})

test('a configuration that cannot be read is a failure, never a foreign or absent one', async () => {
  const path = join(await tempFolder(), 'haproxy.cfg')
  await mkdir(path)
  expect(await observeFiles(path, bundleOf())).toMatchObject({
    ok: false,
    failure: { reason: 'files-unreadable', message: expect.stringContaining('EISDIR') },
  })
})
