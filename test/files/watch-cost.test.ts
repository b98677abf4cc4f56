import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { watchFiles } from '../../src/files/watch.ts'
import { countDescriptors, countInotifyWatches } from './inotify.ts'
import { systemClock } from '../../src/cli/clock.ts'
import { tempFolder } from './temp-folder.ts'
import { tree, writeFiles } from './tree.ts'
import { startWatching, until } from './watching.ts'

const run = promisify(execFile)

function manyFiles(count: number, folders: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, i) => `s${i % folders}/backend-${i}.yaml`)
  return Object.fromEntries(names.map((name) => [name, `# ${name}\n${'x: y\n'.repeat(100)}`]))
}

test('closed at any moment, two hundred times: no watch and no descriptor is left', async () => {
  const folder = await tree({ ...manyFiles(40, 10), token: 't' })
  const open = async (turns: number): Promise<void> => {
    const watch = watchFiles({ manifests: [folder], templates: join(folder, 's1') }, systemClock)
    watch.follow([join(folder, 'token')])
    let calls = 0
    watch.onChange(() => (calls += 1))
    const wait = async (left: number): Promise<void> => {
      if (left === 0) return
      await turn()
      await wait(left - 1)
    }
    await wait(turns)
    const closed = watch.close()
    const before = calls
    await closed
    await writeFile(join(folder, 's1/backend-1.yaml'), String(turns))
    await wait(20)
    expect(calls).toBe(before)
  }
  // The kernel's queue for events is made once and stays.
  const { watch: first } = await startWatching({ manifests: [folder] })
  await first.close()
  const before = { fds: await countDescriptors(), watches: await countInotifyWatches() }
  const repeat = async (i: number): Promise<void> => {
    if (i === 200) return
    await open(i)
    await repeat(i + 1)
  }
  await repeat(0)
  await until(async () => (await countInotifyWatches()) === before.watches, 'watches to end')
  await until(async () => (await countDescriptors()) <= before.fds, 'descriptors to be closed')
  expect(before.watches).toBe(0)
})

test('folders come and go: it watches no more than at first', async () => {
  const folder = await tempFolder()
  const { during, quiet, calls } = await startWatching({ manifests: [folder] })
  const generation = async (i: number): Promise<void> => {
    await during(() => writeFiles(folder, { [`g${i}/a.yaml`]: 'a', [`g${i}/deep/b.yaml`]: 'b' }))
    await during(() => rm(join(folder, `g${i}`), { recursive: true }))
  }
  await generation(0)
  await quiet()
  const before = { fds: await countDescriptors(), watches: await countInotifyWatches() }
  const repeat = async (i: number): Promise<void> => {
    if (i > 25) return
    await generation(i)
    await repeat(i + 1)
  }
  await repeat(1)
  await quiet()
  expect(await countInotifyWatches()).toBe(before.watches)
  expect(await countDescriptors()).toBeLessThanOrEqual(before.fds)
  expect(calls.length).toBeGreaterThan(50)
})

interface Cost {
  readonly watches: number
  readonly descriptors: number
  readonly rssMb: number
  readonly cpuMs: number
}

interface Followed {
  readonly found: boolean
  readonly toldAfterMs: number
  readonly atFirst: Cost
  readonly begun: Cost
  readonly closed: Cost
}

/** In a process of its own; `before` is a command that runs it. */
async function followInChild(
  folder: string,
  file: string,
  before: readonly string[] = [],
): Promise<Followed> {
  const script = new URL('children/watch-folder.ts', import.meta.url).pathname
  const node = [process.execPath, '--expose-gc', '--import', 'tsx', script, folder, file]
  const [program = '', ...args] = [...before, ...node]
  const { stdout } = await run(program, args)
  return JSON.parse(stdout) as Followed
}

test('5,000 files in 50 folders: a watch for each folder, and no descriptor for any', async () => {
  const folder = await tree(manyFiles(5000, 50))
  const { found, toldAfterMs, atFirst, begun, closed } = await followInChild(
    folder,
    's7/backend-7.yaml',
  )
  console.info('5,000 files', { toldAfterMs, atFirst, begun, closed })
  expect(found).toBe(true)
  expect(toldAfterMs).toBeLessThan(3000)
  // The folder itself and those on the way to it are watched too.
  expect(begun.watches).toBe(50 + folder.split('/').length)
  // The kernel's one queue of events, and one for its reader.
  expect(begun.descriptors - atFirst.descriptors).toBeLessThanOrEqual(2)
  expect(closed.watches).toBe(0)
  expect(closed.descriptors).toBeLessThanOrEqual(begun.descriptors)
  expect(begun.rssMb - atFirst.rssMb).toBeLessThan(80)
})

const mayLimit = await run('unshare', ['--user', '--map-root-user', 'true']).then(
  () => true,
  () => false,
)
if (!mayLimit) console.warn('SKIPPED: no user namespaces here, so watches cannot be limited')

// In CI a part that is missing fails.
test.skipIf(!mayLimit && process.env['CI'] !== 'true')(
  'where watches run out, changes are found by looking',
  async () => {
    const folder = await tree(manyFiles(20, 20))
    const limit = 'echo 8 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"'
    const unshare = ['unshare', '--user', '--map-root-user', 'sh', '-c', limit]
    const { found, begun } = await followInChild(folder, 's15/backend-15.yaml', unshare)
    expect({ found, watches: begun.watches }).toEqual({ found: true, watches: 8 })
  },
)
