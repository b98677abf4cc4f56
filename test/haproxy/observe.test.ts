import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCommands } from '../../src/haproxy/cli.ts'
import { observeProcess } from '../../src/haproxy/observe.ts'
import { digestOf } from '../../src/haproxy/show-map.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { tempFolder } from '../files/temp-folder.ts'
import { findHaproxys } from '../tools/binaries.ts'
import type { MadeCertificate } from './certificate.ts'
import { makeCertificate } from './certificate.ts'
import type { StartedHaproxy } from './start-haproxy.ts'
import { startHaproxy, TIMEOUTS } from './start-haproxy.ts'

const haproxys = await findHaproxys()
const digest = digestOf('farmer.io api\n')
const stamp = 'a'.repeat(64)
const timeoutMs = 5000
const still = { admin: 'ready', check: 'none' } as const

function desired(...certificates: readonly string[]): Bundle {
  return {
    config: '',
    sections: [],
    files: [],
    structure: stamp,
    live: {
      servers: new Map(),
      maps: new Map(),
      certificates: new Map(certificates.map((path) => [path, ''])),
    },
    fixed: new Map(),
    secrets: [],
  }
}

async function running(haproxy: StartedHaproxy, ...certificates: readonly string[]) {
  const question = { socketPath: haproxy.masterSocket, target: '@1', timeoutMs } as const
  const seen = await observeProcess(question, desired(...certificates))
  if (seen.state !== 'running') throw new Error(JSON.stringify(seen))
  return seen.process
}

describe.each(haproxys)('a real HAProxy, $branch', ({ binary }) => {
  let haproxy: StartedHaproxy
  let certificate: MadeCertificate

  beforeAll(async () => {
    certificate = await makeCertificate('farmer.io')
    haproxy = await startHaproxy(binary, configure)
  })
  afterAll(() => haproxy.stop())

  function mapPath(): string {
    return join(haproxy.folder, `maps/shop.https-hosts.${digest}.map`)
  }

  async function configure(folder: string): Promise<string> {
    // A name that has to be escaped on the command line.
    await writeFile(join(folder, 'a site.pem'), certificate.pem)
    await mkdir(join(folder, 'maps'))
    const map = join(folder, `maps/shop.https-hosts.${digest}.map`)
    await writeFile(map, 'farmer.io api\n')
    await writeFile(join(folder, 'maps/theirs.map'), 'x y\n')
    return `global
  stats socket ${folder}/stats.sock mode 600 level admin
  set-var proc.legate_structure str(${stamp})
defaults
  mode http
  ${TIMEOUTS}
frontend https
  bind unix@${folder}/f.sock
  bind unix@${folder}/s.sock ssl crt '${folder}/a site.pem'
  use_backend %[req.hdr(host),map_str(${map})]
  use_backend %[req.hdr(host),map_str(${folder}/maps/theirs.map)]
backend api
  server i-bb 127.0.0.1:10001 weight 20
  server i-aa [fd00::1]:10002 weight 200
backend shop.empty
`
  }

  test('the process and all of its live state', async () => {
    const paths = [join(haproxy.folder, 'a site.pem'), join(haproxy.folder, 'none.pem')]
    const seen = await running(haproxy, ...paths)
    expect(seen).toMatchObject({ reloads: 0, failedReloads: 0, oldWorkers: [], structure: stamp })
    expect(seen.version).toMatch(/^\d+\.\d/)
    expect(seen.masterPid).not.toBe(seen.worker.pid)
    expect(seen.live).toEqual({
      servers: new Map([
        [
          'api',
          [
            { name: 'i-aa', address: 'fd00::1', port: 10002, weight: 200, ...still },
            { name: 'i-bb', address: '127.0.0.1', port: 10001, weight: 20, ...still },
          ],
        ],
        ['shop.empty', []],
      ]),
      maps: new Map([
        ['shop.https-hosts.map', { path: mapPath(), digest, text: 'farmer.io api\n' }],
      ]),
      certificates: new Map([[paths[0], certificate.fingerprint]]),
    })
  })

  test("a worker's own socket tells the same but for the master", async () => {
    const master = await running(haproxy)
    const seen = await observeProcess(
      { socketPath: haproxy.statsSocket, target: undefined, timeoutMs },
      desired(),
    )
    expect(seen).toEqual({
      state: 'running',
      process: {
        ...master,
        masterPid: 0,
        worker: { ...master.worker, uptimeSeconds: expect.any(Number) },
      },
    })
  })

  test('changes at run time are seen', async () => {
    const commands = ['set server api/i-bb weight 7', 'set server api/i-bb addr 127.0.0.9 port 99']
    await runCommands(haproxy.masterSocket, commands, { timeoutMs, target: '@1' })
    expect((await running(haproxy)).live.servers.get('api')?.[1]).toEqual({
      name: 'i-bb',
      address: '127.0.0.9',
      port: 99,
      weight: 7,
      ...still,
    })
  })

  test('reloads, old workers, and a reload that fails', async () => {
    const first = await running(haproxy)
    const open = await openRequest(join(haproxy.folder, 'f.sock'))
    await haproxy.reload()
    const second = await vi.waitFor(async () => {
      const seen = await running(haproxy)
      expect(seen.worker.pid).not.toBe(first.worker.pid)
      return seen
    })
    expect(second).toMatchObject({ reloads: 1, failedReloads: 0, structure: stamp })
    expect(second.oldWorkers).toMatchObject([{ pid: first.worker.pid, reloads: 1 }])

    await appendFile(haproxy.configFile, 'bogus\n')
    await haproxy.reload()
    const third = await vi.waitFor(async () => {
      const seen = await running(haproxy)
      expect(seen.failedReloads).toBe(1)
      return seen
    })
    expect(third).toMatchObject({ reloads: 2, worker: { pid: second.worker.pid, reloads: 1 } })
    expect(third.oldWorkers.map((w) => w.pid)).toEqual([first.worker.pid])
    open.destroy()
  })

  /** A request that does not end keeps its worker from ending. */
  async function openRequest(path: string): Promise<Socket> {
    const socket = connect(path)
    await once(socket, 'connect')
    socket.write('GET / HTTP/1.1\r\n')
    await vi.waitFor(async () =>
      expect(await haproxy.ask('show info', '@1')).toContain('CurrConns: 1\n'),
    )
    return socket
  }
})

describe.each(haproxys)('a HAProxy that is not of Legate, $branch', ({ binary }) => {
  test('has no stamp, and may have no backends', async () => {
    const haproxy = await startHaproxy(
      binary,
      (folder) => `defaults\n  ${TIMEOUTS}\nfrontend f\n  bind unix@${folder}/f.sock\n`,
    )
    try {
      const seen = await running(haproxy)
      expect(seen.structure).toBeUndefined()
      expect(seen.live).toEqual({
        servers: new Map(),
        maps: new Map(),
        certificates: new Map(),
      })
    } finally {
      await haproxy.stop()
    }
  })
})

test('no socket: down', async () => {
  const path = join(await tempFolder(), 'none.sock')
  expect(await observeProcess({ socketPath: path, target: '@1', timeoutMs }, desired())).toEqual({
    state: 'down',
  })
})
