/** What a disk that fails leaves behind. */
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { createWriter } from '../../src/files/writer.ts'
import { createHold } from '../../src/haproxy/hold.ts'
import { fail } from '../../src/model/failure.ts'
import type { Hold, Writer } from '../../src/model/ports.ts'
import { freePort } from '../tools/free-port.ts'
import { answering, failureOf, fetchWord, haproxy, makeRig, type Rig } from './rig.ts'

/** A hold whose writer fails when the path was written `after` times. */
function failingHold(rig: Rig, path: string, after: number): Hold {
  const disk = createWriter()
  let writes = 0
  const writer: Writer = {
    ...disk,
    write: async (at, text, mode) => {
      if (at === path) writes += 1
      if (at !== path || writes <= after) return disk.write(at, text, mode)
      return fail({ reason: 'write-failed', message: 'the disk is full', transient: true })
    },
  }
  return createHold(rig.options, writer)
}

describe.skipIf(haproxy === undefined)('a full disk', () => {
  test('before the commit changes nothing', async () => {
    const rig = await makeRig()
    const port = await freePort()
    const one = rig.bundle({ sections: answering(port, 'one') })
    await rig.apply(one)
    const before = await rig.seen()
    const two = rig.bundle({ sections: answering(port, 'two') })
    const reload = { action: 'reload', reasons: [] } as const
    const actual = await rig.hold.observe(two)

    for (const path of [rig.options.configFile, `${rig.options.stateDir}/previous.cfg`]) {
      // oxlint-disable-next-line no-await-in-loop -- one apply at a time
      const outcome = await failingHold(rig, path, 0).apply(two, reload, actual)
      expect(failureOf(outcome)).toMatchObject({ reason: 'write-failed', rolledBack: false })
    }

    expect(await readFile(rig.options.configFile, 'utf8')).toBe(one.config)
    expect(await rig.seen()).toEqual(before)
    expect(await rig.apply(two)).toMatchObject({ action: 'reload' })
  })

  test('on the way back is told, and the next run heals', async () => {
    const rig = await makeRig()
    const port = await freePort()
    const one = rig.bundle({ sections: answering(port, 'one') })
    await rig.apply(one)
    const refused = rig.bundle({ sections: 'frontend web\n  no-such-word\n' })
    const actual = await rig.hold.observe(refused)
    const hold = failingHold(rig, rig.options.configFile, 1)

    const outcome = await hold.apply(refused, { action: 'reload', reasons: [] }, actual)

    const failure = failureOf(outcome)
    expect(failure).toMatchObject({ reason: 'write-failed', rolledBack: false })
    expect(failure.message).toContain('could not be put back: the disk is full')
    expect(await fetchWord(port)).toBe('one')
    expect(await rig.apply(one)).toMatchObject({ state: 'applied' })
    expect(await readFile(rig.options.configFile, 'utf8')).toBe(one.config)
  })
})
