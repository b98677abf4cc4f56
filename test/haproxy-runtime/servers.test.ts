import { describe, expect, test, vi } from 'vitest'
import { findHaproxys } from '../tools/binaries.ts'
import { applied, liveOf, makeLive, MODES, startWeb, wanted } from './rig.ts'

const backend = 'api'
const haproxys = await findHaproxys()
const cases = haproxys.flatMap((each) => MODES.map((mode) => ({ ...each, mode })))

describe.each(cases)('HAProxy, $branch, $mode', ({ binary, mode }) => {
  const sections = (lines: string) => (folder: string) => `frontend web
  bind unix@${folder}/web.sock
  default_backend api
backend api
  balance roundrobin
${lines}
backend other
  server o1 127.0.0.1:1 weight 3 id 3
`

  test('a server joins: checked, reusing connections, with traffic at once', async () => {
    const web = await startWeb('new')
    const rig = await makeLive({ binary, mode, sections: sections('') })
    const before = await rig.look()
    const words = 'weight 100 id 77 check inter 100ms rise 1 fall 1'
    const change = {
      kind: 'add-server',
      backend,
      server: wanted('i-1', web.port, words),
      admit: 'at-once',
    } as const
    const outcome = applied(await rig.change(change))
    expect(outcome).toMatchObject({ action: 'runtime', ran: [change] })
    expect(outcome.workerPid).toBeGreaterThan(1)
    expect(liveOf(outcome).servers.get(backend)).toMatchObject([
      { name: 'i-1', address: '127.0.0.1', port: web.port, weight: 100, admin: 'ready' },
    ])
    // What was not touched is what it was.
    if (before.running.state !== 'running') throw new Error('not running')
    const { servers } = before.running.process.live
    expect(liveOf(outcome).servers.get('other')).toBe(servers.get('other'))
    expect(await rig.fetch('web')).toBe('new')
    await vi.waitFor(async () => expect((await rig.server(backend, 'i-1'))?.check).toBe('passed'))
    expect(await rig.live()).toMatchObject({ servers: expect.any(Map) })
  })

  test('a server that is admitted when checked has no traffic until it has its weight', async () => {
    const [old, web] = [await startWeb('old'), await startWeb('new')]
    const rig = await makeLive({
      binary,
      mode,
      sections: sections(`  server i-0 127.0.0.1:${old.port} weight 100 id 5`),
    })
    web.healthy = false
    const server = wanted('i-1', web.port, 'weight 100 id 77 check inter 50ms rise 1 fall 1')
    applied(await rig.change({ kind: 'add-server', backend, server, admit: 'checked' }))
    expect(await rig.server(backend, 'i-1')).toMatchObject({ weight: 0, admin: 'ready' })
    await vi.waitFor(async () => expect((await rig.server(backend, 'i-1'))?.check).toBe('passed'))
    for (let n = 0; n < 10; n += 1) expect(await rig.fetch('web')).toBe('old')
    applied(await rig.change({ kind: 'set-weight', backend, server: 'i-1', weight: 100 }))
    const bodies = new Set<string>()
    for (let n = 0; n < 10; n += 1) bodies.add(await rig.fetch('web'))
    expect([...bodies].toSorted()).toEqual(['new', 'old'])
  })

  test('weight, address, port, drain, maintenance and back', async () => {
    const [web, moved] = [await startWeb('first'), await startWeb('second', '::1')]
    const rig = await makeLive({
      binary,
      mode,
      sections: sections(`  server i-1 127.0.0.1:${web.port} weight 100 id 5 check inter 50ms`),
    })
    const server = 'i-1'
    const outcome = await rig.change(
      { kind: 'set-weight', backend, server, weight: 7 },
      { kind: 'set-address', backend, server, address: '::1', port: moved.port },
      { kind: 'set-address', backend, server, address: '::1', port: moved.port },
    )
    expect(applied(outcome).ran).toHaveLength(3)
    expect(liveOf(outcome).servers.get(backend)).toMatchObject([
      { name: server, weight: 7, address: '::1', port: moved.port, admin: 'ready' },
    ])
    expect(await rig.fetch('web')).toBe('second')

    for (const state of ['drain', 'maintenance', 'drain', 'ready'] as const) {
      const set = await rig.change({ kind: 'set-state', backend, server, state, isChecked: true })
      expect(liveOf(set).servers.get(backend)?.[0]).toMatchObject({ admin: state })
      expect((await rig.server(backend, server))?.admin).toBe(state)
    }
    await rig.haproxy.ask('disable health api/i-1', '@1')
    expect((await rig.server(backend, server))?.check).toBe('none')
    applied(
      await rig.change({ kind: 'set-state', backend, server, state: 'ready', isChecked: true }),
    )
    await vi.waitFor(async () => expect((await rig.server(backend, server))?.check).toBe('passed'))
    expect(await rig.fetch('web')).toBe('second')
  })

  test('a server leaves: what it has in flight ends by itself', async () => {
    const [old, web] = [await startWeb('old'), await startWeb('new')]
    const rig = await makeLive({
      binary,
      mode,
      sections: sections(
        `  server i-0 127.0.0.1:${old.port} weight 100 id 5 check inter 50ms\n` +
          `  server i-1 127.0.0.1:${web.port} weight 0 id 6`,
      ),
    })
    const inFlight = [rig.fetch('web', '/hold'), rig.fetch('web', '/hold')]
    await vi.waitFor(() => expect(old.asked.filter((path) => path === '/hold')).toHaveLength(2))
    const server = 'i-0'
    const drained = await rig.change(
      { kind: 'set-weight', backend, server: 'i-1', weight: 100 },
      { kind: 'drain-server', backend, server },
    )
    expect(liveOf(drained).servers.get(backend)?.[0]).toMatchObject({
      admin: 'drain',
      weight: 0,
      sessions: 2,
      outForMs: 0,
    })
    expect(await rig.fetch('web')).toBe('new')

    const early = applied(
      await rig.change({ kind: 'delete-server', backend, server, isForced: false }),
    )
    expect(early).toMatchObject({ ran: [], postponed: [{ kind: 'delete-server', server }] })
    expect(liveOf(early).servers.get(backend)?.[0]).toMatchObject({
      admin: 'maintenance',
      weight: 0,
    })

    old.release()
    expect(await Promise.all(inFlight)).toEqual(['old', 'old'])
    const gone = applied(
      await rig.change({ kind: 'delete-server', backend, server, isForced: false }),
    )
    expect(gone.postponed).toBeUndefined()
    expect(
      liveOf(gone)
        .servers.get(backend)
        ?.map((s) => s.name),
    ).toEqual(['i-1'])
    expect(await rig.server(backend, server)).toBeUndefined()
  })

  test('a server moves: gone and back in one step, or out of service until nothing is in flight', async () => {
    const [old, moved, other] = [
      await startWeb('old'),
      await startWeb('moved'),
      await startWeb('other'),
    ]
    const rig = await makeLive({
      binary,
      mode,
      sections: sections(
        `  server i-0 127.0.0.1:${old.port} weight 100 id 5 check inter 50ms\n` +
          `  server i-1 127.0.0.1:${other.port} weight 0 id 6`,
      ),
    })
    const move = (port: number) =>
      ({
        kind: 'replace-server',
        backend,
        server: wanted('i-0', port, 'weight 100 id 5 check inter 50ms rise 1 fall 1'),
        admit: 'at-once',
        isForced: false,
      }) as const
    expect(await rig.fetch('web')).toBe('old')
    expect(applied(await rig.change(move(moved.port)))).toMatchObject({
      ran: [{ kind: 'replace-server' }],
    })
    expect(await rig.fetch('web')).toBe('moved')

    const inFlight = rig.fetch('web', '/hold')
    await vi.waitFor(() => expect(moved.asked).toContain('/hold'))
    const busy = applied(await rig.change(move(old.port)))
    expect(busy).toMatchObject({ ran: [], postponed: [{ kind: 'replace-server' }] })
    expect(liveOf(busy).servers.get(backend)?.[0]).toMatchObject({
      admin: 'maintenance',
      weight: 0,
      port: moved.port,
    })
    moved.release()
    expect(await inFlight).toBe('moved')
    expect(applied(await rig.change(move(old.port))).postponed).toBeUndefined()
    expect(await rig.fetch('web')).toBe('old')
  })

  test('by force, what is in flight is cut off', async () => {
    const web = await startWeb('old')
    const rig = await makeLive({
      binary,
      mode,
      sections: sections(`  server i-0 127.0.0.1:${web.port} weight 100 id 5`),
    })
    const inFlight = rig.fetch('web', '/hold').catch(String)
    await vi.waitFor(() => expect(web.asked).toContain('/hold'))
    const server = 'i-0'
    const gone = await rig.change(
      { kind: 'drain-server', backend, server },
      { kind: 'delete-server', backend, server, isForced: true },
    )
    expect(applied(gone).ran).toHaveLength(2)
    expect(liveOf(gone).servers.get(backend)).toEqual([])
    expect(await inFlight).not.toBe('old')
  })

  test('one that is named by its place joins in one round trip; a leftover of that name is in the way once', async () => {
    const web = await startWeb('new')
    const rig = await makeLive({ binary, mode, sections: sections('') })
    const name = 'i-0123456789ab-0123'
    const server = wanted(name, web.port, 'weight 100 id 5 check inter 50ms rise 1 fall 1')
    await rig.haproxy.ask(`add server api/${name} 127.0.0.1:${web.port} id 5 weight 0`, '@1')
    for (let round = 0; round < 2; round += 1) {
      applied(await rig.change({ kind: 'add-server', backend, server, admit: 'at-once' }))
      expect(await rig.server(backend, name)).toMatchObject({ weight: 100, admin: 'ready' })
      expect(await rig.fetch('web')).toBe('new')
      await vi.waitFor(async () => expect((await rig.server(backend, name))?.check).toBe('passed'))
      applied(await rig.change({ kind: 'delete-server', backend, server: name, isForced: true }))
    }
    const unusable = { ...server, words: [...server.words, 'resolvers', 'x'] }
    const refused = await rig.change({
      kind: 'add-server',
      backend,
      server: unusable,
      admit: 'at-once',
    })
    expect(refused).toMatchObject({ result: { failure: { reason: 'runtime-refused' } } })
    expect(liveOf(refused).servers.get(backend)).toEqual([])
  })

  test('a leftover of that name is in the way once', async () => {
    const web = await startWeb('new')
    const rig = await makeLive({
      binary,
      mode,
      sections: sections(''),
    })
    const server = wanted('i-1', web.port, 'weight 100 id 5')
    for (const id of [5, 6]) {
      await rig.haproxy.ask(`add server api/i-1 127.0.0.1:1 id ${id} check`, '@1')
      applied(await rig.change({ kind: 'add-server', backend, server, admit: 'at-once' }))
      expect(await rig.fetch('web')).toBe('new')
      applied(await rig.change({ kind: 'delete-server', backend, server: 'i-1', isForced: true }))
    }
    await rig.haproxy.ask('add server api/i-2 127.0.0.1:1 id 5', '@1')
    const outcome = await rig.change({ kind: 'add-server', backend, server, admit: 'at-once' })
    expect(outcome).toMatchObject({ result: { failure: { reason: 'runtime-refused' } } })
    expect(
      liveOf(outcome)
        .servers.get(backend)
        ?.map((s) => s.name),
    ).toEqual(['i-2'])
  })

  test('what HAProxy refuses is told in its words; the rest of that backend is not tried', async () => {
    const rig = await makeLive({
      binary,
      mode,
      sections: sections('  server i-0 127.0.0.1:1 weight 100 id 5'),
    })
    const good = { kind: 'set-weight', backend: 'other', server: 'o1', weight: 9 } as const
    const outcome = await rig.change(
      {
        kind: 'add-server',
        backend,
        server: wanted('i-1', 1, 'weight 100 id 9 resolvers x'),
        admit: 'at-once',
      },
      { kind: 'drain-server', backend, server: 'i-0' },
      good,
    )
    expect(outcome).toMatchObject({
      state: 'failed',
      rolledBack: false,
      ran: [good],
      result: {
        failure: {
          reason: 'runtime-refused',
          message: expect.stringContaining("'resolvers' option is not accepted for dynamic server"),
        },
      },
    })
    expect(liveOf(outcome).servers.get(backend)).toMatchObject([{ name: 'i-0', admin: 'ready' }])
    expect(liveOf(outcome).servers.get('other')).toMatchObject([{ weight: 9 }])
  })

  test('a server or a backend that is not there is a refusal', async () => {
    const rig = await makeLive({ binary, mode, sections: sections('') })
    for (const [where, reply] of [
      [backend, 'No such server'],
      ['none', 'No such'],
    ] as const) {
      const change = { kind: 'set-weight', backend: where, server: 'none', weight: 1 } as const
      expect(await rig.change(change)).toMatchObject({
        result: {
          failure: { reason: 'runtime-refused', message: expect.stringContaining(reply) },
        },
      })
    }
  })
})
