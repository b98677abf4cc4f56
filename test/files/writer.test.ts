import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createWriter, sweepOrphans } from '../../src/files/writer.ts'
import { tempFolder } from './temp-folder.ts'

const run = promisify(execFile)
const writer = createWriter()
const child = (name: string): string[] => {
  const script = new URL(`children/${name}.ts`, import.meta.url).pathname
  return ['--import', 'tsx', script]
}

test('a new file has the text, the mode whatever the umask is, and nothing beside it', async () => {
  const folder = await tempFolder()
  const old = process.umask(0o077)
  const done = await writer.write(join(folder, 'haproxy.cfg'), 'global\n').finally(() => {
    process.umask(old)
  })
  expect(done).toEqual({ ok: true, value: undefined })
  expect(await readdir(folder)).toEqual(['haproxy.cfg'])
  expect(await readFile(join(folder, 'haproxy.cfg'), 'utf8')).toBe('global\n')
  expect((await stat(join(folder, 'haproxy.cfg'))).mode & 0o7777).toBe(0o640)
  await writer.write(join(folder, 'haproxy.cfg'), '', 0o600)
  expect((await stat(join(folder, 'haproxy.cfg'))).mode & 0o7777).toBe(0o600)
})

test('a missing folder is made, closed to others', async () => {
  const folder = await tempFolder()
  expect(await writer.write(join(folder, 'a/b/c'), 'x')).toMatchObject({ ok: true })
  expect((await stat(join(folder, 'a/b'))).mode & 0o027).toBe(0)
  expect(await readFile(join(folder, 'a/b/c'), 'utf8')).toBe('x')
})

test('a file with the longest possible name is written', async () => {
  const path = join(await tempFolder(), 'é'.repeat(127))
  expect(await writer.write(path, 'x')).toMatchObject({ ok: true })
  expect(await readFile(path, 'utf8')).toBe('x')
})

test('a good symbolic link stays and its file is written', async () => {
  const folder = await tempFolder()
  await mkdir(join(folder, 'real'))
  await writeFile(join(folder, 'real/file'), 'old')
  await symlink('real/file', join(folder, 'link'))
  expect(await writer.write(join(folder, 'link'), 'new')).toMatchObject({ ok: true })
  expect(await readlink(join(folder, 'link'))).toBe('real/file')
  expect(await readFile(join(folder, 'real/file'), 'utf8')).toBe('new')
})

test('a dangling link, a folder and a FIFO are refused and left as they are', async () => {
  const folder = await tempFolder()
  await symlink('nowhere', join(folder, 'dangling'))
  await symlink('circle', join(folder, 'circle'))
  await mkdir(join(folder, 'folder'))
  await run('mkfifo', [join(folder, 'fifo')])
  const names = ['dangling', 'circle', 'folder', 'fifo']
  const results = await Promise.all(names.map((name) => writer.write(join(folder, name), 'x')))
  for (const result of results)
    expect(result).toMatchObject({ ok: false, failure: { reason: 'write-failed' } })
  expect(await readdir(folder)).toEqual(names.toSorted())
  expect((await lstat(join(folder, 'dangling'))).isSymbolicLink()).toBe(true)
})

test('names in messages are printable', async () => {
  const path = join(await tempFolder(), 'a\nb\u202e\u001b[31m')
  await mkdir(path)
  const result = await writer.write(path, 'x')
  expect(result).toMatchObject({ ok: false, failure: { reason: 'write-failed' } })
  const message = result.ok ? '' : result.failure.message
  expect(message).toContain(String.raw`a\u{a}b\u{202e}\u{1b}[31m: it is not a regular file`)
})

test.runIf(process.getuid?.() === 0)('root keeps owner and group of the old file', async () => {
  const path = join(await tempFolder(), 'file')
  await writeFile(path, 'old')
  await chown(path, 65_534, 65_533)
  expect(await writer.write(path, 'new')).toMatchObject({ ok: true })
  expect(await stat(path)).toMatchObject({ uid: 65_534, gid: 65_533 })
  expect(await readFile(path, 'utf8')).toBe('new')
})

test('removing a file that is not there is done already', async () => {
  const folder = await tempFolder()
  await writeFile(join(folder, 'file'), 'x')
  expect(await writer.remove(join(folder, 'file'))).toMatchObject({ ok: true })
  expect(await writer.remove(join(folder, 'file'))).toMatchObject({ ok: true })
  expect(await readdir(folder)).toEqual([])
  expect(await writer.remove(folder)).toMatchObject({ failure: { reason: 'write-failed' } })
})

