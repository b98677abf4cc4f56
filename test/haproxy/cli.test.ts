import { once } from 'node:events'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { escapeArgument, runCommands } from '../../src/haproxy/cli.ts'

let folder: string
let path: string
let server: Server | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'legate-'))
  path = join(folder, 's.sock')
})
afterEach(async () => {
  server?.close()
  server = undefined
  await rm(folder, { recursive: true })
})

/** Hands every connection, with all that came over it, to `answer`. */
async function serve(answer: (line: string, socket: Socket) => void): Promise<void> {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    let line = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => (line += String(chunk)))
    socket.on('end', () => answer(line, socket))
  })
  server.listen(path)
  await once(server, 'listening')
}

test('every command gets its own answer, whatever stands in it', async () => {
  const lines: string[] = []
  await serve((line, socket) => {
    lines.push(line)
    socket.write(`> \n\n$ ${line}`)
    setImmediate(() => socket.end('\n\n'))
  })
  const answers = await runCommands(path, ['show info', 'show map'], { timeoutMs: 5000 })
  expect(answers).toEqual({
    ok: true,
    value: ['> \n\n$ show info\n\n\n', '> \n\n$ show map\n\n\n'],
  })
  expect(lines).toEqual(['show info\n', 'show map\n'])
})

test('for a master, every command carries the prefix', async () => {
  await serve((line, socket) => socket.end(line))
  const answers = await runCommands(path, ['show info', 'show map'], {
    timeoutMs: 5000,
    target: '@!123',
  })
  expect(answers).toEqual({ ok: true, value: ['@!123 show info\n', '@!123 show map\n'] })
})

test('an empty answer is an answer', async () => {
  await serve((_, socket) => socket.end())
  expect(await runCommands(path, ['reload'], { timeoutMs: 5000 })).toEqual({
    ok: true,
    value: [''],
  })
})

test('nothing listens: haproxy-down, with or without a socket file', async () => {
  expect(await runCommands(path, ['show info'], { timeoutMs: 5000 })).toMatchObject({
    failure: { reason: 'haproxy-down', transient: true },
  })
  await serve(() => undefined)
  // Renamed away and back, so that closing does not remove it: what a killed HAProxy leaves.
  await rename(path, `${path}.kept`)
  await new Promise((resolve) => server?.close(resolve))
  server = undefined
  await rename(`${path}.kept`, path)
  const refused = await runCommands(path, ['show info'], { timeoutMs: 5000 })
  expect(refused).toMatchObject({ failure: { reason: 'haproxy-down' } })
  expect(JSON.stringify(refused)).toContain('ECONNREFUSED')
})

test('a master without that worker is not down', async () => {
  await serve((_, socket) => socket.end("Can't find the target PID matching the prefix '@1'\n"))
  const answer = await runCommands(path, ['show info'], { timeoutMs: 5000, target: '@1' })
  expect(answer).toMatchObject({ failure: { reason: 'haproxy-unreachable', transient: true } })
})

test('a path that is no socket, or too long for one, is a failure and not a crash', async () => {
  const long = join(folder, 'x'.repeat(200))
  expect(await runCommands(long, ['show info'], { timeoutMs: 5000 })).toMatchObject({ ok: false })
  expect(await runCommands(folder, ['show info'], { timeoutMs: 5000 })).toMatchObject({ ok: false })
})

test('no answer, or half of one, in time: timeout; later commands are not sent', async () => {
  const lines: string[] = []
  await serve((line, socket) => {
    lines.push(line)
    socket.write('half')
  })
  expect(await runCommands(path, ['show info', 'reload'], { timeoutMs: 100 })).toMatchObject({
    failure: { reason: 'timeout', transient: true },
  })
  expect(lines).toEqual(['show info\n'])
})

test('an answer that does not end is cut off', async () => {
  const chunk = Buffer.alloc(4 * 1024 * 1024, 'x')
  await serve((_, socket) => {
    const flood = (): boolean => {
      while (socket.write(chunk)) if (socket.destroyed) return false
      return socket.once('drain', flood) !== undefined
    }
    flood()
  })
  expect(await runCommands(path, ['show info'], { timeoutMs: 15_000 })).toMatchObject({
    failure: { reason: 'haproxy-unreachable', transient: false },
  })
})

test.each([
  'show info; set server b/s state maint',
  'show info\nshutdown',
  'show info\rx',
  'show info\0x',
  '@2 show info',
  'show info \\\\; reload',
  'show info \\',
  ' show info',
  '',
])('%j is refused before anything is sent', async (command) => {
  const lines: string[] = []
  await serve((line, socket) => {
    lines.push(line)
    socket.end()
  })
  await expect(runCommands(path, ['show info', command], { timeoutMs: 5000 })).rejects.toThrow(
    'not one command',
  )
  expect(lines).toEqual([])
})

test('an argument is escaped so that it stays one, and makes a command that is let through', async () => {
  expect(escapeArgument(`a b;c\\d<e"f'g\th`)).toBe(`a\\ b\\;c\\\\d\\<e\\"f\\'g\\\th`)
  await serve((line, socket) => socket.end(line))
  const command = `show ssl cert ${escapeArgument('/x;reload\\')}`
  expect(await runCommands(path, [command], { timeoutMs: 5000 })).toMatchObject({ ok: true })
  for (const bad of ['', 'a\nb', 'a\rb', 'a\0b'])
    expect(() => escapeArgument(bad)).toThrow('argument')
})
