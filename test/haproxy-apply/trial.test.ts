/** HAProxy really starts with the candidate, beside the one that serves, before that is touched. */
import { existsSync } from 'node:fs'
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { tryStart } from '../../src/haproxy/trial.ts'
import { SYSTEM_CLOCK } from '../../src/haproxy/options.ts'
import { findTrialGround } from '../../src/haproxy/trial-ground.ts'
import { runCommands } from '../../src/haproxy/cli.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { freePort } from '../tools/free-port.ts'
import { failureOf, fetchWord, makeRig, type Rig } from './rig.ts'

const versions = await findHaproxys()
const ground = await findTrialGround()
const isHere = ground.state === 'ready'
// CI runs as root; who runs this without any way to a namespace learns so.
if (!isHere)
  process.stderr.write(`\n*** no trial start here: ${ground.why}; its tests are SKIPPED.\n\n`)

const ON = { trial: 'On', preflight: 'Off', mode: 'supervise' } as const

afterEach(() => void vi.unstubAllEnvs())

/** All that may name a UNIX path, an address of nobody, checks, and a map. */
function sections(folder: string, port: number, word: string): string {
  return `
frontend web
  bind 127.0.0.1:${port},unix@${folder}/web.sock mode 600
  bind ${folder}/plain.sock
  log ${folder}/log.sock local0
  http-request set-var(txn.b) path,map_beg(MAP(web-prefix.map))
  http-request return status 200 content-type text/plain string ${word}
backend api
  default-server inter 100ms
  server up ${folder}/api.sock check agent-check agent-port 1
  server follower 127.0.0.1:1 track api/up # a comment
`
}

function served(rig: Rig, port: number, word: string, global: readonly string[] = []): Bundle {
  const text = sections(rig.folder, port, word)
  return rig.bundle({ global, sections: text, maps: { 'web-prefix.map': '/ api\n' } })
}

async function inodes(rig: Rig): Promise<Record<string, number>> {
  const names = ['master.sock', 'stats.sock', 'web.sock', 'plain.sock']
  const entries = names.map(
    async (name) => [name, (await stat(join(rig.folder, name))).ino] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function trialOf(rig: Rig, bundle: Bundle): Promise<string> {
  const tools = { options: rig.options, clock: SYSTEM_CLOCK }
  const tried = await tryStart(tools, bundle, { pids: [], supervised: true })
  if (!tried.ok) throw new Error(tried.failure.message)
  return tried.value
}

describe.skipIf(!isHere).each(versions)('a trial start of HAProxy $branch', ({ binary }) => {
  test('passes, and leaves every live socket where it is, answering', async () => {
    const rig = await makeRig({ ...ON, binary })
    const port = await freePort()
    await rig.apply(served(rig, port, 'one'))
    const before = [await inodes(rig), await rig.seen()]

    expect(await trialOf(rig, served(rig, port, 'two'))).toBe('passed')

    expect([await inodes(rig), await rig.seen()]).toEqual(before)
    const { statsSocket, stagingDir } = rig.options
    const answer = await runCommands(statsSocket, ['show info'], { timeoutMs: 2000 })
    const { workerPid } = await rig.seen()
    expect(answer.ok && answer.value[0]).toContain(`Pid: ${workerPid}`)
    expect(await fetchWord(port)).toBe('one')
    expect(existsSync(`${rig.folder}/log.sock`)).toBe(false)
    expect(await readdir(stagingDir)).toEqual([])
    expect(await trialProcesses(rig)).toEqual([])
  })

  test('says so with the reload, and not with the start', async () => {
    const rig = await makeRig({ ...ON, binary })
    const port = await freePort()
    const started = await rig.apply(served(rig, port, 'one'))
    expect(started).toMatchObject({ state: 'applied', action: 'start' })
    expect(started).not.toHaveProperty('trial')
    const reloaded = await rig.apply(served(rig, port, 'two'))
    expect(reloaded).toMatchObject({ state: 'applied', action: 'reload', trial: 'passed' })
    expect(await fetchWord(port)).toBe('two')
  })

  test.skipIf(!isHere || !ground.isRoot)(
    'a chroot that is a file: `haproxy -c` accepts it, the trial does not, and nothing is changed',
    async () => {
      const rig = await makeRig({ ...ON, binary })
      const port = await freePort()
      const good = served(rig, port, 'one')
      await rig.apply(good)
      const before = [await inodes(rig), await rig.seen()]
      const deadly = served(rig, port, 'two', [`chroot ${rig.options.configFile}`])
      expect(await rig.hold.check(deadly)).toMatchObject({ state: 'accepted' })

      const failure = failureOf(await rig.apply(deadly))

      expect(failure).toMatchObject({ reason: 'preflight-failed', transient: false })
      expect(failure.rolledBack).toBe(false)
      expect(failure.message).toContain(`Cannot chroot(${rig.options.configFile})`)
      expect([await inodes(rig), await rig.seen()]).toEqual(before)
      expect(await fetchWord(port)).toBe('one')
      expect(await readFile(rig.options.configFile, 'utf8')).toBe(good.config)
    },
  )
})

describe.skipIf(!isHere)('a trial start', () => {
  const binary = versions[0]?.binary ?? ''

  test('a HAProxy that hangs ends at the deadline', async () => {
    const rig = await makeRig({ ...ON, binary })
    const port = await freePort()
    await rig.apply(served(rig, port, 'one'))
    const hangs = join(rig.folder, 'hangs')
    await writeFile(hangs, '#!/bin/sh\nsleep 300 &\nwait\n')
    await chmod(hangs, 0o755)

    const held = rig.with({ binary: hangs, checkTimeoutMs: 300 })
    const failure = failureOf(await held.apply(served(rig, port, 'two')))

    expect(failure).toMatchObject({ reason: 'preflight-failed', transient: true })
    expect(failure.message).toContain('took longer than 300 ms')
    expect(await trialProcesses(rig)).toEqual([])
    expect(await fetchWord(port)).toBe('one')
  })

  test('is unavailable without unshare, and the reload goes on', async () => {
    const rig = await makeRig({ ...ON, binary })
    const port = await freePort()
    await rig.apply(served(rig, port, 'one'))
    vi.stubEnv('PATH', rig.folder)
    const reloaded = await rig.apply(served(rig, port, 'two'))
    const trial = 'unavailable: there is no unshare (package util-linux)'
    expect(reloaded).toMatchObject({ state: 'applied', action: 'reload', trial })
  })

  test('off is off', async () => {
    const rig = await makeRig({ ...ON, trial: 'Off', binary })
    expect(await trialOf(rig, rig.bundle({ sections: 'nonsense\n' }))).toBe('off')
  })

  test('is not made where a socket that runs is named in a place that is not understood', async () => {
    const rig = await makeRig({ ...ON, binary })
    await rig.apply(rig.bundle({}))
    const odd = rig.bundle({ sections: `backend b\n  errorfile 503 ${rig.options.statsSocket}\n` })
    expect(await trialOf(rig, odd)).toBe(
      `unavailable: ${rig.options.statsSocket} is a socket, and what it is for is not known`,
    )
  })
})

/** Pids of what still runs out of the rig's staging folder. */
async function trialProcesses({ options }: Rig): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  )
  return lines.filter((line) => line.includes(`${options.stagingDir}/trial-`))
}
