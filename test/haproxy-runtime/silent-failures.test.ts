/**
 * What goes wrong without a word when a server is added, and does not with what Legate does about it. The
 * bare commands show that the trouble is there to be seen, in the versions that have it.
 */
import { describe, expect, test, vi } from 'vitest'
import { SILENT_FAILURES } from '../../src/haproxy/capabilities.ts'
import { atLeast } from '../../src/model/version.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { applied, makeLive, startWeb, wanted, type LiveRig } from './rig.ts'

const haproxys = await findHaproxys()
const backend = 'api'

function sectionsWith(balance: string): (folder: string) => string {
  return (folder) =>
    `frontend web\n  bind unix@${folder}/web.sock\n  default_backend api\nbackend api\n  balance ${balance}\n`
}

async function versionOf(rig: LiveRig): Promise<string> {
  const { running } = await rig.look()
  return running.state === 'running' ? running.process.version : ''
}

/** Whether a version has the failure, as the table says. */
function has(version: string, word: string): boolean {
  const row = SILENT_FAILURES.find(({ name }) => name.includes(word))
  if (row === undefined) throw new Error(`no row about ${word}`)
  return row.until === undefined || !atLeast(version, row.until)
}

describe.each(haproxys)('HAProxy, $branch', ({ binary }) => {
  async function share(
    rig: LiveRig,
    names: readonly string[],
    path: (n: number) => string,
  ): Promise<readonly number[]> {
    const bodies: string[] = []
    for (let n = 0; n < 60; n += 1) bodies.push(await rig.fetch('web', path(n)))
    return names.map((name) => bodies.filter((body) => body === name).length)
  }

  test.each(['random', 'uri\n  hash-type consistent'])(
    'balance %s and the number',
    async (balance) => {
      const names = ['a', 'b', 'c']
      const webs = await Promise.all(names.map((name) => startWeb(name)))
      const bare = await makeLive({ binary, sections: sectionsWith(balance) })
      for (const [index, name] of names.entries()) {
        const place = `127.0.0.1:${webs[index]?.port}`
        await bare.haproxy.ask(`add server api/${name} ${place} weight 100`, '@1')
        await bare.haproxy.ask(`set server api/${name} state ready`, '@1')
      }
      const without = await share(bare, names, (n) => `/${n}`)
      const isMissed = has(await versionOf(bare), 'without an id')
      expect(without.includes(0), JSON.stringify(without)).toBe(isMissed)

      const rig = await makeLive({ binary, sections: sectionsWith(balance) })
      const changes = names.map((name, index) => ({
        kind: 'add-server' as const,
        backend,
        server: wanted(name, webs[index]?.port ?? 0, `weight 100 id ${index * 3333 + 5}`),
        admit: 'at-once' as const,
      }))
      applied(await rig.change(...changes))
      expect(Math.min(...(await share(rig, names, (n) => `/${n}`)))).toBeGreaterThan(3)
    },
  )

  test('connections are used again', async () => {
    const [first, second] = [await startWeb('bare'), await startWeb('web')]
    const bare = await makeLive({
      binary,
      sections: sectionsWith('roundrobin\n  http-reuse always'),
    })
    await bare.haproxy.ask(`add server api/a 127.0.0.1:${first.port} weight 100 id 5`, '@1')
    await bare.haproxy.ask('set server api/a state ready', '@1')
    for (let n = 0; n < 20; n += 1) await bare.fetch('web')
    const isMissed = has(await versionOf(bare), 'pool options')
    // Each thread may have one of its own.
    if (isMissed) expect(first.connections()).toBe(20)
    else expect(first.connections()).toBeLessThan(6)

    const rig = await makeLive({
      binary,
      sections: sectionsWith('roundrobin\n  http-reuse always'),
    })
    const server = wanted('a', second.port, 'weight 100 id 5')
    applied(await rig.change({ kind: 'add-server', backend, server, admit: 'at-once' }))
    for (let n = 0; n < 20; n += 1) expect(await rig.fetch('web')).toBe('web')
    expect(second.connections()).toBeLessThan(6)
  })

  test('checks are made', async () => {
    const sections = (folder: string): string =>
      `${sectionsWith('roundrobin')(folder)}  option httpchk GET /health\n`
    const [first, second] = [await startWeb('bare'), await startWeb('web')]
    const bare = await makeLive({ binary, sections })
    const words = 'weight 100 id 5 check inter 50ms rise 1 fall 1'
    await bare.haproxy.ask(`add server api/a 127.0.0.1:${first.port} ${words}`, '@1')
    await bare.haproxy.ask('set server api/a state ready', '@1')

    const rig = await makeLive({ binary, sections })
    const server = wanted('a', second.port, words)
    applied(await rig.change({ kind: 'add-server', backend, server, admit: 'at-once' }))
    second.healthy = false
    await vi.waitFor(async () => expect((await rig.server(backend, 'a'))?.check).toBe('failed'))
    expect(await rig.fetch('web')).toBe('503')
    // For as long as that took, nobody has asked the other one.
    expect(first.asked).toEqual([])
    expect((await bare.server(backend, 'a'))?.check).toBe('none')
  })

  test('a host name is never given to it', async () => {
    const rig = await makeLive({ binary, sections: sectionsWith('roundrobin') })
    const server = wanted('a', 80, 'weight 100 id 5', { address: 'localhost' })
    await expect(
      rig.change({ kind: 'add-server', backend, server, admit: 'at-once' }),
    ).rejects.toThrow('not an address')
  })
})
