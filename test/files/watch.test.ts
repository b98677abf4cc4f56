import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import {
  appendFile,
  chmod,
  link,
  mkdir,
  open,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from './temp-folder.ts'
import { tree, writeFiles } from './tree.ts'
import { startWatching, until, type Watching } from './watching.ts'

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

async function relink(path: string, to: string): Promise<void> {
  const hidden = join(dirname(path), '.new')
  await symlink(to, hidden)
  await rename(hidden, path)
}

/** One after the other. */
async function each<T>(items: readonly T[], run: (item: T) => Promise<unknown>): Promise<void> {
  const [first, ...rest] = items
  if (first === undefined) return
  await run(first)
  await each(rest, run)
}

const THRICE = [1, 2, 3] as const

test('saves of every kind: written over, replaced, moved away and made anew, removed, rights changed', async () => {
  const folder = await tree({ 'a.yaml': 'old', 'deep/er/b.yml': 'old' })
  const { during, quiet } = await startWatching({ manifests: [folder] })
  const a = join(folder, 'a.yaml')
  const saves: readonly (() => Promise<unknown>)[] = [
    () => writeFile(a, 'new'),
    () => appendFile(a, 'er'),
    () => replace(a, 'other'),
    // As vim does it.
    async () => {
      await rename(a, `${a}~`)
      await writeFile(a, 'vim')
      await unlink(`${a}~`)
    },
    async () => {
      const file = await open(a, 'r+')
      await file.truncate(0)
      await file.write('short')
      await file.close()
    },
    () => chmod(a, 0o600),
    () => unlink(a),
    () => writeFile(a, 'back'),
  ]
  await each(saves, async (save) => {
    expect(await during(save)).toContain(a)
    await quiet()
  })
  expect(await during(() => writeFile(join(folder, 'deep/er/b.yml'), 'new'))).toContain(
    join(folder, 'deep/er/b.yml'),
  )
})

test('calls once when it begins: what was read before may be old', async () => {
  const folder = await tree({ 'a.yaml': 'a' })
  const { calls } = await startWatching({ manifests: [folder] })
  expect(calls).toHaveLength(1)
})

test('what is no manifest brings no call, and what is hidden not even a look', async () => {
  const folder = await tree({ 'a.yaml': 'a', '.git/HEAD': 'x', 'README.md': 'x' })
  const { during, quiet, looks, calls } = await startWatching({ manifests: [folder] })
  const before = { looks: looks(), calls: calls.length }
  const hidden = ['.git/index.lock', '.a.yaml.swp', '.hidden.yaml', '.new']
  await each(hidden, (name) => writeFile(join(folder, name), 'x'))
  await quiet()
  expect({ looks: looks(), calls: calls.length }).toEqual(before)
  const others = ['README.md', '4913', 'a.yaml~']
  await each(others, (name) => writeFile(join(folder, name), 'x'))
  await quiet()
  expect(looks()).toBeGreaterThan(before.looks)
  expect(calls).toHaveLength(before.calls)
  expect(await during(() => writeFile(join(folder, 'a.yaml'), 'b'))).toEqual([
    join(folder, 'a.yaml'),
  ])
})

test('folders that come with their files, at any moment of beginning to watch them', async () => {
  const folder = await tree({ 'a.yaml': 'a' })
  const { calls } = await startWatching({ manifests: [folder] })
  await each(
    Array.from({ length: 60 }, (_, i) => i),
    async (i) => {
      mkdirSync(join(folder, `n${i}/deep`), { recursive: true })
      const writeMs = performance.now() + i / 4
      await until(() => performance.now() > writeMs, 'the moment')
      const file = join(folder, `n${i}/deep/x.yaml`)
      writeFileSync(file, 'x')
      await expect.poll(() => calls.map(({ path }) => path), { timeout: 5000 }).toContain(file)
    },
  )
})

/** As Kubernetes mounts a ConfigMap. */
async function mountConfigMap(folder: string, generation: number): Promise<void> {
  const name = `..2024_${generation}`
  await writeFiles(join(folder, name), {
    'a.yaml': `a${generation}`,
    'b.yaml': `b${generation}`,
  })
  await relink(join(folder, '..data'), name)
}

test('a ConfigMap: every swap brings a call, whatever its names', async () => {
  const folder = await tempFolder()
  await mountConfigMap(folder, 0)
  await symlink('..data/a.yaml', join(folder, 'a.yaml'))
  await symlink('..data/b.yaml', join(folder, 'b.yaml'))
  const { during, quiet } = await startWatching({ manifests: [folder] })
  await each(THRICE, async (generation) => {
    const paths = await during(() => mountConfigMap(folder, generation))
    expect(paths).toContain(join(folder, '..data'))
    await rm(join(folder, `..2024_${generation - 1}`), { recursive: true })
    await quiet()
  })
})

test('git-sync: the path is itself a link; it swaps, and what it leads to is watched, every time', async () => {
  const folder = await tree({ '0/site/a.yaml': '0', '0/site/deep/b.yaml': '0' })
  await symlink('0', join(folder, 'current'))
  const { during, quiet } = await startWatching({ manifests: [join(folder, 'current/site')] })
  await each(THRICE, async (generation) => {
    const name = String(generation)
    await writeFiles(join(folder, name), { 'site/a.yaml': name, 'site/deep/b.yaml': name })
    expect(await during(() => relink(join(folder, 'current'), name))).toEqual([
      join(folder, 'current'),
    ])
    await quiet()
    const edited = join(folder, name, 'site/deep/b.yaml')
    expect(await during(() => writeFile(edited, 'edited'))).toEqual([edited])
    await quiet()
  })
})

test('a link among the manifests to a file or a folder elsewhere in them', async () => {
  const folder = await tree({ 'v1/a.yaml': '1', 'v2/a.yaml': '2', 'site/own.yaml': '0' })
  await symlink('../v1', join(folder, 'site/parts'))
  await symlink('../v1/a.yaml', join(folder, 'site/one.yaml'))
  const { during, quiet } = await startWatching({ manifests: [folder] })
  const [parts, one] = [join(folder, 'site/parts'), join(folder, 'site/one.yaml')]
  expect(await during(() => relink(parts, '../v2'))).toEqual([parts])
  await quiet()
  expect(await during(() => relink(one, '../v2/a.yaml'))).toEqual([one])
  await quiet()
  const a = join(folder, 'v2/a.yaml')
  expect(await during(() => writeFile(a, '3'))).toEqual([a])
})

test('a folder that vanishes and returns, with those above it too', async () => {
  const root = await tempFolder()
  const folder = join(root, 'etc/legate/manifests')
  await writeFiles(folder, { 'a.yaml': 'a', 'deep/b.yaml': 'b' })
  const { during, quiet } = await startWatching({ manifests: [folder] })
  await each(['etc/legate/manifests', 'etc/legate', 'etc'], async (gone) => {
    await during(() => rm(join(root, gone), { recursive: true }))
    await quiet()
    await during(() => writeFiles(folder, { 'a.yaml': 'a', 'deep/b.yaml': 'b' }))
    await quiet()
    const b = join(folder, 'deep/b.yaml')
    expect(await during(() => writeFile(b, 'edited'))).toEqual([b])
    await quiet()
  })
})

test('a folder that is not there when the watch begins', async () => {
  const root = await tempFolder()
  const folder = join(root, 'not/yet/there')
  const templates = join(root, 'nor/this')
  const { during, quiet } = await startWatching({ manifests: [folder], templates })
  await during(() => mkdir(join(root, 'not')))
  await quiet()
  await during(() => writeFiles(folder, { 'a.yaml': 'a' }))
  await quiet()
  expect(await during(() => writeFile(join(folder, 'a.yaml'), 'b'))).toEqual([
    join(folder, 'a.yaml'),
  ])
  await during(() => writeFiles(templates, { 'backend.cfg.njk': '' }))
})

test('another folder moved into the place, at every height', async () => {
  const root = await tempFolder()
  const at = (path: string): string => join(root, path)
  await writeFiles(root, { 'site/manifests/deep/a.yaml': '0' })
  const { during, quiet } = await startWatching({ manifests: [at('site/manifests')] })
  await each(['site', 'site/manifests', 'site/manifests/deep'], async (moved) => {
    const below = 'site/manifests/deep/a.yaml'.slice(moved.length)
    await writeFiles(root, { [`next${below}`]: moved })
    await during(async () => {
      await rename(at(moved), at('before'))
      await rename(at('next'), at(moved))
    })
    await rm(at('before'), { recursive: true })
    await quiet()
    const a = at('site/manifests/deep/a.yaml')
    expect(await during(() => writeFile(a, 'edited'))).toEqual([a])
    await quiet()
  })
})

test('a folder removed and made again at once, which gets the number of the old one', async () => {
  const folder = await tree({ 'a.yaml': 'a', 'sub/b.yaml': 'b' })
  const { during, quiet } = await startWatching({ manifests: [folder] })
  const b = join(folder, 'sub/b.yaml')
  await each(THRICE, async () => {
    await during(() => {
      rmSync(join(folder, 'sub'), { recursive: true })
      mkdirSync(join(folder, 'sub'))
      writeFileSync(b, 'b')
    })
    await quiet()
    expect(await during(() => writeFile(b, 'edited'))).toEqual([b])
    await quiet()
  })
})

/** Each alone: a late event of the one before would share its call, which names one path only. */
test.each(['back\\slash', 'new\nline', '*glob?[a]', '!not', 'tilde~', '{a,b}', ' ', 'ü'])(
  'a folder and a file of the odd name "%s"',
  async (name) => {
    const folder = await tree({ [`${name}/${name}.yaml`]: 'x' })
    const { during } = await startWatching({ manifests: [folder] })
    const file = join(folder, name, `${name}.yaml`)
    expect(new Set(await during(() => writeFile(file, 'y')))).toEqual(new Set([file]))
  },
)

test('templates: written, added, removed, linked', async () => {
  const root = await tree({ 'm/a.yaml': 'a', 't/backend.cfg.njk': 'x', 'own/frontend.njk': 'x' })
  const templates = join(root, 't')
  await symlink('../own/frontend.njk', join(templates, 'frontend.cfg.njk'))
  const { during, quiet } = await startWatching({ manifests: [join(root, 'm')], templates })
  const [backend, extra] = [join(templates, 'backend.cfg.njk'), join(templates, 'extra.njk')]
  const own = join(root, 'own/frontend.njk')
  const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
    [backend, () => writeFile(backend, 'y')],
    [extra, () => writeFile(extra, 'y')],
    [extra, () => unlink(extra)],
    [own, () => replace(own, 'y')],
  ]
  await each(changes, async ([path, change]) => {
    expect(await during(change)).toContain(path)
    await quiet()
  })
})

