/** SIGINT and SIGTERM: at once before anything is changed, after the proof once something is. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ChildProcess } from 'node:child_process'
import { consulBackend, plainFrontend, staticBackend } from './manifests.ts'
import { haproxy, makeSite, until, type Site } from './rig.ts'

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const

/** Takes every question and answers none. */
async function startMute(): Promise<{
  readonly address: string
  readonly asked: Promise<unknown>
}> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()))
  const asked = once(server, 'connection')
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  onTestFinished(() => void server.close())
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

interface Started {
  readonly child: ChildProcess
  readonly ended: ReturnType<Site['run']>
}

async function start(site: Site, failpoints: string): Promise<Started> {
  const env = { NODE_ENV: 'test', LEGATE_FAILPOINTS: failpoints }
  let started: ChildProcess | undefined
  const ended = site.run(['reconcile', '--once'], { env, onStart: (child) => (started = child) })
  if (started === undefined) throw new Error('it was not started')
  return { child: started, ended }
}

describe.skipIf(haproxy === undefined)('a signal', () => {
  test.each(SIGNALS)(
    '%s before anything is changed: ends at once with %i',
    async (signal, exit) => {
      const consul = await startMute()
      const site = await makeSite((place) => plainFrontend(place) + consulBackend('app', 'app'), {
        consul: { address: consul.address },
      })
      const files = site.files()
      const { child, ended } = await start(site, '')
      await consul.asked

      child.kill(signal)

      expect(await ended).toEqual({ code: exit, signal: null, stdout: '', stderr: '' })
      expect(site.files()).toEqual(files)
    },
  )

  test.each(SIGNALS)('%s while it is applied: finished, proven, then %i', async (signal, exit) => {
    const site = await makeChanged()
    const before = await site.seen()
    const { child, ended } = await start(site, 'before-rename:sleep(1500)')
    await until(() => existsSync(site.path('state/previous.cfg')))

    child.kill(signal)

    const { code, stdout, stderr } = await ended
    expect(stderr).toContain('finishing what was begun')
    expect(stdout).toContain('applied: reloaded and proven')
    expect(code).toBe(exit)
    expect((await site.seen()).reloads).toBe(before.reloads + 1)
    expect((await site.legate('reconcile', '--once')).stdout).toContain('in sync')
  })

  test('and a second one: ends at once, and the next run heals', async () => {
    const site = await makeChanged()
    const old = site.read('haproxy.cfg')
    const { child, ended } = await start(site, 'before-rename:sleep(20000)')
    await until(() => existsSync(site.path('state/previous.cfg')))
    child.kill('SIGTERM')
    await once(child.stderr ?? child, 'data')

    child.kill('SIGINT')

    expect((await ended).code).toBe(130)
    expect(site.read('haproxy.cfg')).toBe(old)
    expect((await site.legate('reconcile', '--once')).stdout).toContain('applied: reloaded')
  })
})

/** It serves, and its manifest has changed since: more than a server, so that it takes a reload. */
async function makeChanged(): Promise<Site> {
  const site = await makeSite((place) => plainFrontend(place) + staticBackend('app', { one: 9 }))
  expect((await site.legate('reconcile', '--once')).code).toBe(0)
  site.edit('manifests/site.yaml', (text) =>
    text.replace('name: one', 'name: two').concat('  retries: 5\n'),
  )
  return site
}
