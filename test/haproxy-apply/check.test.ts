import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { haproxy, makeRig } from './rig.ts'

const ROUTED = {
  sections:
    'frontend web\n  bind 127.0.0.1:1\n  http-request deny if { path,map(MAP(web-exact.map)) -m found }\n',
  maps: { 'web-exact.map': '/ a\n' },
}

describe.skipIf(haproxy === undefined)('check', () => {
  test('finds maps that are not in their place yet, and touches nothing', async () => {
    const rig = await makeRig()
    expect(await rig.hold.check(rig.bundle(ROUTED))).toEqual({ state: 'accepted', messages: [] })
    expect(existsSync(rig.options.mapsDir)).toBe(false)
    expect(existsSync(rig.options.configFile)).toBe(false)
    expect(await readdir(rig.options.stagingDir)).toEqual([])
  })

  test("without root's rights as well", async () => {
    const rig = await makeRig({ checkUser: 'Drop' })
    expect(await rig.hold.check(rig.bundle(ROUTED))).toMatchObject({ state: 'accepted' })
  })

  test('names a map by the path it will have', async () => {
    const rig = await makeRig()
    const sections = ROUTED.sections.replace('map(', 'map_ip(')
    const bad = rig.bundle({ ...ROUTED, sections })
    const outcome = await rig.hold.check(bad)
    expect(outcome).toMatchObject({ state: 'rejected' })
    expect(JSON.stringify(outcome)).toContain(bad.files[0]?.path)
    expect(JSON.stringify(outcome)).not.toContain(rig.options.stagingDir)
  })

  test('tells the line of the rendered file', async () => {
    const rig = await makeRig()
    const refused = rig.bundle({ sections: 'frontend web\n  no-such-word\n' })
    const line = refused.config.split('\n').indexOf('  no-such-word') + 1
    expect(await rig.hold.check(refused)).toMatchObject({
      state: 'rejected',
      messages: [{ severity: 'error', line }],
    })
  })

  test('warnings refuse the configuration where the settings say so', async () => {
    const rig = await makeRig()
    const warned = rig.bundle({ sections: 'frontend web\n  default_backend b\nbackend b\n' })
    const report = await rig.hold.check(warned)
    expect(report).toMatchObject({ state: 'accepted', messages: [{ severity: 'warning' }] })
    const reject = await rig.with({ warnings: 'Reject' }).hold.check(warned)
    expect(reject).toMatchObject({ state: 'rejected', messages: [{ severity: 'error' }] })
  })
})
