/** A master that stops, or dies, once it has been told to reload: the files go back, traffic goes on where HAProxy lives, the next run heals. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { HoldOptions } from '../../src/haproxy/options.ts'
import { stopSupervised } from '../../src/haproxy/stop.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import type { ApplyOutcome } from '../../src/model/ports.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { freePort } from '../tools/free-port.ts'
import { answering, failureOf, fetchWord, makeRig, type Rig } from './rig.ts'

const haproxys = await findHaproxys()

interface Scene {
  readonly rig: Rig
  readonly port: number
  readonly masterPid: number
  readonly one: Bundle
  readonly two: Bundle
  /** Applies `two`; so long after it is on the disk, when the master is told to reload, it gets the signal. */
  applyAndSend(signal: NodeJS.Signals, afterMs: number): Promise<ApplyOutcome>
}

const HASTE = { socketTimeoutMs: 300, reloadTimeoutMs: 600 }

async function makeScene(binary: string, mode: HoldOptions['mode']): Promise<Scene> {
  const rig = await makeRig({ binary })
  const port = await freePort()
  const bundleOf = (word: string): Bundle =>
    rig.bundle({ global: ['noreuseport'], sections: answering(port, word) })
  const [one, two] = [bundleOf('one'), bundleOf('two')]
  await rig.apply(one)
  const { masterPid } = await rig.seen()
  onTestFinished(() => wake(masterPid))
  const hasCome = async (): Promise<void> => {
    while ((await readFile(rig.options.configFile, 'utf8')) !== two.config) await pause(1)
  }
  return {
    rig,
    port,
    masterPid,
    one,
    two,
    async applyAndSend(signal, afterMs) {
      const outcome = rig.with({ ...HASTE, mode }).apply(two)
      await hasCome()
      await pause(afterMs)
      process.kill(masterPid, signal)
      return outcome
    },
  }
}

function wake(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch {
    // It has ended.
  }
}

/** 2.6 in every way, the later ones in the way that differs most. */
const cases = haproxys.map((each, index) => ({ ...each, isShort: index > 0 }))

describe.each(cases)('HAProxy $branch', ({ binary, isShort }) => {
  const moments = [
    ['supervise', 15],
    ['master-socket', 3],
    ['master-socket', 30],
  ] as const
  test.each(moments.slice(0, isShort ? 1 : 3))(
    'a master that freezes once it is told to reload: %s, after %i ms',
    async (mode, afterMs) => {
      const { rig, port, masterPid, one, two, applyAndSend } = await makeScene(binary, mode)

      const failure = failureOf(await applyAndSend('SIGSTOP', afterMs))

      expect(failure).toMatchObject({ reason: 'reload-failed', rolledBack: false, transient: true })
      expect(failure.message).toContain('The previous files are back, but HAProxy is not proven on')
      expect(await readFile(rig.options.configFile, 'utf8')).toBe(one.config)
      expect(await fetchWord(port)).toMatch(/^(one|two)$/)
      // Nobody starts a second one beside it.
      const held = rig.with({ ...HASTE, mode })
      expect((await held.hold.observe(two)).running.state).toBe('unknown')
      expect(failureOf(await held.apply(two)).reason).toMatch(/^(timeout|haproxy-unreachable)$/)
      expect((await stopSupervised(held.options)).ok).toBe(false)

      wake(masterPid)
      await expect
        .poll(() => held.apply(two), { timeout: 10_000 })
        .toMatchObject({ state: 'applied' })
      expect(await fetchWord(port)).toBe('two')
      expect(await rig.seen()).toMatchObject({ masterPid, structure: two.structure })
      expect(await readFile(rig.options.configFile, 'utf8')).toBe(two.config)
      expect(existsSync(`${rig.options.stateDir}/previous.cfg`)).toBe(false)
    },
  )

  const ways = ['supervise', 'master-socket'] as const
  test.each(ways.slice(0, isShort ? 1 : 2))(
    'a master that dies once it is told to reload: %s',
    async (mode) => {
      const { rig, port, one, two, applyAndSend } = await makeScene(binary, mode)

      const failure = failureOf(await applyAndSend('SIGKILL', 3))

      expect(await readFile(rig.options.configFile, 'utf8')).toBe(one.config)
      if (mode === 'supervise') {
        expect(failure.rolledBack).toBe(true)
        expect(await fetchWord(port)).toBe('one')
      } else {
        expect(failure).toMatchObject({ reason: 'haproxy-down', rolledBack: false })
        expect(failure.message).toContain('The previous files are back')
        expect(failure.hint).toContain('systemctl start haproxy')
      }
      expect(await rig.apply(two)).toMatchObject({ state: 'applied' })
      expect(await fetchWord(port)).toBe('two')
    },
  )
})
