/** Secrets with a name that can be looked for: a password hash, a private key, a token. Where they turn up. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeCertificate, ROOT, type Ended } from '../tools/site.ts'
import { consulBackend, plainFrontend, staticBackend } from './manifests.ts'
import { haproxy, makeSite, shareConsul, type Site } from './rig.ts'

const shared = await shareConsul()

const HASH = `$5$canary$${'canaryHash'.padEnd(43, 'x')}`
const NEXT_HASH = `$5$canary$${'canaryNext'.padEnd(43, 'y')}`
const TOKEN = 'canary-token-of-consul'

const SECRETIVE = `---
apiVersion: legate/v1
kind: Userlist
metadata: { name: operators }
spec: { users: [{ name: admin, passwordFrom: { file: secrets/admin.hash } }] }
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: farmer }
spec: { file: certs/farmer.pem }
`

function frontends({ tlsPort }: { readonly tlsPort: number }): string {
  return `---
apiVersion: legate/v1
kind: Frontend
metadata: { name: stats }
spec:
  listeners:
    - name: tls
      address: 127.0.0.1
      port: ${tlsPort}
      protocol: HTTPS
      tls: { certificateRefs: [{ name: farmer }] }
  stats: { userlistRef: { name: operators } }
`
}

/** With all secrets in their files, and every word that was said written down. */
async function makeSecretive(): Promise<{
  readonly site: Site
  readonly said: string[]
  readonly say: (...args: readonly string[]) => Promise<Ended>
}> {
  const site = await makeSite(
    (place) =>
      plainFrontend(place) + staticBackend('app', { one: 9 }) + frontends(place) + SECRETIVE,
  )
  site.write('files/secrets/admin.hash', `${HASH}\n`)
  site.write('files/certs/farmer.pem', '')
  await makeCertificate(site.path('files/certs/farmer.pem'))
  const said: string[] = []
  const say = async (...args: readonly string[]): Promise<Ended> => {
    const ended = await site.run(args, { env: { CONSUL_HTTP_TOKEN: TOKEN } })
    said.push(`$ legate ${args.join(' ')}\n`, ended.stdout, ended.stderr)
    return ended
  }
  return { site, said, say }
}

/** Files of the folder that hold the text, but for those that people keep their secrets in. */
function filesWith(site: Site, text: string): string[] {
  return readdirSync(site.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, 'utf8').includes(text))
    .map((path) => path.slice(site.folder.length + 1))
    .filter((name) => !name.startsWith('files/'))
}

function keyOf(site: Site): string {
  const [, key = ''] =
    /PRIVATE KEY-----\n([^\n]{40,})/.exec(site.read('files/certs/farmer.pem')) ?? []
  expect(key).not.toBe('')
  return key
}

describe.skipIf(haproxy === undefined)(
  'a secret is in haproxy.cfg alone, and nowhere shown',
  () => {
    test('by any command, before and after it changes', async () => {
      const { site, said, say } = await makeSecretive()
      const all = ['render', 'plan', 'settings', 'validate', 'snapshot'].map((name) => [name])
      const more = [
        ['render', '--check', '--format', 'json'],
        ['plan', '--check'],
        ['reconcile', '--dry-run'],
        ['reconcile', '--once'],
        ['plan'],
      ]
      // oxlint-disable-next-line no-await-in-loop -- one after another
      for (const args of [...all, ...more])
        expect([args, (await say(...args)).code]).toEqual([args, 0])
      expect(said.join('')).toMatch(/user admin password '?<masked>'?$/m)
      expect(filesWith(site, 'canary')).toEqual(['haproxy.cfg'])

      site.write('files/secrets/admin.hash', `${NEXT_HASH}\n`)
      for (const args of [['plan'], ['reconcile', '--once'], ['plan']]) await say(...args)
      expect(filesWith(site, 'canaryNext')).toEqual(['haproxy.cfg'])
      expect(filesWith(site, 'canaryHash')).toEqual([])

      await say('stop')
      expect(said.join('')).not.toContain('canary')
      expect(said.join('')).not.toContain(keyOf(site))
      expect(filesWith(site, keyOf(site))).toEqual([])
    })

    test('by HAProxy and its log, where it rejects a line with the secret', async () => {
      const { site, said, say } = await makeSecretive()
      expect((await say('reconcile', '--once')).code).toBe(0)
      const template = readFileSync(join(ROOT, 'templates/userlist.cfg.njk'), 'utf8')
      site.settings({ templates: 'templates' })

      for (const [good, bad] of [
        [' password {{', ' passwort {{'],
        [' password {{', ' password x {{'],
        ['user {{', 'usr {{'],
      ] as const) {
        expect(template).toContain(good)
        site.write('templates/userlist.cfg.njk', template.replace(good, bad))
        for (const args of [
          ['reconcile', '--once'],
          ['render', '--check'],
          ['reconcile', '--dry-run'],
        ])
          expect([3, 4]).toContain((await say(...args)).code)
      }

      expect(said.join('')).not.toContain('canary')
      expect(filesWith(site, 'canary')).toEqual(['haproxy.cfg'])
    })

    test('by the copy of a configuration that HAProxy did not take', async () => {
      const { site, said, say } = await makeSecretive()
      expect((await say('reconcile', '--once')).code).toBe(0)
      site.settings({
        haproxy: { hold: 'command', reloadCommand: ['true'], reloadTimeout: '200ms' },
      })
      site.write('files/secrets/admin.hash', `${NEXT_HASH}\n`)

      expect((await say('reconcile', '--once')).code).toBe(1)

      expect(site.read('state/haproxy.cfg.rejected')).toMatch(/user admin password '?<masked>'?$/m)
      expect(said.join('')).not.toContain('canary')
      expect(filesWith(site, 'canaryNext')).toEqual([])
      // The second is the way back, kept until HAProxy is proven again.
      expect(filesWith(site, 'canaryHash')).toEqual(['haproxy.cfg', 'state/previous.cfg'])
      expect(statSync(site.path('state/previous.cfg')).mode & 0o777).toBe(0o600)
    })

    test.skipIf(shared === undefined)('by what is kept of Consul and its token', async () => {
      const { site, said, say } = await makeSecretive()
      await shared?.register({ service: 'kept', port: 80, address: '10.0.0.1' })
      site.edit('manifests/site.yaml', (text) => text + consulBackend('kept', 'kept'))
      site.settings({ consul: { address: shared?.address } })

      for (const args of [['snapshot'], ['reconcile', '--once'], ['plan'], ['settings']])
        expect((await say(...args)).code).toBe(0)

      expect(said.join('')).toContain('10.0.0.1')
      expect(said.join('')).not.toContain('canary')
      expect(filesWith(site, TOKEN)).toEqual([])
      expect(filesWith(site, 'canary')).toEqual(['haproxy.cfg'])
    })

    test('by a Consul that repeats the token in its refusal', async () => {
      const { site, said, say } = await makeSecretive()
      const server = createServer((request, response) => {
        response.statusCode = 403
        response.end(
          `Permission denied: token ${String(request.headers['x-consul-token'])} lacks x`,
        )
      })
      await new Promise<void>((done) => {
        server.listen(0, '127.0.0.1', done)
      })
      onTestFinished(() => void server.close())
      site.edit('manifests/site.yaml', (text) => text + consulBackend('kept', 'kept'))
      site.settings({
        consul: { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      })

      for (const args of [['snapshot'], ['reconcile', '--once'], ['plan'], ['render']])
        expect((await say(...args)).code).toBe(1)

      expect(said.join('')).toContain('403')
      expect(said.join('')).not.toContain('canary')
    })
  },
)
