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
    socket.on('data', (chunk) => {
      const [first = '', ...lines] = String(chunk).trim().split('\n')
      if (first !== 'prompt') return socket.end(answer(first))
      return socket.write(['', ...lines.map(answer)].map((text) => `${text}\nmaster> `).join(''))
    })
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
    if (line.startsWith('@!'))
      return line.startsWith(`@!${infoPids[0]} show map `)
        ? '0x55d1 farmer.io api\n'
        : "Can't find the target process using the format @!<pid>\n"
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

test('servers that are out in many backends are asked about over one connection', async () => {
  const path = join(await tempFolder(), 'm.sock')
  const [version, heading] = captured('3.2', 'show-servers-state').split('\n')
  const names = Array.from({ length: 50 }, (_, i) => `be${i}`)
  const out = names.map(
    (name) => `3 ${name} 1 s1 127.0.0.1 2 8 0 0 1 1 0 2 0 0 0 0 - 18212 - 0 0 - - 0\n`,
  )
  const answer = answerer([21110])
  const server = await listen(path, (line) => {
    if (line === '@1 show backend') return `# name\n${names.join('\n')}\n\n`
    if (line === '@1 show servers state') return `${version}\n${heading}\n${out.join('')}\n`
    const asked = /^@!21110 show stat (be\d+) 4 -1$/.exec(line)?.[1]
    return asked === undefined ? answer(line) : `# pxname,svname,qcur,scur\n${asked},s1,1,2\n`
  })
  let connections = 0
  server.on('connection', () => (connections += 1))
  const seen = await observe(path, 5000)
  if (seen.state !== 'running') throw new Error(JSON.stringify(seen))
  const sessions = names.map((name) => seen.process.live.servers.get(name)?.[0]?.sessions)
  expect(sessions).toEqual(names.map(() => 3))
  expect(connections).toBeLessThan(10)
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
