/** A real daemon on a real Consul and HAProxy: who goes missing is on the page and in the terminal, with when and why. */
import { describe, expect, test } from 'vitest'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul, until } from '../e2e/rig.ts'
import { makeDaemonSite, putWebs, startDaemon } from '../daemon/rig.ts'
import { put } from '../daemon/services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

describe.skipIf(haproxy === undefined || shared === undefined)('a real daemon', () => {
  test('1 of 2, since when and why; and all is well again', async () => {
    const [, port = 0] = await putWebs(consul, 'page', [1, 2])
    const site = await makeDaemonSite(
      consul,
      (s) => plainFrontend(s) + consulBackend('app', 'page', ['capacity: { desired: 2 }']),
      { allowedHosts: ['legate.example'] },
    )
    const daemon = await startDaemon(site)
    await daemon.servers('app', 2)
    const page = async (path: string): Promise<string> =>
      (await fetch(`http://${site.listen}${path}`)).text()
    expect(await page('/')).toMatch(/> In sync\s*</)

    let watched = ''
    const watching = site.run(['status', '--watch'], {
      onStart: (child) => {
        child.stdout?.on('data', (chunk: string) => (watched += chunk))
        void until(() => watched.includes('1 of 2')).finally(() => child.kill('SIGTERM'))
      },
    })
    await put(consul, { service: 'page', id: 'page-2', port, health: 'critical' })
    await daemon.servers('app', 1)
    await watching
    expect(watched).toMatch(
      /Backend\/default\/app {2}1 of 2 {2}BelowDesired since \S+Z\n {4}page-2 on /,
    )
    const missing = await page('/')
    expect(missing).toMatch(/> In sync, degraded\s*</)
    expect(missing).toMatch(
      /1 of 2 servers\s*<\/h3>\s*<p>\s*since\s+<time datetime="\d{4}-[^<]*<\/time\s*>; desired 2/,
    )
    expect(missing).toMatch(
      /<li>\s*page-2 on \S+ \([\d.:]+\) is critical: check &quot;check of page-2&quot;\s*<\/li>/,
    )
    const { pid } = (await daemon.status()).legate
    expect(missing).toContain(`process ${pid},`)

    const url = `http://127.0.0.1:${site.port}/x`
    const explained = await site.legate('explain', url)
    expect(explained.stderr).toBe('')
    expect(explained.stdout).toMatch(
      /Backend\/default\/app\n +i-\w{12} {2}127\.0\.0\.1:\d+ {2}weight/,
    )

    await put(consul, { service: 'page', id: 'page-2', port })
    await daemon.servers('app', 2)
    expect(await page('/')).toMatch(/> In sync\s*</)
    const [last] = (await daemon.status()).actions
    expect(await page(`/actions/${last?.id ?? 0}`)).toMatch(
      /class="add">\+ +server i-\w{12} 127\.0\.0\.1:/,
    )
    expect((await daemon.stop()).code).toBe(0)
  })
})
