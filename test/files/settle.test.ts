import { execFile } from 'node:child_process'
import { rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readManifests, type ReadManifests } from '../../src/files/manifests.ts'
import { createManifestReader } from '../../src/files/manifest-reader.ts'
import { readManifestsSettled, type Settled, type SettleOptions } from '../../src/files/settle.ts'
import type { Result } from '../../src/model/failure.ts'
import type { Clock } from '../../src/model/feed.ts'
import { systemClock } from '../../src/cli/clock.ts'
import { inSoak } from '../daemon/durations.ts'
import { tempFolder } from './temp-folder.ts'
import { tree, writeFiles } from './tree.ts'
import { startWatching, until } from './watching.ts'

const run = promisify(execFile)

type Read = ReadManifests & Settled

function expectOk<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

/** The system's clock, on which something happens at the beginning of the n-th pause, counted from 1. */
function clockWith(duringPause: (n: number) => unknown): Clock {
  let pauses = 0
  const after: Clock['after'] = (ms, then) => {
    pauses += 1
    const happened = Promise.resolve(duringPause(pauses))
    return systemClock.after(ms, () => void happened.then(then))
  }
  return { ...systemClock, after }
}

async function read(folder: string, clock: Clock, options: SettleOptions = {}): Promise<Read> {
  return expectOk(await readManifestsSettled([folder], clock, { pauseMs: 10, ...options }))
}

function textsOf({ sources }: ReadManifests): string[] {
  return sources.map((source) => source.text)
}

test('nobody writes: read once, at once', async () => {
  const folder = await tree({ 'a.yaml': 'a' })
  let reads = 0
  const result = await read(folder, systemClock, {
    read: () => {
      reads += 1
      return readManifests([folder])
    },
  })
  expect(textsOf(result)).toEqual(['a'])
  expect(reads).toBe(1)
  expect(result.settledAfterMs).toBeLessThan(500)
  expect(result.unsettled).toBeUndefined()
})

test('somebody writes one file after the other: read when that is done', async () => {
  const folder = await tree({ 'a.yaml': '0', 'b.yaml': '0', 'c.yaml': '0' })
  const files = ['a.yaml', 'b.yaml', 'c.yaml']
  const clock = clockWith((n) => {
    const file = files[n - 1]
    return file !== undefined && writeFile(join(folder, file), '1')
  })
  const result = await read(folder, clock)
  expect(textsOf(result)).toEqual(['1', '1', '1'])
  expect(result.unsettled).toBeUndefined()
})

test('what changes while it is read is read again', async () => {
  const folder = await tree({ 'a.yaml': '0', 'b.yaml': '0' })
  let reads = 0
  const result = await read(folder, systemClock, {
    read: async () => {
      reads += 1
      const value = await readManifests([folder])
      if (reads === 1) await writeFiles(folder, { 'a.yaml': '1', 'b.yaml': '1' })
      return value
    },
  })
  expect({ reads, texts: textsOf(result) }).toEqual({ reads: 2, texts: ['1', '1'] })
})

test('templates settle with the manifests where they are named', async () => {
  const folder = await tree({ 'm/a.yaml': 'a', 't/backend.cfg.njk': '0' })
  const templates = join(folder, 't')
  let reads = 0
  await read(join(folder, 'm'), systemClock, {
    templates,
    read: async () => {
      reads += 1
      if (reads === 1) await writeFile(join(templates, 'backend.cfg.njk'), '1')
      return readManifests([join(folder, 'm')])
    },
  })
  expect(reads).toBe(2)
})

test('files that never rest are read after a while, and the result says so', async () => {
  const folder = await tree({ 'a.yaml': '0' })
  const file = join(folder, 'a.yaml')
  const clock = clockWith((n) => writeFile(file, String(n)))
  const result = await read(folder, clock, { patienceMs: 200 })
  expect(result.unsettled).toBe(`${file} is being written to`)
  expect(result.settledAfterMs).toBeGreaterThanOrEqual(200)
  expect(result.sources).toHaveLength(1)
})

