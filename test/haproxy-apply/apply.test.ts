import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { WantedServer } from '../../src/model/bundle.ts'
import { sealConfig } from '../../src/model/target-file.ts'
import { plan } from '../../src/plan/plan.ts'
import { RULES } from '../plan/rules.ts'
import { freePort } from '../tools/free-port.ts'
import { answering, failureOf, fetchWord, haproxy, makeRig, type Rig } from './rig.ts'

/** HAProxy runs and answers `one`; Legate holds it by its master socket only. */
async function running(): Promise<{ rig: Rig; port: number; started: Rig }> {
  const started = await makeRig()
  const port = await freePort()
  await started.apply(started.bundle({ sections: answering(port, 'one') }))
  return { rig: started.with({ mode: 'master-socket' }), port, started }
}

describe.skipIf(haproxy === undefined)('master-socket', () => {
  test('a reload is proven: stamp, new worker, live servers', async () => {
    const { rig, port } = await running()
    const before = await rig.seen()
    const bundle = rig.bundle({
      sections: `${answering(port, 'two')}backend b\n  server s 10.0.0.1:80 weight 7\n`,
      servers: { b: [{ name: 's', address: '10.0.0.1', port: 80, weight: 7 }] },
    })

    const outcome = await rig.apply(bundle)

    const seen = await rig.seen()
    expect(outcome).toMatchObject({ state: 'applied', action: 'reload', workerPid: seen.workerPid })
    expect(seen.workerPid).not.toBe(before.workerPid)
    expect(seen.structure).toBe(bundle.structure)
    expect(await fetchWord(port)).toBe('two')
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(bundle.config)
    expect((await stat(rig.options.configFile)).mode & 0o777).toBe(0o640)
    expect(existsSync(`${rig.options.stateDir}/previous.cfg`)).toBe(false)
  })

  test('what HAProxy refuses at the reload leaves the old one serving, and says why', async () => {
    const { rig, port } = await running()
    const old = await readFile(rig.options.configFile, 'utf8')
    const before = await rig.seen()
    const refused = {
      ...rig.bundle({ sections: 'frontend web\n  no-such-word hush\n' }),
      secrets: ['hush'],
    }

    const failure = failureOf(await rig.apply(refused))

    expect(failure).toMatchObject({ reason: 'reload-failed', rolledBack: true })
    expect(failure.message).toContain('HAProxy says that the reload failed')
    const seen = await rig.seen()
    expect(seen).toMatchObject({
      masterPid: before.masterPid,
      structure: before.structure,
      failedReloads: 0,
    })
    expect(await fetchWord(port)).toBe('one')
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(old)
    const rejected = await readFile(`${rig.options.stateDir}/haproxy.cfg.rejected`, 'utf8')
    expect(rejected).toContain('no-such-word <masked>')
    expect((await stat(`${rig.options.stateDir}/haproxy.cfg.rejected`)).mode & 0o777).toBe(0o600)
    expect(existsSync(`${rig.options.stateDir}/previous.cfg`)).toBe(false)
  })

  test("under supervise HAProxy's own words are told, without secrets", async () => {
    const { started: rig } = await running()
    const refused = {
      ...rig.bundle({ sections: 'frontend web\n  no-such-word hush\n' }),
      secrets: ['such'],
    }
    const failure = failureOf(await rig.apply(refused))
    expect(failure.rolledBack).toBe(true)
    const words = (failure.detail ?? []).join('\n')
    expect(words).toContain('[ALERT]')
    expect(words).toContain("unknown keyword 'no-<masked>-word'")
  })

  test('a worker that has other servers than the bundle is not proven', async () => {
    const { rig, port } = await running()
    const before = await rig.seen()
    const bundle = rig.bundle({
      sections: `${answering(port, 'two')}backend b\n  server s 10.0.0.1:80 weight 7\n`,
      servers: { b: [{ name: 's', address: '10.0.0.2', port: 80, weight: 7 }] },
    })
    const failure = failureOf(await rig.apply(bundle))
    expect(failure).toMatchObject({ reason: 'reload-unproven', rolledBack: true })
    expect(failure.message).toContain('the servers of backend b are not those of the configuration')
    expect((await rig.seen()).structure).toBe(before.structure)
    expect(await fetchWord(port)).toBe('one')
  })

  test('a HAProxy that reads another file is found out', async () => {
    const { rig, port } = await running()
    const elsewhere = rig.with({ configFile: `${rig.folder}/other.cfg` })
    const failure = failureOf(
      await elsewhere.apply(rig.bundle({ sections: answering(port, 'two') })),
    )
    expect(failure).toMatchObject({ reason: 'reload-failed', rolledBack: false })
    expect(failure.message).toContain('was not started from the file that Legate wrote')
    expect(existsSync(`${rig.folder}/other.cfg`)).toBe(false)
    expect(await fetchWord(port)).toBe('one')
  })

  test('a master that does not answer is left alone', async () => {
    const { rig, port } = await running()
    const bundle = rig.bundle({ sections: answering(port, 'two') })
    const actual = await rig.hold.observe(bundle)
    const { masterPid } = await rig.seen()
    process.kill(masterPid, 'SIGSTOP')
    onTestFinished(() => void process.kill(masterPid, 'SIGCONT'))

    const { hold } = rig.with({ socketTimeoutMs: 200 })
    const outcome = await hold.apply(bundle, { action: 'reload', reasons: [] }, actual)

    expect(failureOf(outcome)).toMatchObject({ reason: 'timeout', rolledBack: false })
    expect(await readFile(rig.options.configFile, 'utf8')).not.toBe(bundle.config)
  })

  test('maps are there before the configuration names them, and gone when nothing does', async () => {
    const { rig, port } = await running()
    const { mapsDir } = rig.options
    await mkdir(mapsDir, { recursive: true })
    await writeFile(`${mapsDir}/by-hand.map`, 'x y\n')
    const routed = (rows: string): ReturnType<Rig['bundle']> =>
      rig.bundle({
        // Not by the map alone, which needs no reload.
        global: [`description ${rows.trim()}`],
        sections: `frontend web\n  bind 127.0.0.1:${port}\n  http-request return status 200 content-type text/plain lf-string %[req.hdr(host),field(1,:),map_str(MAP(web-hosts.map),none)]\n`,
        maps: { 'web-hosts.map': rows },
      })
    const first = routed('127.0.0.1 one\n')
    expect(await rig.apply(first)).toMatchObject({ action: 'reload' })
    expect(await fetchWord(port)).toBe('one')
    const second = routed('127.0.0.1 two\n')
    expect(await rig.apply(second)).toMatchObject({ action: 'reload' })
    expect(await fetchWord(port)).toBe('two')

    const names = [
      ...second.files.map((file) => file.path.slice(mapsDir.length + 1)),
      'by-hand.map',
    ]
    expect((await readdir(mapsDir)).toSorted()).toEqual(names.toSorted())
  })

  test('a change of routes and servers alone: the process first, the file follows, all is in sync', async () => {
    const { rig, port } = await running()
    const sketch = (word: string, servers: readonly WantedServer[]): ReturnType<Rig['bundle']> => {
      const lines = servers.map(
        ({ name, port: to, words }) => `  server ${name} 127.0.0.1:${to} ${words.join(' ')}\n`,
      )
      const sections = `frontend web\n  bind 127.0.0.1:${port}\n  http-request return status 200 content-type text/plain lf-string %[req.hdr(host),field(1,:),map_str(MAP(web-hosts.map),none)]\nbackend api\n`
      const structure = 'f'.repeat(64)
      const bundle = rig.bundle({
        sections: sections + lines.join(''),
        maps: { 'web-hosts.map': `127.0.0.1 ${word}\n` },
        servers: { api: servers },
      })
      const body = bundle.config.split('\n').slice(2).join('\n')
      const config = sealConfig([body.replaceAll(bundle.structure, structure)])
      return { ...bundle, config, structure }
    }
    const server = (name: string, weight: number): WantedServer => {
      const words = ['weight', String(weight), 'id', String(weight + 1)]
      return { name, address: '127.0.0.1', port: 9, weight, words }
    }
    await rig.apply(sketch('one', [server('a', 10)]))
    const before = await rig.seen()
    const next = sketch('two', [server('a', 20), server('b', 30)])
    const live = await rig.apply(next)
    expect(live).toMatchObject({ action: 'runtime' })
    expect(await fetchWord(port)).toBe('two')
    expect(await rig.apply(next)).toMatchObject({ action: 'write' })
    expect(plan(next, await rig.hold.observe(next), RULES)).toEqual({ action: 'in-sync' })
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(next.config)
    // What the worker has loaded is known under its old path, whose file is gone.
    const third = sketch('three', [server('b', 30)])
    expect(await rig.apply(third)).toMatchObject({ action: 'runtime' })
    expect(await fetchWord(port)).toBe('three')
    expect(await rig.seen()).toMatchObject({ reloads: before.reloads, workerPid: before.workerPid })
  })

  test('a file that only a person changed is kept as .edited, and written again without a reload', async () => {
    const { rig, port } = await running()
    const bundle = rig.bundle({ sections: answering(port, 'one') })
    const edited = `${bundle.config}# a note\n`
    await writeFile(rig.options.configFile, edited)
    const before = await rig.seen()

    expect(await rig.apply(bundle)).toMatchObject({ state: 'applied', action: 'write' })

    expect(await readFile(`${rig.options.configFile}.edited`, 'utf8')).toBe(edited)
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(bundle.config)
    expect(await rig.seen()).toMatchObject({ workerPid: before.workerPid, reloads: before.reloads })
  })

  test('foreign files are kept, the first one under the plain name', async () => {
    const { rig, port } = await running()
    const { configFile } = rig.options
    const bundle = rig.bundle({ sections: answering(port, 'one') })
    await writeFile(configFile, '# mine\n')
    await rig.apply(bundle)
    await writeFile(configFile, '# mine too\n')
    await rig.apply(bundle)
    expect(await readFile(`${configFile}.before-legate`, 'utf8')).toBe('# mine\n')
    const second = (await readdir(rig.folder)).find((n) => n.includes('.before-legate.'))
    expect(await readFile(`${rig.folder}/${second}`, 'utf8')).toBe('# mine too\n')
  })

  test('a file that changes while Legate is at work is not overwritten', async () => {
    const { rig, port } = await running()
    const bundle = rig.bundle({ sections: answering(port, 'two') })
    const actual = await rig.hold.observe(bundle)
    await writeFile(rig.options.configFile, '# mine\n')

    const outcome = await rig.hold.apply(bundle, { action: 'reload', reasons: [] }, actual)

    expect(failureOf(outcome)).toMatchObject({ reason: 'interrupted', transient: true })
    expect(await readFile(rig.options.configFile, 'utf8')).toBe('# mine\n')
  })

  test('a port that another process has is found before the reload', async () => {
    const { rig, port } = await running()
    const other = await running()
    const before = await rig.seen()
    const bundle = rig.bundle({ sections: answering(other.port, 'two') })

    const failure = failureOf(await rig.apply(bundle))

    expect(failure).toMatchObject({ reason: 'preflight-failed', rolledBack: false })
    expect(failure.message).toContain(`127.0.0.1:${other.port}, where haproxy (pid `)
    expect(await rig.seen()).toMatchObject({ reloads: before.reloads })
    expect(await fetchWord(port)).toBe('one')
  })

  test('with the checks off, a port that is taken makes the reload fail, and the old one is back', async () => {
    const { started, port } = await running()
    const taken = await freePort()
    const blocker = createServer()
    blocker.listen(taken, '127.0.0.1')
    onTestFinished(() => void blocker.close())
    const rig = started.with({ preflight: 'Off' })
    const bundle = rig.bundle({
      sections: answering(port, 'two') + answering(taken, 'two').replace('web', 'more'),
    })

    const failure = failureOf(await rig.apply(bundle))

    expect(failure).toMatchObject({ reason: 'reload-failed', rolledBack: true })
    expect((failure.detail ?? []).join('\n')).toMatch(/cannot bind socket.*Address already in use/)
    expect(await fetchWord(port)).toBe('one')
  })
})

