/** What a daemon does not let through at once, or at all: how it says so, what goes on meanwhile, and what releases it. */
import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { backend, consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { ask } from '../e2e/web.ts'
import { ROOT } from '../tools/site.ts'
import {
  expectClean,
  makeDaemonSite,
  only,
  putWebs,
  serversIn,
  startDaemon,
  underLoad,
} from './rig.ts'
import { put, remove, removeTogether } from './services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

/** Backends that nobody is sent to. */
function idle(...names: readonly string[]): string {
  return names
    .map((name) =>
      backend(name, [
        'source: { static: { servers: [{ name: one, address: 127.0.0.1, port: 9 }] } }',
      ]),
    )
    .join('')
}

describe.skipIf(haproxy === undefined || shared === undefined)('held', () => {
  test('a bad manifest: said within a second, instances go on, mending heals', async () => {
    const app = 'bad-manifest'
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
    const daemon = await startDaemon(site)
    const good = (await daemon.servers('app', 1)).revision.applied
    const seen = await underLoad(site, [only(app)], async () => {
      site.edit('manifests/site.yaml', (text) => text.replace('rules:', 'rulez:'))
      const savedMs = performance.now()
      await daemon.logged(
        / error revision \w{12} is held, the last good one stays in force: \S+site\.yaml:13:3: .*rulez/,
      )
      expect(performance.now() - savedMs).toBeLessThan(1000)

      const status = await daemon.until((s) => s.sync === 'Held')
      expect(status.revision.applied).toBe(good)
      expect(status.held?.revision).toMatch(/^[0-9a-f]{64}$/)
      expect(status.held?.revision).not.toBe(good)
      expect(status.diagnostics[0]).toMatchObject({ severity: 'error', line: 13 })
      const { code, stdout } = await site.legate('status', '--detailed-exitcode')
      expect(code).toBe(2)
      expect(stdout).toMatch(/^Held since [\s\S]*revision \w{12} is held[\s\S]*rulez/)

      await putWebs(consul, app, [2])
      await daemon.until((s) => s.backends[0]?.available === 2 && s.sync === 'Held')
      await remove(consul, `${app}-1`)
      await daemon.until((s) => s.backends[0]?.available === 1 && s.sync === 'Held')

      site.edit('manifests/site.yaml', (text) => text.replace('rulez:', 'rules:'))
      await daemon.until((s) => s.sync === 'InSync')
      await daemon.logged(/info +revision \w{12} is no longer held/)
    })
    expectClean(seen)
    expect(daemon.log.match(/ is held/g)).toHaveLength(1)
    expect((await site.legate('status')).code).toBe(0)
  })

  test.each([
    [
      'a template',
      'the template folder is held',
      'templates/backend.cfg.njk',
      (): string =>
        shipped('backend.cfg.njk').replace(/^(backend .*)$/m, '$1\n    no-such-keyword on'),
      /LG7001.*no-such-keyword|no-such-keyword.*LG7001/,
    ],
    [
      'a chroot that does not exist',
      /revision \w{12} is held/,
      'manifests/global.yaml',
      (): string =>
        'apiVersion: legate/v1\nkind: Global\nmetadata: { name: g }\nspec: { chroot: /nowhere/at/all }\n',
      /held.*\/nowhere\/at\/all/,
    ],
  ])(
    '%s that only HAProxy refuses: held, instances go on, mending heals',
    async (...[, name, file, text, why]) => {
      const app = `refused-${file.slice(0, 4)}`
      await putWebs(consul, app, [1])
      const site = await makeDaemonSite(
        consul,
        (s) => plainFrontend(s) + consulBackend('app', app),
        {
          templates: 'templates',
        },
      )
      site.write('templates/README', '')
      const daemon = await startDaemon(site)
      await daemon.servers('app', 1)
      const seen = await underLoad(site, [only(app)], async () => {
        site.write(file, text())
        await daemon.logged(name)
        await putWebs(consul, app, [2])
        const held = await daemon.until((s) => s.backends[0]?.available === 2 && s.sync === 'Held')
        expect(held.why.join()).toMatch(name)
        rmSync(site.path(file))
        await daemon.servers('app', 2)
      })
      expectClean(seen)
      expect(daemon.log).toMatch(why)
      expect(daemon.log.match(/ is held, /g)).toHaveLength(1)
    },
  )

  test('the manifest folder vanishes: the last good revision goes on, and heals with it', async () => {
    const app = 'vanished'
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
    const daemon = await startDaemon(site)
    await daemon.servers('app', 1)
    const seen = await underLoad(site, [only(app)], async () => {
      renameSync(site.path('manifests'), site.path('elsewhere'))
      await daemon.until((s) => s.sync === 'Held')
      await putWebs(consul, app, [2])
      await daemon.until((s) => s.backends[0]?.available === 2 && s.sync === 'Held')
      // Empty is as bad as absent.
      site.write('manifests/README', '')
      await daemon.until((s) => s.held?.revision !== undefined)
      rmSync(site.path('manifests'), { recursive: true })
      renameSync(site.path('elsewhere'), site.path('manifests'))
      await daemon.servers('app', 2)
    })
    expectClean(seen)
    expect(daemon.log).toContain('the manifest folder is held, the last good one stays in force: ')
  })

  test('four of five instances leave at once: held, additions pass, then believed', async () => {
    const app = 'mass-departure'
    await putWebs(consul, app, [1, 2, 3, 4, 5])
    const site = await makeDaemonSite(
      consul,
      (s) => plainFrontend(s) + consulBackend('app', app, ['capacity: { desired: 5 }']),
    )
    const daemon = await startDaemon(site)
    await daemon.servers('app', 5)
    const seen = await underLoad(site, [only(app)], async () => {
      const leftMs = performance.now()
      await removeTogether(
        consul,
        [1, 2, 3, 4].map((n) => `${app}-${n}`),
      )
      const held = await daemon.until((s) => s.backends[0]?.held === true)
      expect(held.backends[0]).toMatchObject({ available: 5, level: 'Healthy' })
      expect(held.why).toEqual(['Backend/default/app: servers are kept'])
      expect(held.diagnostics.map((d) => d.code)).toContain('LG5005')
      await putWebs(consul, app, [6])
      await daemon.until((s) => s.backends[0]?.available === 6 && s.backends[0].held)
      const believed = await daemon.servers('app', 2)
      expect(performance.now() - leftMs).toBeGreaterThan(1500)
      expect(believed.backends[0]?.out).toHaveLength(4)
    })
    expectClean(seen)
    expect(daemon.log).toMatch(
      /BelowDesired .* 2 of 5 servers: mass-departure-1 .*no longer registered; /,
    )
  })

  test('instances that leave one after the other leave together, and may come back', async () => {
    const app = 'back-in-time'
    await putWebs(consul, app, [1, 2, 3, 4, 5, 6])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app), {
      guards: { backendHold: '1h' },
    })
    const daemon = await startDaemon(site)
    await daemon.servers('app', 6)
    const seen = await underLoad(site, [only(app)], async () => {
      for (const left of [5, 4, 3]) {
        await remove(consul, `${app}-${6 - left}`)
        await daemon.until((s) => s.backends[0]?.available === left && s.sync === 'InSync')
      }
      await remove(consul, `${app}-4`)
      const held = await daemon.until((s) => s.backends[0]?.held === true)
      expect(held.backends[0]?.available).toBe(3)
      await putWebs(consul, app, [2, 4])
      await daemon.servers('app', 4)
    })
    expectClean(seen)
  })

  test('nine of ten instances leave and return: HAProxy has all ten; they leave for good: one', async () => {
    const app = 'nine-of-ten'
    const [, ...nine] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `${app}-${n}`)
    const ports = await putWebs(consul, app, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
    const daemon = await startDaemon(site)
    await daemon.servers('app', 10)
    const counts: number[] = []
    const sample = (): Promise<unknown> =>
      serversIn(site).then(
        (n) => counts.push(n),
        () => undefined,
      )
    const sampler = setInterval(() => void sample(), 50)
    const seen = await underLoad(site, [only(app)], async () => {
      await removeTogether(consul, nine)
      await daemon.until((s) => s.backends[0]?.held === true)
      expect(await daemon.metrics()).toContain(
        'legate_guard_active{backend="default/app",guard="servers"} 1',
      )
      for (const [i, id] of nine.entries())
        await put(consul, { service: app, id, port: ports[i + 1] ?? 0 })
      await daemon.servers('app', 10)
      expect(Math.min(...counts)).toBe(10)
      await removeTogether(consul, nine)
      const leftMs = performance.now()
      await daemon.servers('app', 1)
      expect(performance.now() - leftMs).toBeGreaterThan(1500)
      await expect.poll(() => serversIn(site)).toBe(1)
    })
    clearInterval(sampler)
    expectClean(seen)
    expect(counts.length).toBeGreaterThan(20)
    expect(daemon.log.match(/ warn  .*servers that left together are kept/g)).toHaveLength(2)
    expect(daemon.log.match(/servers are no longer held/g)).toHaveLength(2)
  })

  test('all instances deregister: kept for holdFor, then 503, and well with the first that returns', async () => {
    const app = 'emptied'
    const [port = 0] = await putWebs(consul, app, [1, 2])
    const site = await makeDaemonSite(
      consul,
      (s) => plainFrontend(s) + consulBackend('app', app, ['onEmpty: { holdFor: 2s }']),
    )
    const daemon = await startDaemon(site)
    await daemon.servers('app', 2)
    const seen = await underLoad(site, [only(app)], async () => {
      await removeTogether(consul, [`${app}-1`, `${app}-2`])
      const held = await daemon.until((s) => s.backends[0]?.held === true, 20_000)
      expect(held.backends[0]).toMatchObject({ available: 2, level: 'Healthy' })
      await daemon.logged('Consul knows no instance any more; the 2 servers it had are kept')
    })
    expectClean(seen)
    const empty = await daemon.until((s) => s.backends[0]?.level === 'Empty', 15_000)
    expect(empty.backends[0]).toMatchObject({ available: 0, held: false })
    expect(empty.diagnostics.map((d) => d.code)).toContain('LG5001')
    await expect.poll(() => ask({ port: site.port })).toMatchObject({ status: 503 })
    await put(consul, { service: app, id: `${app}-1`, port })
    await daemon.servers('app', 1)
    expect(await ask({ port: site.port })).toMatchObject({ status: 200 })
  })

  test('more than half of all servers leave: those stay for a while, all else goes on', async () => {
    const names = ['total-a', 'total-b', 'total-c']
    for (const name of names) await putWebs(consul, name, [1, 2, 3])
    const site = await makeDaemonSite(
      consul,
      (s) =>
        plainFrontend(s).replace('name: app', 'name: total-a') +
        names.map((name) => consulBackend(name, name)).join(''),
    )
    const daemon = await startDaemon(site)
    await daemon.servers('total-c', 3)
    const seen = await underLoad(site, [only('total-a')], async () => {
      for (const name of names) await removeTogether(consul, [`${name}-1`, `${name}-2`])
      const heldMs = performance.now()
      await daemon.logged(
        'held back (server-removal): 6 of all 9 servers would go at once; --allow-removal lets it pass',
      )
      const before = (await daemon.until((s) => s.sync === 'Held')).backends[0]?.available ?? 0
      await putWebs(consul, 'total-a', [4])
      const status = await daemon.until((s) => s.backends[0]?.available === before + 1)
      expect(status.backends.some((b) => b.held)).toBe(true)
      for (const [name, count] of [
        ['total-a', 2],
        ['total-b', 1],
        ['total-c', 1],
      ] as const)
        await daemon.servers(name, count)
      expect(performance.now() - heldMs).toBeGreaterThan(2400)
      await daemon.logged('no longer held back (server-removal)')
    })
    expectClean(seen)
  })

  test('most resources of a revision go: the revision is held for a time, and instances go on', async () => {
    const app = 'removal'
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
    site.write('manifests/more.yaml', idle('a', 'b', 'c', 'd'))
    const daemon = await startDaemon(site)
    await daemon.servers('app', 1)
    const seen = await underLoad(site, [only(app)], async () => {
      rmSync(site.path('manifests/more.yaml'))
      const heldMs = performance.now()
      await daemon.logged(
        'held back (resource-removal): 4 of 7 resources would go at once; --allow-removal lets it pass',
      )
      const status = await daemon.until((s) => s.held !== undefined)
      expect(status.backends).toHaveLength(5)
      await putWebs(consul, app, [2])
      await daemon.until((s) => s.sync === 'Held' && s.backends.some((b) => b.available === 2))
      const after = await daemon.servers('app', 2)
      expect(after.backends).toHaveLength(1)
      expect(performance.now() - heldMs).toBeGreaterThan(2400)
    })
    expectClean(seen)
  })

  test('--allow-removal lets it pass at once', async () => {
    const app = 'allowed'
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app), {
      guards: { totalHold: '1h' },
    })
    site.write('manifests/more.yaml', idle('a', 'b', 'c', 'd'))
    const daemon = await startDaemon(site, { args: ['--allow-removal'] })
    await daemon.servers('app', 1)
    rmSync(site.path('manifests/more.yaml'))
    await daemon.until((s) => s.backends.length === 1 && s.sync === 'InSync')
    expect(daemon.log).not.toContain('held')
  })
})

function shipped(name: string): string {
  return readFileSync(join(ROOT, 'templates', name), 'utf8')
}