async function startFollowing(paths: readonly string[]): Promise<Watching & { root: string }> {
  const root = await tree({
    'm/a.yaml': 'a',
    'secret/token': 't',
    'secret/other': 'o',
    'archive/x/fullchain1.pem': '1',
    'archive/x/fullchain2.pem': '2',
    'archive/x/privkey1.pem': '1',
  })
  await mkdir(join(root, 'live/x'), { recursive: true })
  await symlink('../../archive/x/fullchain1.pem', join(root, 'live/x/fullchain.pem'))
  const watching = await startWatching({ manifests: [join(root, 'm')] })
  await watching.during(() => watching.watch.follow(paths.map((path) => join(root, path))))
  await watching.quiet()
  return { ...watching, root }
}

test('followed files: replaced, written, missing at first; their neighbours do not count', async () => {
  const { root, during, quiet } = await startFollowing(['secret/token', 'secret/late/ca.pem'])
  const token = join(root, 'secret/token')
  expect(await during(() => replace(token, 'u'))).toEqual([token])
  await quiet()
  const paths = await during(async () => {
    await writeFile(join(root, 'secret/other'), 'p')
    await replace(join(root, 'secret/new'), 'p')
    await writeFile(token, 'v')
  })
  expect(new Set(paths)).toEqual(new Set([token]))
  await quiet()
  await during(() => writeFiles(root, { 'secret/late/ca.pem': 'c' }))
  await quiet()
  const ca = join(root, 'secret/late/ca.pem')
  expect(await during(() => replace(ca, 'd'))).toEqual([ca])
})

