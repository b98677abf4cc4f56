/** Hold mode `none`, as CI uses it: files are written, nothing is applied, and nothing else is needed. */
import { existsSync, rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runLegate, type Ended } from '../tools/site.ts'
import { consulBackend, plainFrontend } from './manifests.ts'
import { haproxy, makeSite, type Site } from './rig.ts'

const CATALOG = {
  apiVersion: 'legate/v1',
  kind: 'Catalog',
  services: [
    {
      service: 'app',
      instances: [{ id: 'app-1', address: '127.0.0.1', port: 8081, status: 'passing' }],
    },
  ],
}

const TLS = `---
apiVersion: legate/v1
kind: Frontend
metadata: { name: https }
spec:
  listeners:
    - name: tls
      address: 127.0.0.1
      port: 8443
      protocol: HTTPS
      tls: { certificateRefs: [{ name: farmer }] }
  stats: { path: /stats, userlistRef: { name: operators } }
  defaultBackendRef: { name: app }
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: farmer }
spec: { file: certs/farmer.pem }
---
apiVersion: legate/v1
kind: Userlist
metadata: { name: operators }
spec: { users: [{ name: admin, passwordFrom: { file: secrets/admin.hash } }] }
---
apiVersion: legate/v1
kind: Defaults
metadata: { name: default }
spec:
  timeouts: { connect: 5s, client: 50s, server: 50s }
  errorFiles: [{ status: 503, file: errors/503.http }]
`

/** Manifests, a catalog, and not one of the files that the manifests refer to; no settings file either. */
async function makeRepository(): Promise<Site> {
  const site = await makeSite((place) => plainFrontend(place) + consulBackend('app', 'app') + TLS)
  site.write('catalog.json', JSON.stringify(CATALOG))
  rmSync(site.path('legate.yaml'))
  return site
}

const OFFLINE = ['--manifests', 'manifests', '--catalog', 'file:catalog.json', '--out', 'out']

/** In the folder, as a CI job does. */
function write({ folder: cwd }: Site, ...args: readonly string[]): Promise<Ended> {
  const env = { PATH: '' }
  return runLegate(['reconcile', '--once', '--hold', 'none', ...OFFLINE, ...args], { cwd, env })
}

const elsewhere = ['/usr/local/sbin', '/usr/sbin', '/sbin'].some((folder) =>
  existsSync(`${folder}/haproxy`),
)

describe('hold mode none', () => {
  test.skipIf(haproxy === undefined)(
    'writes what HAProxy has accepted, with stand-ins for files that are elsewhere',
    async () => {
      const site = await makeRepository()

      const { code, stdout, stderr } = await write(site, '--haproxy', haproxy ?? '')

      expect(stderr).toBe(
        'note: 3 referenced files were checked by shape only; --files-root DIR looks at them\n',
      )
      expect(code).toBe(0)
      expect(stdout).toContain(`written: ${site.path('out/haproxy.cfg')}; nothing was applied`)
      expect(stdout.replace('nothing was applied', '')).not.toContain('applied')
      const config = site.read('out/haproxy.cfg')
      expect(config).toContain('crt /etc/legate/certs/farmer.pem')
      expect(config).toContain('errorfile 503 /etc/legate/errors/503.http')
      const maps = [...site.files().keys()].filter((name) => name.startsWith('out/maps/'))
      for (const map of maps) expect(config).toContain(site.path(map))
      expect(maps).toHaveLength(5)
      await expect(site.seen()).rejects.toThrow('nothing listens')

      const files = site.files()
      const again = await write(site, '--haproxy', haproxy ?? '')
      expect(again).toMatchObject({ code: 0 })
      expect(again.stdout).toContain('in sync')
      expect(site.files()).toEqual(files)
      expect([...files.keys()].filter((name) => !name.startsWith('out/'))).toEqual([
        'catalog.json',
        'manifests/site.yaml',
      ])
    },
  )

  test.skipIf(elsewhere)('without a haproxy: writes, and says that it was not asked', async () => {
    const site = await makeRepository()

    const { code, stdout, stderr } = await write(site)

    expect(code).toBe(0)
    expect(stdout).toContain('written: ')
    expect(stderr).toContain('note: there is no haproxy here; its own check was not made')
  })

  test('with a catalog that lacks an answer: exit 1 and nothing written', async () => {
    const site = await makeRepository()
    site.write('catalog.json', JSON.stringify({ ...CATALOG, services: [] }))

    const { code, stderr } = await write(site)

    expect(code).toBe(1)
    expect(stderr).toContain('app')
    expect([...site.files().keys()].some((name) => name.startsWith('out/'))).toBe(false)
  })

  test('with files looked at that are not there: exit 3, at the line that names them', async () => {
    const site = await makeRepository()

    const { code, stderr } = await write(site, '--files-root', 'files')

    expect(code).toBe(3)
    expect(stderr.match(/error\[LG2005\]/g)).toHaveLength(3)
    expect(stderr).toMatch(/--> manifests\/site\.yaml:\d+:\d+/)
  })
})
