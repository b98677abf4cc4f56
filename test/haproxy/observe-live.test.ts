/** Admin states, checks, sessions and maps as every branch of HAProxy shows them. */
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { LiveMemory } from '../../src/haproxy/live-memory.ts'
import { observeProcess } from '../../src/haproxy/observe.ts'
import { digestOf } from '../../src/haproxy/show-map.ts'
import type { RunningServer, RunningState } from '../../src/model/runtime.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { sketchBundle } from '../tools/bundle.ts'
import { startHaproxy, TIMEOUTS, type StartedHaproxy } from './start-haproxy.ts'

const haproxys = await findHaproxys()
const desired = sketchBundle({ statsSocket: '/none' })
const ODD = "a.io api\nb.io b'c%d\nc.io 'd\ne.io \\f\nb.io again\n*.io \u00fcber\n"

describe.each(haproxys)('HAProxy, $branch', ({ binary }) => {
  let haproxy: StartedHaproxy
  let server: Server
  let held: (() => void)[] = []
  let nowMs = 0
  const memory = new LiveMemory(() => nowMs)

  beforeAll(async () => {
    server = createServer((asked, answer) => {
      if (asked.url === '/hold') held.push(() => void answer.end('held'))
      else answer.end('ok')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    haproxy = await startHaproxy(binary, configure)
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await haproxy.stop()
  })

  async function configure(folder: string): Promise<string> {
    await mkdir(join(folder, 'maps'))
    await writeFile(mapPath(folder, ODD), ODD)
    await writeFile(mapPath(folder, ''), '')
    const port = String((server.address() as AddressInfo).port)
    return `global
  stats socket ${folder}/stats.sock mode 600 level admin
defaults
  mode http
  ${TIMEOUTS}
  timeout client 60s
  timeout server 60s
frontend web
  bind unix@${folder}/f.sock
  use_backend %[req.hdr(host),map(${mapPath(folder, ODD)})] if { path /never }
  use_backend %[req.hdr(host),map_beg(${mapPath(folder, '')})] if { path /never }
  default_backend held
backend held
  server one 127.0.0.1:${port}
  server two 127.0.0.1:1 disabled
backend checked
  server good 127.0.0.1:${port} check inter 100ms
  server bad 127.0.0.1:1 check inter 100ms
  server slow 127.0.0.1:${port} check inter 150ms
  server unchecked 127.0.0.1:1
`
  }

  function mapPath(folder: string, text: string): string {
    return join(folder, `maps/${text === '' ? 'empty' : 'odd'}.${digestOf(text)}.map`)
  }

  async function live(target: '@1' | undefined = '@1', recall = memory): Promise<RunningState> {
    const socketPath = target === undefined ? haproxy.statsSocket : haproxy.masterSocket
    const question = { socketPath, target, timeoutMs: 5000, memory: recall }
    const seen = await observeProcess(question, desired)
    if (seen.state !== 'running') throw new Error(JSON.stringify(seen))
    return seen.process.live
  }

  async function server1(): Promise<RunningServer | undefined> {
    return (await live()).servers.get('held')?.[0]
  }

  test('what HAProxy checks, and what its checks say', async () => {
    await vi.waitFor(async () => {
      const servers = (await live()).servers.get('checked')
      expect(servers?.map((s) => [s.name, s.check])).toEqual([
        ['bad', 'failed'],
        ['good', 'passed'],
        ['slow', 'passed'],
        ['unchecked', 'none'],
      ])
    }, 10_000)
  })

  test('a map is what is in it, byte for byte', async () => {
    const { maps } = await live()
    expect([...maps.keys()].toSorted()).toEqual(['empty.map', 'odd.map'])
    expect(maps.get('odd.map')).toEqual({
      path: mapPath(haproxy.folder, ODD),
      digest: digestOf(ODD),
      text: ODD,
    })
    expect(maps.get('empty.map')).toMatchObject({ digest: digestOf(''), text: '' })
    await haproxy.ask(`set map ${mapPath(haproxy.folder, ODD)} a.io other`, '@1')
    const text = ODD.replace('a.io api', 'a.io other')
    expect((await live()).maps.get('odd.map')).toMatchObject({ digest: digestOf(text), text })
  })

  test('nothing changed: the very same objects; else only what changed', async () => {
    // Checks are not under way for most of the time.
    const [first, second] = await vi.waitFor(async () => {
      const two = [await live(), await live()] as const
      expect(two[1].servers.get('checked')).toBe(two[0].servers.get('checked'))
      return two
    })
    expect(second.maps).toBe(first.maps)
    expect(second.certificates).toBe(first.certificates)
    await haproxy.ask('set server checked/unchecked weight 7', '@1')
    const third = await live()
    expect(third.servers.get('checked')).not.toBe(first.servers.get('checked'))
    expect(third.servers.get('checked')?.find((s) => s.name === 'unchecked')?.weight).toBe(7)
    expect(third.maps).toBe(first.maps)
  })

  test('out of service: by whom, since when, with how many sessions', async () => {
    expect((await live()).servers.get('held')).toMatchObject([
      { name: 'one', admin: 'ready' },
      { name: 'two', admin: 'maintenance', sessions: 0 },
    ])
    const answers = [ask('/hold'), ask('/hold')]
    await vi.waitFor(() => expect(held).toHaveLength(2))
    await haproxy.ask('set server held/one state drain', '@1')
    nowMs += 1000
    expect(await server1()).toMatchObject({ admin: 'drain', sessions: 2, outForMs: 0 })
    nowMs += 1500
    expect(await server1()).toMatchObject({ admin: 'drain', sessions: 2, outForMs: 1500 })
    expect((await server1())?.idleForMs).toBeUndefined()
    for (const end of held) end()
    held = []
    expect(await Promise.all(answers)).toEqual(['held', 'held'])
    await vi.waitFor(async () => expect((await server1())?.sessions).toBe(0))
    nowMs += 700
    await haproxy.ask('set server held/one state maint', '@1')
    expect(await server1()).toMatchObject({ admin: 'maintenance', outForMs: 2200, idleForMs: 700 })

    await haproxy.ask('set server held/one state ready', '@1')
    expect(await server1()).toEqual(expect.not.objectContaining({ outForMs: expect.anything() }))
    await haproxy.ask('set server held/two state ready', '@1')
    expect((await live()).servers.get('held')?.[1]?.admin).toBe('ready')
    nowMs += 5000
    await haproxy.ask('set server held/one state drain', '@1')
    expect(await server1()).toMatchObject({ admin: 'drain', outForMs: 0 })
  })

  test("a worker's own socket shows the same", async () => {
    const fresh = () => new LiveMemory(() => 0)
    expect(await live(undefined, fresh())).toEqual(await live('@1', fresh()))
  })

  function ask(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: join(haproxy.folder, 'f.sock'), path }, (answer) => {
        let body = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => (body += chunk))
        answer.on('end', () => resolve(body))
      })
      asked.on('error', reject)
      asked.end()
    })
  }
})