test('certificates of certbot: the link is renewed, and the file behind it is watched', async () => {
  const { root, during, quiet } = await startFollowing(['live/x/fullchain.pem'])
  const live = join(root, 'live/x/fullchain.pem')
  expect(await during(() => writeFile(join(root, 'archive/x/fullchain1.pem'), 'x'))).toEqual([
    join(root, 'archive/x/fullchain1.pem'),
  ])
  await quiet()
  expect(await during(() => relink(live, '../../archive/x/fullchain2.pem'))).toEqual([live])
  await quiet()
  const second = join(root, 'archive/x/fullchain2.pem')
  const paths = await during(async () => {
    await writeFile(join(root, 'archive/x/fullchain1.pem'), 'y')
    await writeFile(join(root, 'archive/x/privkey1.pem'), 'y')
    await writeFile(second, 'y')
  })
  expect(new Set(paths)).toEqual(new Set([second]))
})

test('other files are followed from now on; the same ones again bring no call', async () => {
  const { root, watch, calls, during, quiet } = await startFollowing(['secret/token'])
  const [token, other] = [join(root, 'secret/token'), join(root, 'secret/other')]
  const before = calls.length
  watch.follow([token, token])
  await quiet()
  expect(calls).toHaveLength(before)
  expect(await during(() => watch.follow([other]))).toEqual([other])
  await quiet()
  const paths = await during(async () => {
    await writeFile(token, 'u')
    await writeFile(other, 'p')
  })
  expect(new Set(paths)).toEqual(new Set([other]))
})