test('a path that is not there is a failure, at once', async () => {
  const folder = await tempFolder()
  const startMs = performance.now()
  const result = await readManifestsSettled([join(folder, 'no')], systemClock)
  expect(result).toMatchObject({ ok: false, failure: { reason: 'files-unreadable' } })
  expect(performance.now() - startMs).toBeLessThan(2000)
})

/** A git at work: its lock, and half of the files. Done at the given pause. */
function gitAtWork(folder: string, lock: string, doneAt: number): Clock {
  return clockWith(async (n) => {
    if (n !== doneAt) return
    await writeFile(join(folder, 'b.yaml'), '1')
    await rm(lock)
  })
}

test('while git is at work, nothing is read', async () => {
  const root = await tree({ 'site/a.yaml': '1', 'site/b.yaml': '0', '.git/index.lock': '' })
  const folder = join(root, 'site')
  let reads = 0
  const result = await read(folder, gitAtWork(folder, join(root, '.git/index.lock'), 20), {
    read: () => {
      reads += 1
      return readManifests([folder])
    },
  })
  expect({ reads, texts: textsOf(result) }).toEqual({ reads: 1, texts: ['1', '1'] })
  expect(result.unsettled).toBeUndefined()
  expect(result.settledAfterMs).toBeGreaterThanOrEqual(200)
})

test('the lock of a work tree and that of a path behind a link are found', async () => {
  const root = await tree({
    'repo/.git/worktrees/rev1/index.lock': '',
    'rev1/.git': 'gitdir: ../repo/.git/worktrees/rev1\n',
    'rev1/site/a.yaml': '1',
    'rev1/site/b.yaml': '0',
  })
  await symlink('rev1/site', join(root, 'current'))
  const folder = join(root, 'current')
  const lock = join(root, 'repo/.git/worktrees/rev1/index.lock')
  expect(textsOf(await read(folder, gitAtWork(folder, lock, 20)))).toEqual(['1', '1'])
})

test('git that begins while the files are looked at is waited for', async () => {
  const root = await tree({ 'a.yaml': '0', 'b.yaml': '0', '.git/HEAD': '' })
  const lock = join(root, '.git/index.lock')
  const clock = clockWith(async (n) => {
    if (n === 1) await writeFile(lock, '')
    if (n === 5) await writeFiles(root, { 'a.yaml': '1', 'b.yaml': '1' })
    if (n === 5) await rm(lock)
  })
  expect(textsOf(await read(root, clock))).toEqual(['1', '1'])
})

test('a lock that stays: read after a while, and the result says so', async () => {
  const root = await tree({ 'a.yaml': 'a', '.git/index.lock': '' })
  const result = await read(root, systemClock, { patienceMs: 300 })
  expect(textsOf(result)).toEqual(['a'])
  expect(result.unsettled).toBe(`git holds ${join(root, '.git/index.lock')}`)
  expect(result.settledAfterMs).toBeGreaterThanOrEqual(290)
})

test('a lock that a killed git left long ago is not waited for, and the result says so', async () => {
  const root = await tree({ 'a.yaml': 'a', '.git/index.lock': '' })
  const longAgo = Date.now() / 1000 - 60
  await utimes(join(root, '.git/index.lock'), longAgo, longAgo)
  const result = await read(root, systemClock)
  expect(result.settledAfterMs).toBeLessThan(1000)
  expect(result.unsettled).toMatch(/^git holds .*index\.lock$/)
})

const FILES = Array.from({ length: 8 }, (_, i) => `f${i}.yaml`)

async function writeGeneration(folder: string, generation: number): Promise<string> {
  const name = `..${generation}`
  const files = FILES.map((file) => [file, String(generation)] as const)
  await writeFiles(join(folder, name), Object.fromEntries(files))
  return name
}

async function swapMany(folder: string, link: string, times: number): Promise<void> {
  const next = async (generation: number): Promise<void> => {
    if (generation > times) return
    const name = await writeGeneration(folder, generation)
    await symlink(name, join(folder, '..new'))
    await rename(join(folder, '..new'), join(folder, link))
    if (generation > 20)
      await rm(join(folder, `..${generation - 20}`), { recursive: true, force: true })
    await next(generation + 1)
  }
  await next(1)
}

