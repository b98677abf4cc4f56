import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { runProgram } from '../../src/haproxy/run-program.ts'
import { tempFolder } from '../files/temp-folder.ts'

async function script(folder: string, text: string): Promise<string> {
  const path = join(folder, 'program')
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
  return path
}

/** A zombie has ended: it waits for whoever adopted it. */
async function hasEnded(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat === '' || / Z /.test(stat)
}

test('exit code, both outputs, arguments as they are', async () => {
  const program = await script(await tempFolder(), 'echo "$1"; echo "$2" >&2; exit 3')
  const end = await runProgram(program, ['a b', '$(c)'], { timeoutMs: 10_000 })
  expect(end).toEqual({
    state: 'ended',
    exitCode: 3,
    killedBy: undefined,
    stdout: 'a b\n',
    stderr: '$(c)\n',
  })
})

test('death by a signal is told', async () => {
  const program = await script(await tempFolder(), 'kill -SEGV $$')
  const end = await runProgram(program, [], { timeoutMs: 10_000 })
  expect(end).toMatchObject({ state: 'ended', exitCode: undefined, killedBy: 'SIGSEGV' })
})

test('what is not there is not started', async () => {
  const end = await runProgram('/nonexistent/program', [], { timeoutMs: 10_000 })
  expect(end).toEqual({ state: 'not-started', code: 'ENOENT' })
})

test('a flood of output is read to its end and kept in part', async () => {
  const program = await script(await tempFolder(), 'head -c 3000000 /dev/zero | tr "\\0" x')
  const env = { PATH: '/usr/bin:/bin' }
  const end = await runProgram(program, [], { timeoutMs: 10_000, env })
  expect(end).toMatchObject({ state: 'ended', exitCode: 0 })
  expect(end.state === 'ended' && end.stdout.length).toBe(1024 * 1024)
})

test.each(['deadline', 'aborted'] as const)('%s: the whole group is killed', async (why) => {
  const folder = await tempFolder()
  const pids = join(folder, 'pids')
  const program = await script(folder, `sleep 60 & echo $$ $! > ${pids}; wait`)
  const abort = new AbortController()
  const running = runProgram(program, [], {
    timeoutMs: why === 'deadline' ? 1500 : 60_000,
    signal: abort.signal,
    env: { PATH: '/usr/bin:/bin' },
  })
  const started = await vi.waitFor(
    async () => {
      const found = (await readFile(pids, 'utf8')).trim().split(' ').map(Number)
      if (found.length !== 2) throw new Error('not yet')
      return found
    },
    { timeout: 1400 },
  )
  if (why === 'aborted') abort.abort()
  expect(await running).toEqual({ state: why })
  await vi.waitFor(async () =>
    expect(await Promise.all(started.map(hasEnded))).toEqual([true, true]),
  )
})

test('aborted before it starts, it does not start', async () => {
  const folder = await tempFolder()
  const program = await script(folder, `: > ${join(folder, 'marker')}`)
  const end = await runProgram(program, [], { timeoutMs: 10_000, signal: AbortSignal.abort() })
  expect(end).toEqual({ state: 'aborted' })
  await expect(readFile(join(folder, 'marker'))).rejects.toThrow('ENOENT')
})
