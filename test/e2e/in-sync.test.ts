/** The second run has nothing to do, and what others did to files or process is undone by the next one. */
import { mkdirSync, rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isAlive } from '../../src/haproxy/proc.ts'
import { makeCertificate } from '../tools/site.ts'
import { plainFrontend, staticBackend } from './manifests.ts'
import { haproxy, makeSite, type Site } from './rig.ts'
import { ask, startWeb } from './web.ts'

const IN_SYNC = /^in sync: nothing to do \(revision [0-9a-f]{12}\)$/m

const more = `---
apiVersion: legate/v1
kind: Frontend
metadata: { name: https }
spec:
  listeners:
    - name: tls
      address: 127.0.0.1
      port: TLS_PORT
      protocol: HTTPS
      tls: { certificateRefs: [{ name: farmer }] }
  defaultBackendRef: { name: app }
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: farmer }
spec: { file: certs/farmer.pem }
---
apiVersion: legate/v1
kind: Defaults
metadata: { name: default }
spec:
  timeouts: { connect: 5s, client: 50s, server: 50s }
  errorFiles: [{ status: 404, file: errors/404.http }]
`

const NOT_HERE = 'HTTP/1.0 404 Not Found\r\nContent-Type: text/plain\r\n\r\nnot here\n'

/** A site with all kinds of files, applied once. */
async function makeApplied(): Promise<Site> {
  const web = await startWeb('app-1')
  const site = await makeSite(
    ({ port, tlsPort }) =>
      plainFrontend({ port }).replace('rules:', 'hostnames: [farmer.io]\n  rules:') +
      staticBackend('app', { one: web }) +
      more.replace('TLS_PORT', String(tlsPort)),
  )
  mkdirSync(site.path('files/certs'))
  await makeCertificate(site.path('files/certs/farmer.pem'))
  site.write('files/errors/404.http', NOT_HERE)
  expect(await site.legate('reconcile', '--once')).toMatchObject({ code: 0, stderr: '' })
  return site
}

describe.skipIf(haproxy === undefined)('a second run', () => {
  test('says in sync, changes no byte, and reloads nothing', async () => {
    const site = await makeApplied()
    const [files, process] = [site.files(), await site.seen()]

    const { code, stdout, stderr } = await site.legate('reconcile', '--once')

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(IN_SYNC)
    expect(stdout).not.toContain('Action')
    expect(site.files()).toEqual(files)
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['haproxy.cfg', 'state/last-good.json']),
    )
    expect(await site.seen()).toEqual(process)
    expect(await ask({ port: site.port, host: 'farmer.io' })).toMatchObject({ server: 'app-1' })
  })

  test.each([
    ['a comment and blank lines', (text: string) => `# who: ops\n\n\n${text}# the end\n`],
    [
      'documents in another order',
      (text: string) => text.split('---\n').toReversed().join('---\n'),
    ],
    ['other spelling', (text: string) => text.replace('{ name: web }', '\n  name: "web"')],
  ])('after %s: the same', async (_, change) => {
    const site = await makeApplied()
    const config = site.files().get('haproxy.cfg')
    const maps = [...site.files()].filter(([name]) => name.startsWith('maps/'))
    const process = await site.seen()
    site.edit('manifests/site.yaml', change)

    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toMatch(IN_SYNC)
    expect(site.files().get('haproxy.cfg')).toBe(config)
    expect([...site.files()].filter(([name]) => name.startsWith('maps/'))).toEqual(maps)
    expect(await site.seen()).toEqual(process)
    expect((await site.legate('plan', '--detailed-exitcode')).code).toBe(0)
  })
})

describe.skipIf(haproxy === undefined)('what happened meanwhile', () => {
  test('a configuration edited by hand is put back, and kept beside it', async () => {
    const site = await makeApplied()
    const ours = site.read('haproxy.cfg')
    const process = await site.seen()
    site.edit('haproxy.cfg', (text) => text.replace('hard-stop-after 10m', 'hard-stop-after 1h'))
    const edited = site.read('haproxy.cfg')

    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toContain('because the configuration file was changed by hand')
    expect(stdout).toContain('written: the running HAProxy had it already')
    expect(site.read('haproxy.cfg')).toBe(ours)
    expect(site.read('haproxy.cfg.edited')).toBe(edited)
    expect(await site.seen()).toEqual(process)
  })

  test('a map that was lost or changed is written again', async () => {
    const site = await makeApplied()
    const map = [...site.files().keys()].find((name) => name.includes('web-hosts.')) ?? ''
    const text = site.read(map)
    site.write(map, 'elsewhere.org all\n')

    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toContain('because 1 map file')
    expect(site.read(map)).toBe(text)
  })

  test('a renewed certificate takes its place without a reload, with its reason', async () => {
    const site = await makeApplied()
    const before = await site.seen()
    await makeCertificate(site.path('files/certs/farmer.pem'))

    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toContain('Action: runtime')
    expect(stdout).toContain(`because the certificate ${site.filesRoot}/certs/farmer.pem is new`)
    expect((await site.seen()).reloads).toBe(before.reloads)
    expect((await site.legate('reconcile', '--once')).stdout).toMatch(IN_SYNC)
  })

  test('a renewed certificate with a chain too long for a command is a reload, with its reason', async () => {
    const site = await makeApplied()
    const path = site.path('files/certs/farmer.pem')
    await makeCertificate(path)
    const chain = site.read('files/certs/farmer.pem')
    site.write('files/certs/farmer.pem', chain.repeat(40))

    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toMatch(/because HAProxy refuses at run time: set ssl cert .*tune\.bufsize/)
    expect(stdout).toContain('reloaded and proven')
    expect((await site.legate('reconcile', '--once')).stdout).toMatch(IN_SYNC)
  })

  test('a changed error file is a reload with its reason, and is what clients get', async () => {
    const site = await makeApplied()
    expect((await ask({ port: site.port })).body).toBe('not here\n')
    site.edit('files/errors/404.http', (text) => text.replace('not here', 'nowhere'))

    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toContain('Action: reload')
    expect(stdout).toMatch(/because .*error file/)
    expect((await ask({ port: site.port })).body).toBe('nowhere\n')
    expect((await site.legate('reconcile', '--once')).stdout).toMatch(IN_SYNC)
  })

  test('a HAProxy that was stopped is started; the one that runs is adopted', async () => {
    const site = await makeApplied()
    const { pids } = await site.seen()

    const stopped = await site.legate('stop')
    expect(stopped).toMatchObject({ code: 0, stderr: '' })
    expect(stopped.stdout).toMatch(/^HAProxy \(pid \d+\) has ended/)
    expect(pids.map(isAlive)).not.toContain(true)
    expect((await site.legate('stop')).stdout).toContain('HAProxy is not running')

    const { code, stdout } = await site.legate('reconcile', '--once')
    expect(code).toBe(0)
    expect(stdout).toContain('because HAProxy is not running')
    expect(stdout).toContain('applied: started and proven')
    expect(await ask({ port: site.port, host: 'farmer.io' })).toMatchObject({ server: 'app-1' })
  })

  test('a lost configuration file is written again while HAProxy runs on', async () => {
    const site = await makeApplied()
    const ours = site.read('haproxy.cfg')
    const process = await site.seen()
    rmSync(site.configFile)

    const { code, stdout } = await site.legate('reconcile', '--once')

    expect(code).toBe(0)
    expect(stdout).toContain('because the configuration file does not exist')
    expect(site.read('haproxy.cfg')).toBe(ours)
    expect(await site.seen()).toEqual(process)
  })
})
