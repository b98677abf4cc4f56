/** A HAProxy that answers byte by byte, stops in the middle or says too much: the real one does so when it likes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, expect, test } from 'vitest'
import { keepOneOpen, openSession, type Session } from '../../src/haproxy/session.ts'

const folder = mkdtempSync(join(tmpdir(), 'lgs-'))
const path = join(folder, 's')
let server: Server | undefined
let session: Session | undefined

afterEach(() => {
  session?.close()
  server?.close()
  server = undefined
  rmSync(path, { force: true })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `answer` is given the commands, without `prompt`, and the connection. */
async function talk(
  commands: readonly string[],
  answer: (lines: readonly string[], socket: Socket) => Promise<void>,
): Promise<Awaited<ReturnType<Session['ask']>>> {
  server = createServer((socket) => {
    let text = ''
    socket.on('error', () => undefined)
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const lines = text.split('\n').slice(1, -1)
      if (lines.length === commands.length) void answer(lines, socket)
    })
  })
  await once(server.listen(path), 'listening')
  session = openSession(path, { timeoutMs: 5000 })
  return session.ask(commands)
}

const MANY = Array.from({ length: 200 }, (_, i) => `show servers state s${i}`)

async function send(socket: Socket, bytes: Buffer, size: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    socket.write(bytes.subarray(at, at + size))
    // oxlint-disable-next-line no-await-in-loop -- so that each piece is a read of its own
    await nextTurn()
  }
}

test.each([
  [5, 1],
  [200, 7],
])(
  '%i answers in pieces of %i bytes, which split characters and prompts, are just those',
  async (count, size) => {
    const asked = MANY.slice(0, count)
    const answers = await talk(asked, async (lines, socket) => {
      const text = ['\n> ', ...lines.map((line) => `${line}: größer 🦊\n\n> `)].join('')
      await send(socket, Buffer.from(text), size)
    })
    expect(answers).toEqual({ ok: true, value: asked.map((line) => `${line}: größer 🦊`) })
  },
)

test('who hangs up while answers gather has hung up, and what came before it is lost', async () => {
  const answers = await talk(MANY, async (lines, socket) => {
    await send(socket, Buffer.from(['\n> ', ...lines.slice(1)].join('\n\n> ')), 500)
    socket.end()
  })
  expect(answers).toMatchObject({ ok: false, failure: { reason: 'haproxy-unreachable' } })
})

test('an answer more than was asked for ends the conversation', async () => {
  const answers = await talk(['show info'], async (_, socket) => {
    await send(socket, Buffer.from('\n> one\n\n> two\n\n> '), 100)
  })
  expect(answers).toMatchObject({ ok: false, failure: { reason: 'haproxy-unreachable' } })
})

test('who says nothing more is given up when the time is over, in the middle of gathering too', async () => {
  server = createServer((socket) => socket.write('\n> \n> '))
  await once(server.listen(path), 'listening')
  session = openSession(path, { timeoutMs: 50 })
  expect(await session.ask(MANY)).toMatchObject({ ok: false, failure: { reason: 'timeout' } })
})

/** Answers `ok` to each line of each connection; `also` is what it does after each. */
async function serveAll(also: (socket: Socket) => void = () => undefined): Promise<string[][]> {
  const connections: string[][] = []
  server = createServer((socket) => {
    const heard: string[] = []
    connections.push(heard)
    socket.on('error', () => undefined)
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of chunk.split('\n').slice(0, -1)) {
        heard.push(line)
        socket.write(line === 'prompt' ? '\nmaster> ' : `${line} done\n\nmaster> `)
        if (line !== 'prompt') also(socket)
      }
    })
  })
  await once(server.listen(path), 'listening')
  return connections
}

test('of a master one connection is kept, from one session to the next', async () => {
  const connections = await serveAll()
  const open = keepOneOpen()
  for (const command of ['one', 'two', 'three']) {
    session = open(path, { timeoutMs: 5000 })
    // oxlint-disable-next-line no-await-in-loop -- one session after the other
    expect(await session.ask([command])).toEqual({ ok: true, value: [`${command} done`] })
    session.close()
  }
  expect(connections).toEqual([['prompt', 'one', 'two', 'three']])
  // Two at a time have one each.
  const [first, second] = [open(path, { timeoutMs: 5000 }), open(path, { timeoutMs: 5000 })]
  expect(await Promise.all([first.ask(['four']), second.ask(['five'])])).toEqual([
    { ok: true, value: ['four done'] },
    { ok: true, value: ['five done'] },
  ])
  first.close()
  second.close()
  expect(connections).toEqual([
    ['prompt', 'one', 'two', 'three', 'four'],
    ['prompt', 'five'],
  ])
})

test.each([
  ['that the master has ended', (socket: Socket): void => void socket.end()],
  ['on which something was said unasked', (socket: Socket): void => void socket.write('x\n\n> ')],
])('a kept connection %s is not used again', async (_, also) => {
  const later = (socket: Socket): void => void setTimeout(() => also(socket), 20)
  const connections = await serveAll(later)
  const open = keepOneOpen()
  for (const command of ['one', 'two']) {
    session = open(path, { timeoutMs: 5000 })
    // oxlint-disable-next-line no-await-in-loop -- one session after the other
    expect(await session.ask([command])).toEqual({ ok: true, value: [`${command} done`] })
    session.close()
    // oxlint-disable-next-line no-await-in-loop -- until it has come
    await pause(100)
  }
  expect(connections).toEqual([
    ['prompt', 'one'],
    ['prompt', 'two'],
  ])
})

test('a session that is closed before its answers have come leaves them to nobody', async () => {
  const connections = await serveAll()
  const open = keepOneOpen()
  const given = open(path, { timeoutMs: 5000 })
  const unheard = given.ask(['one'])
  given.close()
  expect(await unheard).toMatchObject({ ok: false })
  session = open(path, { timeoutMs: 5000 })
  expect(await session.ask(['two'])).toEqual({ ok: true, value: ['two done'] })
  expect(connections.at(-1)).toEqual(['prompt', 'two'])
})
