/** A daemon that is told to change nothing: it goes on looking and says what it would do, across restarts, until it may again. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { makeDaemonSite, putWebs, startDaemon } from './rig.ts'
import { remove } from './services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

describe.skipIf(haproxy === undefined || shared === undefined)('suspended', () => {
  test('nothing is applied, all is seen, a restart changes nothing, resume heals', async () => {
    const app = 'suspended'
    await putWebs(consul, app, [1, 2])
    const site = await makeDaemonSite(
      consul,
      (s) => plainFrontend(s) + consulBackend('app', app, ['capacity: { desired: 2 }']),
    )
    const daemon = await startDaemon(site)
    await daemon.servers('app', 2)
    const before = readFileSync(site.configFile, 'utf8')

    const said = await site.legate('suspend', '--reason', 'a look at\nthe cabling')
    expect(said).toMatchObject({ code: 0 })
    const status = await daemon.until((s) => s.sync === 'Suspended')
    expect(status.why[0]).toMatch(
      /^suspended by \S+@\S+ since 20\S+Z: a look at\\u\{a\}the cabling$/,
    )
    await remove(consul, `${app}-1`)
    await daemon.until((s) => s.backends[0]?.available === 1)
    await daemon.logged(/Backend\/default\/app is BelowDesired/)
    await daemon.until((s) => (s.passes['suspended'] ?? 0) > 2)
    expect(readFileSync(site.configFile, 'utf8')).toBe(before)
    const metrics = await (await fetch(`http://${site.listen}/metrics`)).text()
    expect(metrics).toMatch(/^legate_suspended 1$/m)

    expect(await daemon.stop()).toMatchObject({ code: 0 })
    const again = await startDaemon(site)
    await again.until((s) => s.sync === 'Suspended' && s.backends[0]?.available === 1)
    expect(readFileSync(site.configFile, 'utf8')).toBe(before)
    expect(again.log.match(/ suspended by /g)).toHaveLength(1)

    const resumed = await site.legate('resume')
    expect(resumed.stdout).toMatch(/^resumed; it was suspended by \S+ since \S+: a look/)
    await again.servers('app', 1)
    expect(readFileSync(site.configFile, 'utf8')).not.toBe(before)
    await again.logged('resumed: changes are applied again')
    await expect
      .poll(async () => (await fetch(`http://${site.listen}/metrics`)).text())
      .toMatch(/^legate_suspended 0$/m)
  })

  test('a single pass refuses, unless it is allowed to; a dry run only says so', async () => {
    const app = 'suspended-once'
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
    expect(await site.legate('resume')).toMatchObject({
      code: 0,
      stdout: 'nothing was suspended\n',
    })
    expect(await site.legate('suspend')).toMatchObject({ code: 0 })
    const refused = await site.legate('reconcile', '--once')
    expect(refused.code).toBe(5)
    expect(refused.stderr).toMatch(/^legate: suspended by \S+ since \S+: no reason given\n/)
    expect(refused.stderr).toContain('--allow-suspended')
    expect(() => readFileSync(site.configFile)).toThrow('ENOENT')
    const dry = await site.legate('reconcile', '--dry-run')
    expect(dry.code).toBe(0)
    expect(dry.stderr).toMatch(/^note: suspended by /)
    expect((await site.legate('reconcile', '--once', '--allow-suspended')).code).toBe(0)

    // Whatever is in the flag, it counts.
    writeFileSync(`${site.stateDir}/suspended.json`, '{"by":')
    const damaged = await site.legate('reconcile', '--once')
    expect(damaged).toMatchObject({ code: 5 })
    expect(await site.legate('resume')).toMatchObject({ code: 0 })
    expect((await site.legate('reconcile', '--once')).code).toBe(0)
  })
})
