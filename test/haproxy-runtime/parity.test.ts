/** A server that came by the Runtime API is the one that the file would have made. */
import { describe, expect, test, vi } from 'vitest'
import { findHaproxys } from '../tools/binaries.ts'
import {
  applied,
  makeLive,
  startWeb,
  wanted,
  type LiveRig,
  type LiveSketch,
  type Web,
} from './rig.ts'

const haproxys = await findHaproxys()

/**
 * What differs between any two servers, what only tells when something happened, and what only a weight in
 * percent refers to: a server comes with weight 0, and gets its own when it is open.
 */
const OWN_COLUMNS = ['be_id', 'be_name', 'srv_time_since_last_change', 'srv_iweight']
/** Counts for a check only. */
const OF_CHECKS = ['srv_check_health']
const CONFIG_OF_STAT = (
  'status weight act bck slim qlimit tracked type check_rise check_fall check_health addr mode ' +
  'check_status check_code check_desc uweight'
).split(' ')

type Row = Readonly<Record<string, string>>

async function stateRow(rig: LiveRig, backend: string, isChecked: boolean): Promise<Row> {
  const [, heading = '', line = ''] = (
    await rig.haproxy.ask(`show servers state ${backend}`, '@1')
  ).split('\n')
  const without = isChecked ? OWN_COLUMNS : [...OWN_COLUMNS, ...OF_CHECKS]
  return pick(heading.replace('# ', '').split(' '), line.split(' '), without)
}

function pick(names: readonly string[], cells: readonly string[], without: readonly string[]): Row {
  return Object.fromEntries(
    names.flatMap((name, index) => (without.includes(name) ? [] : [[name, cells[index] ?? '']])),
  )
}

async function poolRow(rig: LiveRig, backend: string): Promise<Row> {
  const lines = (await rig.haproxy.ask(`show servers conn ${backend}`, '@1')).split('\n')
  const [, row = ''] = lines
  const [, , , , , purgeDelay = '', , , , , , limit = ''] = row.split(' ')
  return { purgeDelay, limit }
}

async function statRow(rig: LiveRig, backend: string): Promise<Row> {
  const row = [...(await rig.stat(backend)).values()][0] ?? {}
  return Object.fromEntries(CONFIG_OF_STAT.map((name) => [name, row[name] ?? '']))
}

describe.each(haproxys)('HAProxy, $branch', ({ binary }) => {
  test.each([
    ['plain', 'weight 100 id 7', '', '127.0.0.1'],
    ['weighted, with a limit', 'weight 7 id 1048575 maxconn 50', '', '127.0.0.1'],
    ['IPv6', 'weight 256 id 9', '', '::1'],
    ['checked', 'weight 100 id 7 check inter 100ms rise 2 fall 4', '', '127.0.0.1'],
    ['checked over IPv6', 'weight 100 id 7 check inter 100ms', '', '::1'],
    [
      'checked by HTTP',
      'weight 100 id 7 check inter 100ms rise 1',
      '  option httpchk GET /health\n  http-check expect status 200-399\n',
      '127.0.0.1',
    ],
    ['weight 0', 'weight 0 id 7', '', '127.0.0.1'],
    [
      'with a pool of its own',
      'weight 5 id 7 pool-purge-delay 9s pool-max-conn 3',
      '',
      '127.0.0.1',
    ],
  ] as const)('%s', async (_, words, options, address) => {
    const web = await startWeb('web', address)
    const place = address.includes(':') ? `[${address}]:${web.port}` : `${address}:${web.port}`
    const rig = await makeLive({
      binary,
      sections: () =>
        `backend file\n  balance random\n${options}  server i-1 ${place} ${words}\n` +
        `backend live\n  balance random\n${options}`,
    })
    const server = wanted('i-1', web.port, words, { address })
    applied(await rig.change({ kind: 'add-server', backend: 'live', server, admit: 'at-once' }))
    // The same once both have been checked for long enough.
    await vi.waitFor(async () => {
      const isChecked = words.includes('check')
      const file = await stateRow(rig, 'file', isChecked)
      const live = await stateRow(rig, 'live', isChecked)
      expect(live).toEqual(file)
      expect(live['srv_op_state']).toBe('2')
      if (isChecked) expect(live['srv_check_result']).toBe('3')
    }, 5000)
    await vi.waitFor(async () =>
      expect(await statRow(rig, 'live')).toEqual(await statRow(rig, 'file')),
    )
    expect(await poolRow(rig, 'live')).toEqual(await poolRow(rig, 'file'))
  })

  /** Three servers each; those of `live` come by the Runtime API. */
  async function twins(balance: string): Promise<{ rig: LiveRig; webs: readonly Web[] }> {
    const names = ['a', 'b', 'c']
    const webs = await Promise.all(names.map((name) => startWeb(name)))
    const words = names.map((__, index) => `weight ${100 + index} id ${1000 * index + 77}`)
    const lines = names.map(
      (name, index) => `  server ${name} 127.0.0.1:${webs[index]?.port} ${words[index]}\n`,
    )
    const section: LiveSketch['sections'] = (folder) =>
      ['file', 'live']
        .map(
          (name) =>
            `frontend ${name}\n  bind unix@${folder}/${name}.sock\n  default_backend ${name}\n` +
            `backend ${name}\n  ${balance}\n${name === 'file' ? lines.join('') : ''}`,
        )
        .join('')
    const rig = await makeLive({ binary, sections: section })
    const changes = names.map((name, index) => ({
      kind: 'add-server' as const,
      backend: 'live',
      server: wanted(name, webs[index]?.port ?? 0, words[index] ?? ''),
      admit: 'at-once' as const,
    }))
    applied(await rig.change(...changes))
    return { rig, webs }
  }

  test.each(['roundrobin', 'leastconn', 'random'])(
    'balance %s: each has its share',
    async (balance) => {
      const { rig } = await twins(`balance ${balance}`)
      const bodies: string[] = []
      for (let n = 0; n < 60; n += 1) bodies.push(await rig.fetch('live'))
      for (const name of ['a', 'b', 'c'])
        expect(bodies.filter((body) => body === name).length).toBeGreaterThan(5)
    },
  )

  test('balance first: the first by number', async () => {
    const { rig } = await twins('balance first')
    for (const name of ['file', 'live']) expect(await rig.fetch(name)).toBe('a')
  })

  test('consistent hashing: the same request, the same server, and all of them have some', async () => {
    const { rig } = await twins('balance uri\n  hash-type consistent')
    const [file, live]: [string[], string[]] = [[], []]
    for (let n = 0; n < 60; n += 1) {
      file.push(await rig.fetch('file', `/${n}`))
      live.push(await rig.fetch('live', `/${n}`))
    }
    expect(live).toEqual(file)
    expect(new Set(live)).toEqual(new Set(['a', 'b', 'c']))
  })
})
