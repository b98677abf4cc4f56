import { execFile } from 'node:child_process'
import { mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { MANIFEST_LIMITS, readManifests, type ReadManifests } from '../../src/files/manifests.ts'
import { tempFolder } from './temp-folder.ts'

const run = promisify(execFile)

/** A folder with files of the given contents. */
async function tree(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await tempFolder()
  await Promise.all(
    Object.entries(files).map(async ([path, content]) => {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }),
  )
  return folder
}

async function read(...args: Parameters<typeof readManifests>): Promise<ReadManifests> {
  const result = await readManifests(...args)
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

/** `code path-below-folder`, for each diagnostic. */
function brief({ diagnostics }: ReadManifests, folder: string): string[] {
  return diagnostics.map((d) => `${d.code} ${relative(folder, d.at?.file ?? '')}`)
}

test('every layout, sorted by path, without hidden files and folders', async () => {
  const folder = await tree({
    'b.yaml': 'b',
    'a.yml': 'a',
    'x/y/z.yaml': 'z',
    'x.yaml': 'x',
    'a.yaml/inner.yaml': 'inner',
    'README.md': '',
    '.hidden.yaml': '',
    '.git/config.yaml': '',
    'x/.d/e.yaml': '',
  })
  const { sources, diagnostics } = await read([folder])
  expect(sources).toEqual(
    [
      { path: 'a.yaml/inner.yaml', text: 'inner' },
      { path: 'a.yml', text: 'a' },
      { path: 'b.yaml', text: 'b' },
      { path: 'x.yaml', text: 'x' },
      { path: 'x/y/z.yaml', text: 'z' },
    ].map(({ path, text }) => ({ path: join(folder, path), text })),
  )
  expect(diagnostics).toEqual([])
})

test('paths are shown as they were typed', async () => {
  const folder = await tree({ 'site/a.yaml': 'a', 'site/b.yaml': 'b' })
  const typed = relative(process.cwd(), folder)
  const { sources } = await read([`./${typed}/site/`])
  expect(sources.map((s) => s.path)).toEqual([`${typed}/site/a.yaml`, `${typed}/site/b.yaml`])
})

test('files can be given by themselves, whatever their name, and are read once', async () => {
  const folder = await tree({ 'site/a.yaml': 'a', 'other.txt': 'o' })
  const paths = [
    join(folder, 'site'),
    join(folder, 'site/a.yaml'),
    join(folder, 'other.txt'),
    folder,
  ]
  const { sources, diagnostics } = await read(paths)
  expect(sources.map((s) => s.text)).toEqual(['o', 'a'])
  expect(diagnostics).toEqual([])
})

test('an empty folder is an error, and never an empty set of manifests', async () => {
  const folder = await tree({ 'full/a.yaml': 'a', 'empty/README.md': '' })
  const result = await read([join(folder, 'full'), join(folder, 'empty')])
  expect(result.diagnostics).toMatchObject([
    { code: 'LG0007', severity: 'error', at: { file: join(folder, 'empty'), line: 1 } },
  ])
  expect((await read([])).diagnostics).toMatchObject([{ code: 'LG0007' }])
})

test('a path that is not there is a failure with a hint', async () => {
  const folder = await tree({ 'a.yaml': 'a' })
  expect(await readManifests([folder, join(folder, 'now\nhere')])).toMatchObject({
    ok: false,
    failure: {
      reason: 'files-unreadable',
      message: expect.stringMatching(/now\\u\{a\}here: it does not exist$/),
      hint: expect.stringContaining('--manifests'),
    },
  })
})

test('what is not UTF-8 is shown with its place, and the others are read', async () => {
  const folder = await tree({
    'good.yaml': '\ufeffkind: Backend # é\n',
    'latin1.yaml': Buffer.from('a: é\nb: gr\xfcn\n', 'latin1'),
    'late.yaml': Buffer.concat([Buffer.from('a: é\nb: ü '), Buffer.from([0xff, 0x0a])]),
    'overlong.yaml': Buffer.from('aG9zdDogYcCvYgo=', 'base64'),
    'utf16.yaml': Buffer.from('//5hADoAIAAxAAoA', 'base64'),
  })
  const result = await read([folder])
  expect(result.sources.map((s) => s.text)).toEqual(['kind: Backend # é\n'])
  expect(result.diagnostics.map((d) => [d.code, d.at?.line, d.at?.column])).toEqual([
    ['LG0003', 2, 6],
    ['LG0003', 1, 4],
    ['LG0003', 1, 8],
    ['LG0003', 1, 1],
  ])
})

test('a FIFO, a dangling link and a circle are errors, at once', async () => {
  const folder = await tree({ 'good.yaml': 'a' })
  await run('mkfifo', [join(folder, 'fifo.yaml'), join(folder, 'fifo')])
  await symlink('nowhere', join(folder, 'dangling.yaml'))
  await symlink('../nowhere', join(folder, 'sites'))
  await symlink('circle.yaml', join(folder, 'circle.yaml'))
  await symlink('nowhere.png', join(folder, 'logo.png'))
  const result = await read([folder])
  expect(brief(result, folder).toSorted()).toEqual([
    'LG0006 circle.yaml',
    'LG0006 dangling.yaml',
    'LG0006 fifo.yaml',
    'LG0006 sites',
  ])
  expect(result.sources.map((s) => s.text)).toEqual(['a'])
})

test('a link out of the manifests is refused: diagnostics show lines of what is read', async () => {
  const folder = await tree({ 'site/a.yaml': 'a', 'outside/secret.yaml': 's' })
  await symlink('../outside/secret.yaml', join(folder, 'site/b.yaml'))
  await symlink('../outside', join(folder, 'site/common'))
  const result = await read([join(folder, 'site')])
  expect(brief(result, folder)).toEqual(['LG0006 site/b.yaml', 'LG0006 site/common'])
  expect(result.sources.map((s) => s.text)).toEqual(['a'])
  const both = await read([join(folder, 'site'), join(folder, 'outside')])
  expect(both.diagnostics).toEqual([])
  expect(both.sources.map((s) => s.text)).toEqual(['s', 'a'])
})

test('linked folders are walked once, in circles too', async () => {
  const folder = await tree({ 'a/x.yaml': 'x', 'b/y.yaml': 'y' })
  await symlink('..', join(folder, 'a/up'))
  await symlink('../b', join(folder, 'a/b1'))
  await symlink('../a', join(folder, 'b/a1'))
  const { sources, diagnostics } = await read([folder])
  expect(sources.map((s) => s.text).toSorted()).toEqual(['x', 'y'])
  expect(diagnostics).toEqual([])
})

test('names that only a filesystem could love', async () => {
  const names = [
    'new\nline.yaml',
    'a: b.yaml',
    '-rf.yaml',
    '\u202egnp.yaml',
    `${'n'.repeat(250)}.yaml`,
  ]
  const folder = await tree(Object.fromEntries(names.map((name) => [name, name])))
  const { sources, diagnostics } = await read([folder])
  expect(sources.map((s) => s.text)).toEqual(names.toSorted())
  expect(diagnostics).toEqual([])
  await run('bash', ['-c', 'printf x > "$1"/$(printf "bad\\377.yaml")', '-', folder])
  expect((await read([folder])).diagnostics).toMatchObject([{ code: 'LG0006' }])
})

test('limits: a file, the number of files, all of them together', async () => {
  const folder = await tree({ 'a.yaml': 'aaaa', 'b.yaml': 'bbbb', 'c.yaml': 'cc' })
  const limits = { maxFiles: 3, maxFileBytes: 4, maxBytes: 10 }
  expect((await read([folder], limits)).sources).toHaveLength(3)
  const one = await read([folder], { ...limits, maxFileBytes: 3 })
  expect(brief(one, folder)).toEqual(['LG0002 a.yaml', 'LG0002 b.yaml'])
  expect(one.sources).toHaveLength(1)
  const many = await read([folder], { ...limits, maxFiles: 2 })
  expect(many).toMatchObject({ sources: [], diagnostics: [{ code: 'LG0002' }] })
  const all = await read([folder], { ...limits, maxBytes: 9 })
  expect(all).toMatchObject({ sources: [], diagnostics: [{ code: 'LG0002' }] })
})

test('a file of 100 GiB is refused without being read', async () => {
  const folder = await tree({ 'a.yaml': '' })
  await truncate(join(folder, 'a.yaml'), 100 * 2 ** 30)
  expect(brief(await read([folder]), folder)).toEqual(['LG0002 a.yaml'])
  expect(MANIFEST_LIMITS.maxFileBytes).toBe(2 ** 20)
})

/** Writes a generation of files and swaps the link to it, as Kubernetes and git-sync do. */
async function swap(folder: string, link: string, generation: number): Promise<void> {
  const name = `..gen${generation}`
  await mkdir(join(folder, name))
  await Promise.all(
    ['a', 'b', 'c'].map((f) => writeFile(join(folder, name, `${f}.yaml`), String(generation))),
  )
  await symlink(name, join(folder, '..new'))
  await rename(join(folder, '..new'), join(folder, link))
}

/** Reads while generations are swapped; gives the texts of each reading. */
async function readWhileSwapping(folder: string, link: string, path: string): Promise<string[][]> {
  const readings: string[][] = []
  const swapMany = async (generation: number): Promise<void> => {
    await swap(folder, link, generation)
    if (generation < 200) await swapMany(generation + 1)
  }
  const readMany = async (): Promise<void> => {
    const { sources, diagnostics } = await read([path])
    expect(diagnostics).toEqual([])
    readings.push(sources.map((s) => s.text))
    if (readings.length < 200) await readMany()
  }
  await Promise.all([swapMany(2), readMany()])
  return readings
}

function expectWhole(readings: string[][]): void {
  for (const [a = '', ...rest] of readings) expect(rest).toEqual([a, a])
  expect(new Set(readings.flat()).size).toBeGreaterThan(5)
}

test('a mounted ConfigMap swapped while it is read: never two generations at once', async () => {
  const folder = await tree({})
  await swap(folder, '..data', 1)
  await Promise.all(
    ['a', 'b', 'c'].map((f) => symlink(`..data/${f}.yaml`, join(folder, `${f}.yaml`))),
  )
  const readings = await readWhileSwapping(folder, '..data', folder)
  expect(readings).toHaveLength(200)
  expectWhole(readings)
})

test('a linked folder swapped while it is read: never two generations at once', async () => {
  const folder = await tree({})
  await swap(folder, 'current', 1)
  expectWhole(await readWhileSwapping(folder, 'current', join(folder, 'current')))
  const { sources } = await read([join(folder, 'current')])
  expect(sources[0]?.path).toBe(join(folder, 'current/a.yaml'))
})
