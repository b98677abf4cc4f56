/** Before 3.1 a worker that cannot enter its chroot dies after the fork, and takes master and old worker with it. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { look } from '../../src/haproxy/look.ts'
import { isAlive } from '../../src/haproxy/proc.ts'
import { startSupervised } from '../../src/haproxy/supervise.ts'
import { atLeast, parseVersion } from '../../src/model/version.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { freePort } from '../tools/free-port.ts'
import { answering, failureOf, fetchWord, haproxy, makeRig, type Rig } from './rig.ts'

const version = haproxy === undefined ? '' : execFileSync(haproxy, ['-v'], { encoding: 'utf8' })
/** From 3.1 on the old worker serves until the new one is ready. */
const survives = atLeast(parseVersion(version) ?? '2.6', '3.1')

interface Scene {
  readonly rig: Rig
  readonly port: number
  readonly old: string
  /** Passes `haproxy -c`, and kills HAProxy. */
  readonly deadly: Bundle
}

async function makeScene(): Promise<Scene> {
  const rig = await makeRig()
  const port = await freePort()
  const good = rig.bundle({ sections: answering(port, 'one') })
  await rig.apply(good)
  const global = [`chroot ${rig.folder}/nowhere`]
  const deadly = rig.bundle({ global, sections: answering(port, 'two') })
  expect(await rig.hold.check(deadly)).toMatchObject({ state: 'accepted' })
  return { rig, port, old: good.config, deadly }
}

describe.skipIf(haproxy === undefined)('a chroot that does not exist', () => {
  test('is caught before the reload', async () => {
    const { rig, port, old, deadly } = await makeScene()
    const before = await rig.seen()

    const failure = failureOf(await rig.with({ mode: 'master-socket' }).apply(deadly))

    expect(failure).toMatchObject({ reason: 'preflight-failed', rolledBack: false })
    expect(failure.message).toContain(`the chroot folder ${rig.folder}/nowhere does not exist`)
    expect(await rig.seen()).toEqual(before)
    expect(await fetchWord(port)).toBe('one')
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(old)
  })

  test('unchecked, under supervise: HAProxy is started again with the previous file, and proven', async () => {
    const { rig, port, old, deadly } = await makeScene()
    const before = await rig.seen()

    const failure = failureOf(await rig.with({ preflight: 'Off' }).apply(deadly))

    expect(failure.rolledBack).toBe(true)
    expect(failure.message).toContain('The previous one is back and proven')
    expect((failure.detail ?? []).join('\n')).toContain(`Cannot chroot(${rig.folder}/nowhere)`)
    expect(await fetchWord(port)).toBe('one')
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(old)
    const after = await rig.seen()
    expect(after.structure).toBe(before.structure)
    expect(existsSync(`${rig.options.stateDir}/previous.cfg`)).toBe(false)
    expect(await rig.apply(rig.bundle({ sections: answering(port, 'two') }))).toMatchObject({
      action: 'reload',
    })
  })

  test('unchecked, with a startCommand: the same', async () => {
    const { rig, port, deadly } = await makeScene()
    const { binary, masterSocket, configFile } = rig.options
    const startCommand = [binary, '-D', '-W', '-S', masterSocket, '-f', configFile]
    const held = rig.with({ mode: 'master-socket', preflight: 'Off', startCommand })

    const failure = failureOf(await held.apply(deadly))

    expect(failure.rolledBack).toBe(true)
    expect(await fetchWord(port)).toBe('one')
  })

  test.skipIf(survives)(
    'unchecked, with no way to start it: the files are back, and the message says what to do',
    async () => {
      const { rig, port, old, deadly } = await makeScene()
      const { pids } = await rig.seen()
      const held = rig.with({ mode: 'master-socket', preflight: 'Off' })

      const failure = failureOf(await held.apply(deadly))

      expect(await look(held.options)).toMatchObject({ failure: { reason: 'haproxy-down' } })
      expect(pids.map(isAlive)).not.toContain(true)
      expect(await readFile(rig.options.configFile, 'utf8')).toBe(old)
      expect(failure).toMatchObject({ reason: 'haproxy-down', rolledBack: false, transient: false })
      expect(failure.message).toMatch(/^HAProxy is down: .*The previous files are back$/)
      expect(failure.hint).toContain('haproxy.startCommand')
      expect(await rig.apply(rig.bundle({ sections: answering(port, 'two') }))).toMatchObject({
        state: 'applied',
        action: 'start',
      })
    },
  )

  test.skipIf(survives)(
    'unchecked, and somebody else starts it again: proven all the same',
    async () => {
      const { rig, port, old, deadly } = await makeScene()
      const { configFile } = rig.options
      /** As systemd does with `Restart=`: once the old file is back, HAProxy comes up. */
      const restart = async (committed: boolean): Promise<unknown> => {
        const text = await readFile(configFile, 'utf8')
        if (committed && text === old) return startSupervised(rig.options)
        await new Promise((resolve) => setTimeout(resolve, 5))
        return restart(committed || text === deadly.config)
      }
      const restarted = restart(false)

      const failure = failureOf(
        await rig.with({ mode: 'master-socket', preflight: 'Off' }).apply(deadly),
      )

      await restarted
      expect(failure.rolledBack).toBe(true)
      expect(await fetchWord(port)).toBe('one')
    },
  )

  test('at the very first start: nothing runs, nothing stays, and the refused file can be looked at', async () => {
    const rig = await makeRig({ preflight: 'Off' })
    const bundle = rig.bundle({ global: [`chroot ${rig.folder}/nowhere`] })

    const failure = failureOf(await rig.apply(bundle))

    expect(failure).toMatchObject({ reason: 'haproxy-down', rolledBack: false })
    expect((failure.detail ?? []).join('\n')).toContain('Cannot chroot')
    expect(existsSync(rig.options.configFile)).toBe(false)
    const rejected = `${rig.options.stateDir}/haproxy.cfg.rejected`
    expect(failure.message).toContain(rejected)
    expect(await readFile(rejected, 'utf8')).toBe(bundle.config)
  })
})
