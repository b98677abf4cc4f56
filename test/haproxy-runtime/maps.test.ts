import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../src/haproxy/show-map.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { applied, liveOf, makeLive, MODES, type LiveRig } from './rig.ts'

const haproxys = await findHaproxys()
const cases = haproxys.flatMap((each) => MODES.map((mode) => ({ ...each, mode })))

describe.each(cases)('HAProxy, $branch, $mode', ({ binary, mode }) => {
  const before = 'a.io one\nb.io two\n'

  async function withMap(): Promise<{ readonly rig: LiveRig; readonly path: string }> {
    let path = ''
    const rig = await makeLive({
      binary,
      mode,
      sections: async (folder) => {
        path = join(folder, `maps/web-hosts.${digestOf(before)}.map`)
        await mkdir(join(folder, 'maps'))
        await writeFile(path, before)
        return `frontend web
  bind unix@${folder}/web.sock
  http-request return status 200 content-type text/plain lf-string %[req.hdr(host),map_str(${path},none)]
`
      },
    })
    return { rig, path }
  }

  function route(rig: LiveRig, host: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socketPath = join(rig.haproxy.folder, 'web.sock')
      const asked = request({ socketPath, headers: { host }, agent: false }, (answer) => {
        let body = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => (body += chunk))
        answer.on('end', () => resolve(body))
      })
      asked.on('error', reject)
      asked.end()
    })
  }

  const MAP = 'web-hosts.map'

  test('all entries change at once; the content is what a file would have', async () => {
    const { rig, path } = await withMap()
    const text = "c.io three\na.io uno\nd.io b'c%d\\e\n"
    const outcome = applied(await rig.change({ kind: 'set-map', map: MAP, path, text }))
    expect(liveOf(outcome).maps.get(MAP)).toEqual({ path, text, digest: digestOf(text) })
    expect((await rig.live()).maps.get(MAP)).toEqual({ path, text, digest: digestOf(text) })
    expect(await route(rig, 'a.io')).toBe('uno')
    expect(await route(rig, 'b.io')).toBe('none')
    expect(await route(rig, 'd.io')).toBe("b'c%d\\e")
  })

  test('no entries', async () => {
    const { rig, path } = await withMap()
    applied(await rig.change({ kind: 'set-map', map: MAP, path, text: '' }))
    expect((await rig.live()).maps.get(MAP)).toMatchObject({ text: '' })
    expect(await route(rig, 'a.io')).toBe('none')
  })

  test('more than a command can hold', async () => {
    const { rig, path } = await withMap()
    const lines = Array.from({ length: 5000 }, (_, n) => `host-${n}.farmer.io backend-${n}\n`)
    const text = lines.join('')
    applied(await rig.change({ kind: 'set-map', map: MAP, path, text }))
    expect((await rig.live()).maps.get(MAP)?.digest).toBe(digestOf(text))
    expect(await route(rig, 'host-4999.farmer.io')).toBe('backend-4999')
  })

  test('several in a row: the last one counts', async () => {
    const { rig, path } = await withMap()
    const grown = `${before}c.io three\n`
    const final = 'c.io three\n'
    const outcome = await rig.change(
      { kind: 'set-map', map: MAP, path, text: grown },
      { kind: 'set-map', map: MAP, path, text: final },
    )
    expect(applied(outcome).ran).toHaveLength(2)
    expect(liveOf(outcome).maps.get(MAP)?.text).toBe(final)
  })

  test('a map that the worker has not loaded, or an entry it does not take, changes nothing', async () => {
    const { rig, path } = await withMap()
    const other = path.replace('web', 'other')
    expect(
      await rig.change({ kind: 'set-map', map: MAP, path: other, text: 'a b\n' }),
    ).toMatchObject({
      state: 'failed',
      result: { failure: { message: expect.stringContaining('Unknown map') } },
    })
    const text = 'a.io uno\nonly-a-key\n'
    expect(await rig.change({ kind: 'set-map', map: MAP, path, text })).toMatchObject({
      state: 'failed',
      result: { failure: { reason: 'runtime-refused' } },
    })
    expect((await rig.live()).maps.get(MAP)?.text).toBe(before)
    expect(await route(rig, 'a.io')).toBe('one')
  })
})
