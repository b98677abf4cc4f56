/** Servers come and go while requests are in flight, and HAProxy is restarted in the middle of it. */
import { describe, expect, test, vi } from 'vitest'
import type { ApplyOutcome } from '../../src/model/ports.ts'
import type { RuntimeChange } from '../../src/model/runtime.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { applied, liveOf, makeLive, MODES, startWeb, wanted, type LiveRig } from './rig.ts'

const haproxys = await findHaproxys()
const backend = 'api'

describe.each(haproxys)('HAProxy, $branch', ({ binary }) => {
  test('a server is taken out with 100 requests in flight: all of them are answered', async () => {
    const [old, other] = [await startWeb('old'), await startWeb('other')]
    const rig = await makeLive({
      binary,
      sections: (folder) => `frontend web
  bind unix@${folder}/web.sock
  default_backend api
backend api
  balance roundrobin
  server a 127.0.0.1:${old.port} weight 100 id 5
  server b 127.0.0.1:${other.port} weight 0 id 6
`,
    })
    const inFlight = Array.from({ length: 100 }, () => rig.fetch('web', '/hold'))
    await vi.waitFor(() => expect(old.asked).toHaveLength(100), 5000)
    const drained = await rig.change(
      { kind: 'set-weight', backend, server: 'b', weight: 100 },
      { kind: 'drain-server', backend, server: 'a' },
    )
    expect(liveOf(drained).servers.get(backend)?.[0]).toMatchObject({ sessions: 100 })
    const going = { on: true }
    const load = (async () => {
      const bodies: string[] = []
      while (going.on) bodies.push(await rig.fetch('web'))
      return bodies
    })()
    const removal: RuntimeChange = { kind: 'delete-server', backend, server: 'a', isForced: false }
    expect(applied(await rig.change(removal)).postponed).toEqual([removal])
    old.release()
    expect(new Set(await Promise.all(inFlight))).toEqual(new Set(['old']))
    await vi.waitFor(async () => {
      if ((await rig.server(backend, 'a')) !== undefined) applied(await rig.change(removal))
      expect(await rig.server(backend, 'a')).toBeUndefined()
    }, 5000)
    going.on = false
    expect(new Set(await load)).toEqual(new Set(['other']))
  })

  test('50 servers come and go under requests, and none fails', async () => {
    const [first, second] = [await startWeb('web'), await startWeb('web')]
    const rig = await makeLive({
      binary,
      sections: (folder) =>
        `frontend web\n  bind unix@${folder}/web.sock\n  default_backend api\n` +
        `backend api\n  balance random\n  server s 127.0.0.1:${first.port} weight 100 id 5\n`,
    })
    const going = { on: true }
    const load = Array.from({ length: 4 }, async () => {
      const bodies: string[] = []
      while (going.on) bodies.push(await rig.fetch('web'))
      return bodies
    })
    for (let n = 0; n < 50; n += 1) {
      const name = `i-${n}`
      const server = wanted(name, second.port, `weight 100 id ${100 + n} check inter 100ms`)
      applied(await rig.change({ kind: 'add-server', backend, server, admit: 'at-once' }))
      applied(await rig.change({ kind: 'set-weight', backend, server: name, weight: 7 }))
      applied(await rig.change({ kind: 'drain-server', backend, server: name }))
      await vi.waitFor(async () => {
        const change = { kind: 'delete-server', backend, server: name, isForced: false } as const
        expect(applied(await rig.change(change)).postponed).toBeUndefined()
      }, 5000)
    }
    going.on = false
    const bodies = (await Promise.all(load)).flat()
    expect(bodies.filter((body) => body !== 'web')).toEqual([])
    expect(bodies.length).toBeGreaterThan(50)
    expect((await rig.live()).servers.get(backend)?.map((s) => s.name)).toEqual(['s'])
  })
})

describe.each(haproxys.flatMap((each) => MODES.map((mode) => ({ ...each, mode }))))(
  'HAProxy, $branch, $mode',
  ({ binary, mode }) => {
    const names = Array.from({ length: 300 }, (_, n) => `s${n}`)
    const sections = (): string =>
      names.map((name) => `backend ${name}\n  server a 127.0.0.1:1 weight 100 id 5\n`).join('')

    async function weights(rig: LiveRig): Promise<Set<number | undefined>> {
      const { servers } = await rig.live()
      return new Set(names.map((name) => servers.get(name)?.[0]?.weight))
    }

    test('reloaded by hand in the middle of many changes: told, and heals', async () => {
      const rig = await makeLive({ binary, mode, sections })
      const changes = names.map((name): RuntimeChange => ({
        kind: 'set-weight',
        backend: name,
        server: 'a',
        weight: 7,
      }))
      const going = { on: true }
      const reloaded = rig.haproxy.reload().finally(() => (going.on = false))
      const outcomes: ApplyOutcome[] = []
      while (going.on) {
        const seen = await rig.look()
        if (seen.running.state !== 'running') continue
        outcomes.push(await rig.change(...changes))
      }
      await reloaded
      for (const outcome of outcomes)
        if (outcome.state === 'failed')
          expect(outcome).toMatchObject({
            result: {
              failure: {
                transient: true,
                reason: expect.stringMatching(/^(interrupted|haproxy-unreachable|haproxy-down)$/),
              },
            },
          })
      // What is put back afterwards is there, whatever was lost.
      await vi.waitFor(async () => applied(await rig.change(...changes)), 5000)
      expect(await weights(rig)).toEqual(new Set([7]))
    })

    test('restarted with its file: what it lost is seen, and put back', async () => {
      const rig = await makeLive({ binary, mode, sections })
      const change: RuntimeChange = { kind: 'set-weight', backend: 's1', server: 'a', weight: 7 }
      const server = wanted('b', 1, 'weight 3 id 9')
      const joined: RuntimeChange = { kind: 'add-server', backend: 's1', server, admit: 'at-once' }
      const before = liveOf(await rig.change(change, joined))
      expect(before.servers.get('s1')).toMatchObject([{ weight: 7 }, { name: 'b' }])
      await rig.haproxy.reload()
      await vi.waitFor(async () => {
        const { running } = await rig.look()
        if (running.state !== 'running') throw new Error('not yet')
        expect(running.process.live.servers.get('s1')).toMatchObject([{ name: 'a', weight: 100 }])
      }, 5000)
      const after = liveOf(await rig.change(change, joined))
      expect(after.servers.get('s1')).toEqual(before.servers.get('s1'))
    })
  },
)