/** CPU time in milliseconds of many writes to a file in the folder, and of what they set off. */
async function makeNoise(folder: string): Promise<number> {
  const { user, system } = process.cpuUsage()
  const file = await open(join(folder, 'noise.log'), 'w')
  await each(
    Array.from({ length: 3000 }, (_, i) => `${i}\n`),
    (line) => file.write(line),
  )
  await file.close()
  const now = process.cpuUsage()
  return (now.user + now.system - user - system) / 1000
}

test('noise in a folder that is only on the way brings neither calls nor looks nor listings', async () => {
  const others = Array.from({ length: 2000 }, (_, i) => [`other${i}`, ''] as const)
  const root = await tree({ 'm/a.yaml': 'a', ...Object.fromEntries(others) })
  const { during, quiet, looks, calls } = await startWatching({ manifests: [join(root, 'm')] })
  const unwatched = await makeNoise(await tempFolder())
  const before = { looks: looks(), calls: calls.length }
  const watched = await makeNoise(root)
  await quiet()
  expect({ looks: looks(), calls: calls.length }).toEqual(before)
  expect(watched).toBeLessThan(2 * unwatched + 100)
  expect(await during(() => writeFile(join(root, 'm/a.yaml'), 'b'))).toEqual([
    join(root, 'm/a.yaml'),
  ])
})

test('a change without an event is found by the next look', async () => {
  const root = await tree({ 'm/a.yaml': 'a', 'elsewhere/README': '' })
  await link(join(root, 'm/a.yaml'), join(root, 'elsewhere/a.yaml'))
  const manifests = [join(root, 'm')]
  const { during, quiet } = await startWatching({ manifests, pollMs: 400 })
  // Written under its other name, it brings no event in the folder that is watched.
  const write = (text: string): void => {
    writeFileSync(join(root, 'elsewhere/a.yaml'), text)
    utimesSync(join(root, 'elsewhere/a.yaml'), 1, 1)
  }
  expect(await during(() => write('b'))).toEqual([join(root, 'm/a.yaml')])
  await quiet()
  // Size and time of the content stay as they were; the inode's own time does not.
  expect(await during(() => write('c'))).toEqual([join(root, 'm/a.yaml')])
})

test('many changes bring at most one call in 50 ms, and the last change has a call after it', async () => {
  const folder = await tree({ 'a.yaml': 'a' })
  const { calls, during, quiet } = await startWatching({ manifests: [folder] })
  let lastMs = 0
  await during(() =>
    each(
      Array.from({ length: 2000 }, (_, i) => i),
      async (i) => {
        await writeFile(join(folder, `${i % 20}.yaml`), String(i))
        lastMs = performance.now()
      },
    ),
  )
  await quiet()
  const times = calls.map(({ atMs }) => atMs)
  const gaps = times.slice(1).map((ms, i) => ms - (times[i] ?? 0))
  expect(times.length).toBeGreaterThan(2)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(49)
  expect(times.at(-1)).toBeGreaterThan(lastMs)
})