test('a file over the size limit: the old content stays, nothing is left over', async () => {
  const folder = await tempFolder()
  const path = join(folder, 'file')
  await writeFile(path, 'old')
  const limited = 'ulimit -f 100; exec "$@"'
  const args = [...child('write-once'), path, '1000000']
  const { stdout } = await run('bash', ['-c', limited, '-', process.execPath, ...args])
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    failure: { reason: 'write-failed', hint: expect.stringContaining('ulimit') },
  })
  expect(await readFile(path, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['file'])
})

const canMount = await run('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).then(
  () => true,
  () => false,
)

test.runIf(canMount)('a full disk: the old content stays, nothing is left over', async () => {
  const folder = await tempFolder()
  const script = `
    mount -t tmpfs -o size=128k none "$FOLDER" && printf old > "$FOLDER/file" || exit 9
    "$@" "$FOLDER/file" 1000000; echo; cat "$FOLDER/file"; ls -A "$FOLDER"`
  const args = ['bash', '-c', script, '-', process.execPath, ...child('write-once')]
  const env = { ...process.env, FOLDER: folder }
  const { stdout } = await run('unshare', ['-rm', ...args], { env })
  const [result = '', rest = ''] = stdout.split('\n')
  expect(JSON.parse(result)).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining('the disk is full'), transient: true },
  })
  expect(rest).toBe('oldfile')
})

test('a folder that may not be written: a failure with a hint', async () => {
  const folder = await tempFolder()
  await chmod(folder, 0o555)
  // Root may write everywhere, so the child gives up what makes it root.
  const root = process.getuid?.() === 0
  const drop = root ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : []
  const args = [...child('write-once'), join(folder, 'file'), '1']
  const [command = '', ...rest] = [...drop, process.execPath, ...args]
  const { stdout } = await run(command, rest)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining('permission denied'), hint: expect.anything() },
  })
})

test('two writers at once: the file is one of the two texts, whole', async () => {
  const folder = await tempFolder()
  const path = join(folder, 'file')
  const texts = Array.from({ length: 40 }, (_, i) => String(i % 10).repeat(100_000 + i))
  const results = await Promise.all(texts.map((text) => createWriter().write(path, text)))
  expect(results.every((result) => result.ok)).toBe(true)
  expect(texts).toContain(await readFile(path, 'utf8'))
  expect(await readdir(folder)).toEqual(['file'])
})

const LENGTH = 300_000

/** Kills a writer at a random moment; says what it left in the folder. */
async function killWriter(folder: string): Promise<{ text: string; orphans: number }> {
  const path = join(folder, 'file')
  const args = [...child('write-forever'), path, String(LENGTH)]
  const victim = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(victim, 'exit')
  await once(victim.stdout, 'data')
  await new Promise((done) => {
    setTimeout(done, Math.random() * 15)
  })
  victim.kill('SIGKILL')
  await ended
  const text = await readFile(path, 'utf8')
  return { text, orphans: (await readdir(folder)).length - 1 }
}

test('50 writers killed in mid-write: never half a file, orphans are swept', async () => {
  const folders = await Promise.all([tempFolder(), tempFolder()])
  const killMany = async (folder: string, times: number): Promise<number> => {
    const { text, orphans } = await killWriter(folder)
    expect(text.length).toBe(LENGTH)
    expect(text).toBe((text[0] ?? '').repeat(LENGTH))
    return times === 1 ? orphans : Math.max(orphans, await killMany(folder, times - 1))
  }
  const orphans = await Promise.all(folders.map((folder) => killMany(folder, 25)))
  expect(Math.max(...orphans)).toBeGreaterThan(0)
  await Promise.all(folders.map(sweepOrphans))
  expect(await Promise.all(folders.map((folder) => readdir(folder)))).toEqual([['file'], ['file']])
}, 60_000)

test('the sweep takes only what dead writers left', async () => {
  const folder = await tempFolder()
  const random = '0123456789abcdef'
  const dead = `.haproxy.cfg.2147483647.${random}.tmp`
  const earlier = `.haproxy.cfg.${process.pid}.${random}.tmp`
  const others = [
    `.haproxy.cfg.1.${random}.tmp`,
    `haproxy.cfg.2147483647.${random}.tmp`,
    '.haproxy.cfg.2147483647.tmp',
    `.haproxy.cfg.2147483647.${random}.tmp.keep`,
  ]
  await Promise.all([dead, earlier, ...others].map((name) => writeFile(join(folder, name), '')))
  await mkdir(join(folder, `.folder.2147483647.${random}.tmp`))
  expect(await sweepOrphans(folder)).toEqual([dead, earlier].toSorted())
  expect(await readdir(folder)).toEqual([...others, `.folder.2147483647.${random}.tmp`].toSorted())
  expect(await sweepOrphans(join(folder, 'nowhere'))).toEqual([])
})
