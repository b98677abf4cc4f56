import { execFile } from 'node:child_process'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { gitHead, readRevision } from '../../src/files/git.ts'
import { parseBatch } from '../../src/files/git-tree.ts'
import { tempFolder } from './temp-folder.ts'

const run = promisify(execFile)

async function git(folder: string, ...args: string[]): Promise<string> {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example', '-c', 'commit.gpgsign=false']
  return (await run('git', ['-C', folder, ...who, ...args])).stdout.trim()
}

async function commit(folder: string, files: Record<string, string | Buffer>): Promise<string> {
  await Promise.all(
    Object.entries(files).map(async ([path, content]) => {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }),
  )
  await git(folder, 'add', '-A')
  await git(folder, 'commit', '-q', '-m', 'x')
  return git(folder, 'rev-parse', 'HEAD')
}

async function repository(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await tempFolder()
  await git(folder, 'init', '-q', '-b', 'main')
  await commit(folder, files)
  return folder
}

/** Path below the folder, and text, of each manifest. */
async function readBelow(folder: string, paths: string[], revision: string): Promise<object> {
  const result = await readRevision(
    paths.map((path) => join(folder, path)),
    revision,
  )
  if (!result.ok) return result.failure
  return result.value.map(({ path, text }) => [relative(folder, path), text])
}

const before = { ...process.env }
afterEach(() => {
  process.env = { ...before }
})

test('the label of the commit, where there is one', async () => {
  const folder = await repository({ 'manifests/a.yaml': 'a' })
  const head = await git(folder, 'rev-parse', 'HEAD')
  expect(head).toContain(await gitHead(join(folder, 'manifests')))
  expect(head).toContain(await gitHead(join(folder, 'manifests/a.yaml')))
  expect(head).toContain(await gitHead(join(folder, 'nowhere')))
  const fresh = await tempFolder()
  expect(await gitHead(fresh)).toBeUndefined()
  await git(fresh, 'init', '-q')
  expect(await gitHead(fresh)).toBeUndefined()
})

test('manifests of a revision, whatever the work tree has', async () => {
  const folder = await repository({
    'site/a.yaml': 'old',
    'site/x/b.yml': 'b\n',
    'site/.hidden/c.yaml': '',
    'site/.d.yaml': '',
    'site/README.md': '',
    'other/e.yaml': 'e',
    'other/notes.txt': 'notes',
  })
  await commit(folder, { 'site/a.yaml': 'new' })
  await rm(join(folder, 'other'), { recursive: true })
  await writeFile(join(folder, 'site/a.yaml'), 'uncommitted')
  const site = [
    ['site/a.yaml', 'old'],
    ['site/x/b.yml', 'b\n'],
  ]
  expect(await readBelow(folder, ['site'], 'HEAD~1')).toEqual(site)
  expect(await readBelow(folder, ['site/', 'site/a.yaml'], 'main~1')).toEqual(site)
  expect(await readBelow(folder, ['other', 'other/notes.txt'], 'HEAD')).toEqual([
    ['other/e.yaml', 'e'],
    ['other/notes.txt', 'notes'],
  ])
  expect(await readBelow(folder, ['later'], 'HEAD')).toEqual([])
  expect(await readBelow(folder, [''], 'HEAD')).toHaveLength(3)
  expect(await git(folder, 'status', '--short')).toContain('site/a.yaml')
})

test('names and contents that only git could love', async () => {
  const files = {
    'site/new\nline.yaml': '\n\nx blob 3\n',
    'site/"q" \t.yaml': 'q',
    'site/:(glob)*.yaml': '',
    'site/-rf.yaml': 'é',
  }
  const folder = await repository(files)
  const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))
  expect(await readBelow(folder, ['site'], 'HEAD')).toEqual(sorted)
  expect(await readBelow(folder, ['site/:(glob)*.yaml'], 'HEAD')).toHaveLength(1)
})

test.each(['nope', '--output=x', '-h', '', 'HEAD\nHEAD', 'HEAD:site', 'HEAD..HEAD', 'a b'])(
  'a revision that is none: %j',
  async (revision) => {
    const folder = await repository({ 'site/a.yaml': 'a' })
    expect(await readBelow(folder, ['site'], revision)).toMatchObject({
      reason: 'files-unreadable',
      message: expect.stringContaining('git knows no commit'),
      hint: expect.anything(),
    })
  },
)

test('what cannot be followed in git is refused, and not left out', async () => {
  const folder = await repository({ 'site/a.yaml': 'a', 'common/b.yaml': 'b' })
  await symlink('../common', join(folder, 'site/common'))
  await commit(folder, {})
  expect(await readBelow(folder, ['site'], 'HEAD')).toMatchObject({
    message: expect.stringContaining('site/common is a symbolic link'),
  })
})

test('what is not UTF-8 or too large is refused', async () => {
  const latin1 = await repository({ 'a.yaml': Buffer.from([0x61, 0xfc]) })
  expect(await readBelow(latin1, [''], 'HEAD')).toMatchObject({
    message: expect.stringContaining('a.yaml is not UTF-8'),
  })
  const large = await repository({ 'a.yaml': 'a'.repeat(2 ** 20 + 1) })
  expect(await readBelow(large, [''], 'HEAD')).toMatchObject({
    message: expect.stringContaining('a.yaml is larger than 1048576 bytes'),
  })
})

test('a folder outside of any repository', async () => {
  const folder = await tempFolder()
  expect(await readBelow(folder, [''], 'HEAD')).toMatchObject({
    reason: 'files-unreadable',
    hint: expect.stringContaining('git repository'),
    detail: [expect.stringContaining('not a git repository')],
  })
})

test('variables of a surrounding git do not lead elsewhere', async () => {
  const folder = await repository({ 'site/a.yaml': 'a' })
  const other = await repository({ 'site/b.yaml': 'b' })
  process.env['GIT_DIR'] = join(other, '.git')
  expect(await readBelow(folder, ['site'], 'HEAD')).toEqual([['site/a.yaml', 'a']])
})

test('no git on this machine', async () => {
  const folder = await repository({ 'site/a.yaml': 'a' })
  process.env['PATH'] = join(folder, 'nowhere')
  expect(await gitHead(folder)).toBeUndefined()
  expect(await readBelow(folder, ['site'], 'HEAD')).toMatchObject({
    reason: 'files-unreadable',
    message: 'git is not installed',
  })
})

test('a git that hangs is ended', async () => {
  const folder = await tempFolder()
  await writeFile(join(folder, 'git'), '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 })
  process.env['PATH'] = `${folder}:${before['PATH']}`
  expect(await gitHead(folder, 200)).toBeUndefined()
})

test('a content that this clone does not have', () => {
  const id = '0'.repeat(40)
  const output = Buffer.from(`${id} blob 2\nab\n${id} missing\n${id} blob 0\n\n`)
  const contents = parseBatch(output).map((content) => content?.toString())
  expect(contents).toEqual(['ab', undefined, ''])
})