/** Reads until `work` is done, once more after that; gives the texts of each reading. */
async function readMeanwhile(path: string, work: Promise<void>): Promise<string[][]> {
  const reader = createManifestReader([path], systemClock)
  let done = false
  const finished = work.finally(() => (done = true))
  const readings: string[][] = []
  const readOn = async (): Promise<void> => {
    const last = done
    const options = { read: reader.read, pauseMs: 1, patienceMs: 20 }
    const result = await readManifestsSettled([path], systemClock, options)
    readings.push(textsOf(expectOk(result)))
    if (!last) await readOn()
  }
  await Promise.all([finished, readOn()])
  return readings
}

const SWAPS = inSoak(1000, 250)

test.each([
  ['a ConfigMap', '..data', ''],
  ['git-sync', 'current', 'current'],
])(
  `%s swapped ${SWAPS} times while it is read: never two generations`,
  async (_, swapped, path) => {
    const folder = await tempFolder()
    await symlink(await writeGeneration(folder, 0), join(folder, swapped))
    if (path === '')
      await Promise.all(FILES.map((file) => symlink(`..data/${file}`, join(folder, file))))
    const readings = await readMeanwhile(join(folder, path), swapMany(folder, swapped, SWAPS))
    for (const texts of readings) {
      expect(texts).toHaveLength(FILES.length)
      expect(new Set(texts).size).toBe(1)
    }
    expect(new Set(readings.flat()).size).toBeGreaterThan(10)
    expect(readings.at(-1)?.[0]).toBe(String(SWAPS))
  },
  60_000,
)

async function git(folder: string, ...args: readonly string[]): Promise<void> {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@t.invalid', '-c', 'gc.auto=0']
  await run('git', ['-C', folder, ...who, ...args])
}

/** Branches `a` and `b` of 2,000 files each, of which most are in both. */
async function makeRepository(): Promise<string> {
  const folder = await tempFolder()
  await git(folder, 'init', '-q')
  const branch = async (name: string): Promise<void> => {
    await git(folder, 'checkout', '-q', '--orphan', name)
    const files = Array.from({ length: 2000 }, (_, i) => {
      const where = i % 10 === 0 ? `only-${name}` : `d${i % 40}`
      return [`${where}/${i}.yaml`, `${name}\n${'x: y\n'.repeat(50)}`] as const
    })
    await writeFiles(folder, Object.fromEntries(files))
    await git(folder, 'add', '-A')
    await git(folder, 'commit', '-q', '-m', name)
    await git(folder, 'rm', '-rq', '.')
  }
  await branch('a')
  await branch('b')
  await git(folder, 'checkout', '-q', '-f', 'a')
  return folder
}

test('git checkout of 2,000 files: each state is read whole, and the last one is read', async () => {
  const folder = await makeRepository()
  const reader = createManifestReader([folder], systemClock)
  const { watch } = await startWatching({ manifests: [folder] })
  const readings: string[] = []
  let wanted = false
  let reading = false
  const readWanted = async (): Promise<void> => {
    if (!wanted) return
    wanted = false
    const result = await readManifestsSettled([folder], systemClock, { read: reader.read })
    const texts = textsOf(expectOk(result)).map((text) => text.slice(0, 1))
    readings.push(`${[...new Set(texts)].join('+')} ${texts.length}`)
    await readWanted()
  }
  watch.onChange(() => {
    wanted = true
    if (reading) return
    reading = true
    void readWanted().finally(() => (reading = false))
  })
  const checkout = async ([branch, ...rest]: readonly string[]): Promise<void> => {
    if (branch === undefined) return
    const before = readings.length
    await git(folder, 'checkout', '-q', branch)
    await until(() => !reading && readings.length > before, `a reading of ${branch}`)
    await until(() => readings.at(-1) === `${branch} 2000`, `branch ${branch}`)
    await checkout(rest)
  }
  await checkout(['b', 'a', 'b', 'a'])
  expect(new Set(readings)).toEqual(new Set(['a 2000', 'b 2000']))
}, 60_000)
