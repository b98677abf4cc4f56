/** Exit codes 1 to 5: what is refused, what is said about it, and that everything before stays as it was. */
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ConsulAgent } from '../tools/consul-agent.ts'
import { ROOT } from '../tools/site.ts'
import { freePort } from '../tools/free-port.ts'
import { consulBackend, plainFrontend, staticBackend } from './manifests.ts'
import { haproxy, makeSite, shareConsul, until, type Site } from './rig.ts'
import { ask, startWeb } from './web.ts'

const shared = await shareConsul()

function consul(): ConsulAgent {
  if (shared === undefined) throw new Error('there is no Consul')
  return shared
}

/** A site that serves; `was` looks whether it still does, on the same files and process. */
async function makeServing(more: readonly string[] = []): Promise<{
  readonly site: Site
  readonly expectUntouched: () => Promise<void>
}> {
  const web = await startWeb('app-1')
  const site = await makeSite(
    (place) => plainFrontend(place) + staticBackend('app', { one: web }, more),
  )
  expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0, stderr: '' })
  const [config, process] = [site.files().get('haproxy.cfg'), await site.seen()]
  const expectUntouched = async (): Promise<void> => {
    expect(site.files().get('haproxy.cfg')).toBe(config)
    expect(await site.seen()).toEqual(process)
    expect(await ask({ port: site.port })).toMatchObject({ status: 200, server: 'app-1' })
  }
  return { site, expectUntouched }
}

/** A change that only a reload can make. */
function retime(site: Site, seconds = 7): void {
  site.edit('manifests/site.yaml', (text) =>
    text.replace(/( {2}timeouts: .*\n)?( {2}check: )/, `  timeouts: { server: ${seconds}s }\n$2`),
  )
}

describe.skipIf(haproxy === undefined || shared === undefined)('1: Consul does not answer', () => {
  test('without state: nothing is written, nothing started', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`
    const site = await makeSite((place) => plainFrontend(place) + consulBackend('app', 'absent'), {
      consul: { address: dead },
    })
    const before = site.files()

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(1)
    expect(stderr).toContain(dead)
    expect(stderr).toContain('nothing was written')
    expect(stdout).not.toContain('applied')
    expect(site.files()).toEqual(before)
    await expect(site.seen()).rejects.toThrow('nothing listens')
  })

  test('with state: the last good answer serves on, changed manifests are applied, and it is said', async () => {
    await consul().register({
      service: 'lasting',
      id: 'lasting-1',
      address: '127.0.0.1',
      port: await startWeb('lasting-1'),
    })
    const site = await makeSite((place) => plainFrontend(place) + consulBackend('app', 'lasting'), {
      consul: { address: consul().address },
    })
    expect((await site.legate('reconcile', '--once')).code).toBe(0)
    site.settings({ consul: { address: `http://127.0.0.1:${await freePort()}` } })

    const again = await site.legate('reconcile', '--once')

    expect(again.code).toBe(0)
    expect(again.stderr).toContain('warning[LG5005]')
    expect(again.stdout).toContain('held')
    expect(again.stdout).toContain('in sync')
    retime(site)
    const changed = await site.legate('reconcile', '--once')
    expect(changed.code).toBe(0)
    expect(changed.stdout).toContain('Action: reload')
    expect(await ask({ port: site.port })).toMatchObject({ status: 200, server: 'lasting-1' })
  })
})

describe.skipIf(haproxy === undefined)('1: the machine', () => {
  test('has no room for the maps: nothing is changed', async () => {
    const { site, expectUntouched } = await makeServing()
    site.write('file', '')
    site.settings({ haproxy: { mapsDir: site.path('file') } })

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(1)
    expect(stderr).toContain(`cannot write ${site.path('file')}/web-`)
    expect(stdout).not.toContain('applied')
    await expectUntouched()
  })

  test('has no room for the state: nothing is changed', async () => {
    const { site, expectUntouched } = await makeServing()
    site.write('file', '')
    retime(site)

    const { code, stderr } = await site.legate(
      'reconcile',
      '--once',
      '--state-dir',
      site.path('file/state'),
    )

    expect(code).toBe(1)
    expect(stderr).toContain(site.path('file/state'))
    await expectUntouched()
  })

  test('has another Legate at work on the target: its pid and the target are named', async () => {
    const { site } = await makeServing()
    retime(site)
    const env = { NODE_ENV: 'test', LEGATE_FAILPOINTS: 'before-rename:sleep(1500)' }
    let pid: number | undefined
    const first = site.run(['reconcile', '--once'], { env, onStart: (child) => (pid = child.pid) })
    const previous = (): boolean => site.files().has('state/previous.cfg')
    await until(previous)

    const second = await site.legate('reconcile', '--once')

    expect(previous()).toBe(true)
    expect(second.code).toBe(1)
    expect(second.stderr).toContain(
      `another Legate is at work on ${site.configFile}: process ${pid}\n`,
    )
    const third = await site.run(['reconcile', '--once'], { env: { LEGATE_LOCK_WAIT: '10s' } })
    expect(third.stdout).toContain('in sync')
    expect(await first).toMatchObject({ code: 0 })
  })

  test('has a HAProxy that does not reload: the old file is back', async () => {
    const { site } = await makeServing()
    const [text, process] = [site.read('haproxy.cfg'), await site.seen()]
    site.settings({
      haproxy: { hold: 'command', reloadCommand: ['true'], reloadTimeout: '300ms' },
    })
    retime(site)

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(1)
    expect(stderr).toContain('HAProxy did not take the new configuration')
    expect(stdout).not.toContain('applied')
    expect(site.read('haproxy.cfg')).toBe(text)
    expect(await site.seen()).toEqual(process)
    expect(site.read('state/haproxy.cfg.rejected')).toContain('timeout server 7s')
    expect(await ask({ port: site.port })).toMatchObject({ status: 200, server: 'app-1' })
  })
})