describe.skipIf(haproxy === undefined)('command', () => {
  test('reloads by the command, and proves it by the stats socket', async () => {
    const { started, port } = await running()
    const { masterPid } = await started.seen()
    const reloadCommand = [process.execPath, '-e', `process.kill(${masterPid}, 'SIGUSR2')`]
    const rig = started.with({ mode: 'command', masterSocket: '/nowhere', reloadCommand })

    const outcome = await rig.apply(rig.bundle({ sections: answering(port, 'two') }))

    const { workerPid } = await started.seen()
    expect(outcome).toMatchObject({ state: 'applied', action: 'reload', workerPid })
    expect(await fetchWord(port)).toBe('two')
  })

  test('a command that fails is told, and the previous file is back', async () => {
    const { started, port } = await running()
    const old = await readFile(started.options.configFile, 'utf8')
    const reloadCommand = [process.execPath, '-e', 'console.error("no such unit"); process.exit(5)']
    const rig = started.with({ mode: 'command', reloadCommand })

    const failure = failureOf(await rig.apply(rig.bundle({ sections: answering(port, 'two') })))

    expect(failure).toMatchObject({ reason: 'reload-failed', rolledBack: false })
    expect(failure.message).toContain('the command node ended with 5')
    expect(failure.detail).toContain('no such unit')
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(old)
  })
})

test('none writes configuration and maps, and claims no more', async () => {
  const rig = await makeRig({ mode: 'none' })
  const sections =
    'frontend web\n  http-request deny if { path,map(MAP(web-hosts.map)) -m found }\n'
  const bundle = rig.bundle({ sections, maps: { 'web-hosts.map': 'a b\n' } })
  const outcome = await rig.apply(bundle)
  expect(outcome).toMatchObject({ state: 'applied', action: 'written-only' })
  expect(await readFile(rig.options.configFile, 'utf8')).toBe(bundle.config)
  expect(await readFile(bundle.files[0]?.path ?? '', 'utf8')).toBe('a b\n')
  expect(await rig.hold.observe(bundle)).toMatchObject({ running: { state: 'not-held' } })
})
