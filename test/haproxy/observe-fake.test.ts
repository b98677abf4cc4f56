import { once } from 'node:events'
import { rename } from 'node:fs/promises'
import type { Server } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { observeProcess } from '../../src/haproxy/observe.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { tempFolder } from '../files/temp-folder.ts'
import { captured } from './captured.ts'

const desired: Bundle = {
  config: '',
  sections: [],
  files: [],
  structure: '',
  live: { servers: new Map(), maps: new Map(), certificates: new Map() },
  fixed: new Map(),
  secrets: [],
}

function observe(socketPath: string, timeoutMs: number): ReturnType<typeof observeProcess> {
  return observeProcess({ socketPath, target: '@1', timeoutMs }, desired)
}

async function listen(path: string, answer: (line: string) => string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => socket.end(answer(String(chunk).trim())))
  })
  server.listen(path)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return server
}

/** Answers as 3.2 does; `infoPids` are told one after the other, the last again and again. */
function answerer(infoPids: number[]): (line: string) => string {
  const info = captured('3.2', 'show-info')
  return (line) => {
    if (line === 'show proc') return captured('3.2', 'show-proc-reload-failed')
    if (line === '@1 show backend') return '# name\nbe\n\n'
    if (line === '@1 show servers state') return captured('3.2', 'show-servers-state')
    if (line === '@1 show map') return captured('3.2', 'show-map')
    if (line.startsWith('@1 show map ')) return '0x55d1 farmer.io api\n\n'
    if (line !== '@1 show info') return 'Variable not found.\n\n'
    const pid = infoPids.length > 1 ? infoPids.shift() : infoPids[0]
    return info.replace(/^Pid: .*$/m, `Pid: ${pid}`)
  }
}

test('3.2 after a failed reload: the worker that answers is the worker', async () => {
  const path = join(await tempFolder(), 'm.sock')
  await listen(path, answerer([21110]))
  const seen = await observe(path, 5000)
  expect(seen).toMatchObject({
    state: 'running',
    process: {
      version: '3.2.26-1',
      masterPid: 20999,
      failedReloads: 1,
      worker: { pid: 21110, reloads: 1 },
      oldWorkers: [{ pid: 21004 }, { pid: 21001 }],
    },
  })
})

test('a reload between two answers: looked at again', async () => {
  const path = join(await tempFolder(), 'm.sock')
  await listen(path, answerer([21004, 21110, 21110]))
  expect(await observe(path, 5000)).toMatchObject({
    state: 'running',
    process: { worker: { pid: 21110 } },
  })
})

test('a master that hangs up where the stamp is asked for: unknown, not another process', async () => {
  const path = join(await tempFolder(), 'm.sock')
  const answer = answerer([21110])
  await listen(path, (line) => (line.startsWith('@1 get var') ? '' : answer(line)))
  expect(await observe(path, 5000)).toMatchObject({
    state: 'unknown',
    failure: { message: expect.stringContaining('without an answer'), transient: true },
  })
})

test('reloads without end: unknown', async () => {
  const path = join(await tempFolder(), 'm.sock')
  await listen(path, answerer([1, 2, 3, 4]))
  expect(await observe(path, 5000)).toMatchObject({
    state: 'unknown',
    failure: { reason: 'haproxy-unreachable', transient: true },
  })
})

test('something else listens there: unknown', async () => {
  const path = join(await tempFolder(), 'm.sock')
  await listen(path, () => 'HTTP/1.1 400 Bad Request\r\n\r\n')
  expect(await observe(path, 5000)).toMatchObject({
    state: 'unknown',
    failure: { message: expect.stringContaining('does not answer as HAProxy does') },
  })
})

test('it does not answer in time: unknown, not down', async () => {
  const path = join(await tempFolder(), 'm.sock')
  const server = createServer({ allowHalfOpen: true })
  server.listen(path)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  expect(await observe(path, 100)).toMatchObject({
    state: 'unknown',
    failure: { reason: 'timeout' },
  })
})

/** The socket file that a killed HAProxy leaves behind. */
async function leaveSocket(path: string): Promise<void> {
  const server = await listen(path, () => '')
  await rename(path, `${path}.kept`)
  await new Promise((resolve) => server.close(resolve))
  await rename(`${path}.kept`, path)
}

test('a socket that nobody listens at, for long: down', async () => {
  const path = join(await tempFolder(), 'm.sock')
  await leaveSocket(path)
  expect(await observe(path, 300)).toEqual({ state: 'down' })
})

test('a socket that is taken up again is waited for', async () => {
  const path = join(await tempFolder(), 'm.sock')
  await leaveSocket(path)
  const seen = observe(path, 5000)
  const fresh = `${path}.new`
  await listen(fresh, answerer([21110]))
  await rename(fresh, path)
  expect(await seen).toMatchObject({ state: 'running' })
})