describe.skipIf(haproxy === undefined)('2: differences', () => {
  test.each([
    ['plan', ['plan']],
    ['a dry run', ['reconcile', '--dry-run']],
  ])('%s tells and changes nothing', async (_, command) => {
    const { site, expectUntouched } = await makeServing()
    expect(await site.legate(...command, '--detailed-exitcode')).toMatchObject({ code: 0 })
    retime(site)

    const { code, stdout } = await site.legate(...command, '--detailed-exitcode')

    expect(code).toBe(2)
    expect(stdout).toMatch(
      /Action: reload\n {2}because backend app: "timeout server" changes \(\S+site\.yaml:\d+\)/,
    )
    expect((await site.legate(...command)).code).toBe(0)
    await expectUntouched()
  })
})

describe.skipIf(haproxy === undefined)('3: manifests', () => {
  test('with mistakes: all of them are shown where they stand, and the old revision serves', async () => {
    const { site, expectUntouched } = await makeServing()
    site.edit('manifests/site.yaml', (text) =>
      text
        .replace('protocol', 'x')
        .replace('name: app }]', 'name: apq }]')
        .replace('port:', 'prt:'),
    )

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/error\[LG1002\]: .*prt/)
    expect(stderr).toMatch(/error\[LG2001\]: .*apq/)
    expect(stderr).toMatch(/--> \S*manifests\/site\.yaml:6:\d+/)
    await expectUntouched()
  })

  test('with warnings, where those are refused', async () => {
    const { site } = await makeServing()
    site.edit('manifests/site.yaml', (text) => text + staticBackend('idle', { one: 9 }))

    expect(await site.legate('validate', '--fail-on-warnings')).toMatchObject({
      code: 3,
      stdout: '',
    })
    const allowed = await site.legate('validate')

    expect(allowed.code).toBe(0)
    expect(allowed.stderr).toContain('warning[LG4001]')
  })
})

describe.skipIf(haproxy === undefined)('4: HAProxy', () => {
  test('rejects what a template made: shown at the manifest line; mended, it heals', async () => {
    const { site, expectUntouched } = await makeServing()
    const template = readFileSync(join(ROOT, 'templates/backend.cfg.njk'), 'utf8')
    site.write('templates/backend.cfg.njk', `${template}    no-such-word 1\n`)
    site.settings({ templates: 'templates' })

    for (const command of [
      ['reconcile', '--once'],
      ['reconcile', '--dry-run'],
      ['plan', '--check'],
      ['render', '--check'],
      ['validate', '--check'],
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const { code, stderr } = await site.legate(...command)
      expect([command, code]).toEqual([command, 4])
      expect(stderr).toContain('error[LG7001]: HAProxy says:')
      expect(stderr).toContain('no-such-word')
      expect(stderr).toMatch(/--> \S*manifests\/site\.yaml:(1\d|20):\d+/)
    }
    await expectUntouched()

    cpSync(join(ROOT, 'templates/backend.cfg.njk'), site.path('templates/backend.cfg.njk'))
    expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0, stderr: '' })
  })
})

describe.skipIf(haproxy === undefined)('5: a file that Legate did not write', () => {
  const foreign =
    'global\n  maxconn 10\nuserlist u\n  user joe insecure-password canary-of-joe\ndefaults\n  mode http\n'

  test('is a safety stop with the diff, until it may be taken over', async () => {
    const site = await makeSite((place) => plainFrontend(place) + staticBackend('app', { one: 9 }))
    site.write('haproxy.cfg', foreign)

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(5)
    expect(stderr).toContain('safety stop: the target file was not written by Legate')
    expect(stderr).toContain('--allow-takeover lets it pass')
    expect(stdout).toContain('-  maxconn 10\n')
    expect(stdout).toContain('+frontend web from ')
    expect(stdout + stderr).not.toContain('canary-of-joe')
    expect(site.read('haproxy.cfg')).toBe(foreign)
    await expect(site.seen()).rejects.toThrow('nothing listens')

    const dry = await site.legate('reconcile', '--dry-run')
    expect(dry.code).toBe(5)
    expect(dry.stderr).toContain('--allow-takeover')

    expect((await site.legate('reconcile', '--once', '--allow-takeover')).code).toBe(0)
    expect(site.read('haproxy.cfg')).toContain('# Managed by Legate')
    expect(site.read('haproxy.cfg.before-legate')).toBe(foreign)
    expect((await site.legate('reconcile', '--once')).stdout).toContain('in sync')
  })
})

describe.skipIf(haproxy === undefined)('5: most of what there was', () => {
  test('does not go at once, until it may', async () => {
    const { site } = await makeServing()
    const more = ['a', 'b', 'c', 'd', 'e'].map((name) => staticBackend(name, { one: 9 }))
    site.write('manifests/more.yaml', more.join(''))
    expect((await site.legate('reconcile', '--once')).code).toBe(0)
    const full = site.files().get('haproxy.cfg')
    rmSync(site.path('manifests/more.yaml'))

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect(code).toBe(5)
    expect(stderr).toContain('safety stop: 5 of 8 resources would go at once')
    expect(stdout).toMatch(/^-backend e from /m)
    expect(site.files().get('haproxy.cfg')).toBe(full)
    expect((await site.legate('reconcile', '--once', '--allow-removal')).code).toBe(0)
    expect(site.read('haproxy.cfg')).not.toContain('backend e')
  })
})
