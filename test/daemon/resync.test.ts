/** What nobody told of is found all the same, after `loop.resync`. */
import { describe, expect, test } from 'vitest'
import { plainFrontend, staticBackend } from '../e2e/manifests.ts'
import { haproxy } from '../e2e/rig.ts'
import { makeDaemonSite, startDaemon } from './rig.ts'

describe.skipIf(haproxy === undefined)('a daemon that nobody tells anything', () => {
  const manifests: Parameters<typeof makeDaemonSite>[1] = (place) =>
    plainFrontend(place) + staticBackend('app', { one: 10_001 })

  test.each([
    ['300ms', true],
    ['0s', false],
  ])('loop.resync %s: reads everything again: %s', async (resync, isExpected) => {
    const loop = { resync, look: '1h' }
    const site = await makeDaemonSite({ address: 'http://127.0.0.1:1' }, manifests, { loop })
    const daemon = await startDaemon(site)
    await daemon.until(({ sync }) => sync === 'InSync')
    const resynced = daemon.until(
      ({ lastPass }) => lastPass?.reasons.includes('resync') === true,
      2000,
    )
    await expect(
      resynced.then(
        () => true,
        () => false,
      ),
    ).resolves.toBe(isExpected)
  })
})
