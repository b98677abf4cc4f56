/** Whom a daemon tells how it goes: receivers of notifications, Consul itself, systemd. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { KEY, receive } from './receiver.ts'
import { makeDaemonSite, putWebs, startDaemon, type Daemon } from './rig.ts'
import { put, remove } from './services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

async function until(isSo: () => boolean, daemon: Daemon): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(daemon.log)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe.skipIf(haproxy === undefined || shared === undefined)('told', () => {
  test('at once, though another receiver hangs; and what ended without a Legate, by the next one', async () => {
    const app = 'told'
    const [port = 0] = await putWebs(consul, app, [1, 2])
    const [ops, hung] = [await receive(), await receive(false)]
    const site = await makeDaemonSite(
      consul,
      (s) => plainFrontend(s) + consulBackend('app', app, ['capacity: { desired: 2 }']),
      {
        notify: { gather: '300ms', repeatAfter: '0s' },
        notifications: [
          { name: 'hung', type: 'Webhook', url: hung.url },
          { name: 'ops', type: 'Webhook', urlFile: 'url', secretFile: 'key' },
          { name: 'chat', type: 'Slack', urlFile: 'chat' },
        ],
      },
    )
    site.write('url', `${ops.url}T0/s3cret-path\n`)
    site.write('key', `${KEY}\n`)
    const daemon = await startDaemon(site)
    await daemon.servers('app', 2)
    await remove(consul, `${app}-1`)
    await until(() => ops.got.length === 1, daemon)
    expect(ops.got[0]?.notices).toMatchObject([{ reason: 'BackendBelowDesired' }])
    expect(hung.got).toHaveLength(1)
    await daemon.logged(/notifications to chat: the file with its URL cannot be read \(ENOENT\)/)
    const metrics = await daemon.metrics()
    expect(metrics).toContain('legate_notifications_total{provider="webhook",result="success"} 1')
    const endsMs = performance.now()
    expect(await daemon.stop()).toMatchObject({ code: 0 })
    expect(performance.now() - endsMs).toBeLessThan(5000)

    await put(consul, { service: app, id: `${app}-1`, port })
    const again = await startDaemon(site)
    await until(() => ops.got.length === 2, again)
    // It may begin with the last answer of Consul that it has kept, and see the recovery itself.
    expect(ops.got[1]?.notices).toMatchObject([
      { object: 'Backend/default/app', state: 'Recovery', topic: 'Capacity' },
    ])
    expect(ops.isSigned).toEqual([true, true])
    expect(await again.stop()).toMatchObject({ code: 0 })
    expect(daemon.log + metrics).not.toMatch(/s3cret|k3y/)
  })

  test.each([
    [
      { name: 'chat', type: 'Slack', url: 'https://hooks.example.com/T0' },
      /takes its URL from urlFile/,
    ],
    [{ name: 'ops', type: 'Webhook' }, /needs either url or urlFile/],
    [{ name: 'ops', type: 'Webhook', url: 'https://u:p@example.com/' }, /url/],
    [{ name: 'ops', type: 'Webhook', url: 'https://example.com/?token=x' }, /url/],
  ])('receivers that cannot be: %j', async (receiver, words) => {
    const site = await makeDaemonSite(consul, plainFrontend, { notifications: [receiver] })
    const { code, stderr } = await site.legate('settings')
    expect(code).toBe(64)
    expect(stderr).toMatch(words)
  })

  test('Consul knows the daemon, how it goes, and that it has ended', async () => {
    const app = 'registered'
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app), {
      consul: { registerAs: 'legate', registerTtl: '1500ms' },
    })
    const checks = async (): Promise<
      readonly { Status: string; Output: string; ServiceID: string }[]
    > => (await consul.call('GET', '/v1/health/checks/legate')) as never
    const status = async (): Promise<string | undefined> => (await checks())[0]?.Status
    const daemon = await startDaemon(site)
    await expect.poll(status, { timeout: 10_000 }).toBe('passing')
    expect((await checks())[0]?.Output).toBe('InSync')

    site.edit('manifests/site.yaml', (text) => text.replace('rules:', 'rulez:'))
    await expect.poll(status, { timeout: 10_000 }).toBe('warning')
    expect((await checks())[0]?.Output).toMatch(/^Held; revision \w+ is held/)
    site.edit('manifests/site.yaml', (text) => text.replace('rulez:', 'rules:'))
    await expect.poll(status, { timeout: 10_000 }).toBe('passing')

    // An agent that has forgotten it is told again.
    const id = (await checks())[0]?.ServiceID ?? ''
    await consul.call('PUT', `/v1/agent/service/deregister/${id}`)
    await expect.poll(status, { timeout: 10_000 }).toBe('passing')

    // Killed, it is critical, and comes back as the same.
    await daemon.kill()
    await expect.poll(status, { timeout: 10_000 }).toBe('critical')
    const again = await startDaemon(site)
    await expect.poll(status, { timeout: 10_000 }).toBe('passing')
    expect(await checks()).toHaveLength(1)
    expect(await again.stop()).toMatchObject({ code: 0 })
    expect(await checks()).toEqual([])
  })

  test('systemd hears of ready, reload, life and end', async () => {
    const app = 'notify'
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
    const heard = site.path('heard')
    mkdirSync(site.path('bin'))
    const program = site.path('bin/systemd-notify')
    writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${heard}\n`)
    chmodSync(program, 0o755)
    const daemon = await startDaemon(site, {
      env: {
        NOTIFY_SOCKET: '/run/nobody',
        WATCHDOG_USEC: '400000',
        PATH: `${site.path('bin')}:${process.env['PATH'] ?? ''}`,
      },
    })
    const lines = (): string[] =>
      existsSync(heard) ? readFileSync(heard, 'utf8').trim().split('\n') : []
    const hears = (words: RegExp): Promise<void> =>
      until(() => lines().some((line) => words.test(line)), daemon)
    await hears(/^\/run\/nobody READY=1 STATUS=InSync$/)
    await hears(/ WATCHDOG=1$/)
    daemon.signal('SIGHUP')
    await hears(/ RELOADING=1 MONOTONIC_USEC=\d+$/)
    await hears(/ READY=1$/)
    expect(await daemon.stop()).toMatchObject({ code: 0 })
    expect(lines().findLast((line) => !line.endsWith('WATCHDOG=1'))).toMatch(/ STOPPING=1$/)
  })
})
