/** What pull requests are checked with: validate, render, plan and snapshot, with and without Consul. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ConsulAgent } from '../tools/consul-agent.ts'
import { ROOT } from '../tools/site.ts'
import { consulBackend, plainFrontend, staticBackend } from './manifests.ts'
import { haproxy, makeSite, shareConsul, type Site } from './rig.ts'

const shared = await shareConsul()

function consul(): ConsulAgent {
  if (shared === undefined) throw new Error('there is no Consul')
  return shared
}

const instances = [
  { id: 'app-1', address: '10.0.0.1', port: 8080, status: 'passing' },
  { id: 'app-2', address: '10.0.0.2', port: 8080, status: 'critical' },
]
const CATALOG = {
  apiVersion: 'legate/v1',
  kind: 'Catalog',
  services: [{ service: 'app', instances }],
}

/** Consul is not there; its answers lie in a file. */
async function makeOffline(): Promise<Site> {
  const site = await makeSite((place) => plainFrontend(place) + consulBackend('app', 'app'), {
    consul: { address: 'http://127.0.0.1:1' },
  })
  site.write('catalog.json', JSON.stringify(CATALOG))
  return site
}

function catalogOf(site: Site): readonly string[] {
  return ['--catalog', `file:${site.path('catalog.json')}`]
}

function retime(text: string): string {
  return text.replace('  check:', '  timeouts: { server: 7s }\n  check:')
}

const PATCH =
  /^--- haproxy\.cfg\t.*\n\+\+\+ haproxy\.cfg\tplanned\n@@ [^\n]+ @@\n(.*\n)*\+ {4}timeout server 7s$/m

describe('validate', () => {
  test('asks nobody, whatever the environment says', async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done)
    })
    onTestFinished(() => void server.close())
    const CONSUL_HTTP_ADDR = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const site = await makeOffline()

    const { code, stdout } = await site.run(['validate'], { env: { CONSUL_HTTP_ADDR } })

    expect({ code, stdout }).toEqual({ code: 0, stdout: 'valid: 3 resources in 1 file\n' })
    // That the listener would have seen it.
    await site.run(['render'], { env: { CONSUL_HTTP_ADDR } })
    expect(connections).toBeGreaterThan(0)
    const before = connections
    await site.run(['validate'], { env: { CONSUL_HTTP_ADDR } })
    expect(connections).toBe(before)
  })

  test.skipIf(!existsSync('/usr/bin/strace'))('opens no socket at all', async () => {
    const site = await makeOffline()
    const trace = (...args: readonly string[]): string => {
      const legate = [process.execPath, join(ROOT, 'dist/cli/main.js'), ...args]
      const out = site.path('trace')
      const config = ['--config', site.path('legate.yaml')]
      const strace = ['-f', '-o', out, '-e', 'trace=socket,connect,bind', ...legate, ...config]
      execFileSync('/usr/bin/strace', strace, { cwd: site.folder })
      return site
        .read('trace')
        .split('\n')
        .filter((line) => /\b(socket|connect|bind)\(/.test(line))
        .join('\n')
    }

    expect(trace('validate')).toBe('')
    expect(trace('plan', ...catalogOf(site))).toContain('connect(')
  })

  test('reads paths that are named, and tells mistakes to people, programs and GitHub', async () => {
    const site = await makeOffline()
    site.write('other/a.yaml', site.read('manifests/site.yaml'))
    site.edit('manifests/site.yaml', (text) => text.replace('kind: Backend', 'kind: Bakend'))

    expect((await site.legate('validate', site.path('other'))).code).toBe(0)
    const broken = await site.legate('validate', '--format', 'github')
    expect(broken.code).toBe(3)
    expect(broken.stderr).toMatch(/^::error file=\S*manifests\/site\.yaml,line=\d+,/m)
    const json = await site.legate('validate', '--format', 'json')
    expect(JSON.parse(json.stderr)).toMatchObject({ diagnostics: [{ code: 'LG1090' }] })
  })
})

describe('without Consul', () => {
  test('render prints the configuration, its files, and the same bytes each time', async () => {
    const site = await makeOffline()

    const first = await site.legate('render', ...catalogOf(site))

    expect(first.code).toBe(0)
    expect(first.stdout).toMatch(
      /^ {4}server i-[0-9a-f]{12}-[0-9a-f]{4} 10\.0\.0\.1:8080 weight 100 id \d+$/m,
    )
    expect(first.stdout).not.toContain('10.0.0.2')
    expect((await site.legate('render', ...catalogOf(site))).stdout).toBe(first.stdout)
    const list = await site.legate('render', ...catalogOf(site), '--list')
    expect(list.stdout.split('\n')).toContain('web-targets.map')
    const map = await site.legate('render', ...catalogOf(site), '--file', 'web-targets.map')
    expect(map).toMatchObject({ code: 0, stdout: expect.stringMatching(/ app\n$/) as string })
    const output = site.path('rendered.cfg')
    expect((await site.legate('render', ...catalogOf(site), '-o', output)).stdout).toBe('')
    expect(site.read('rendered.cfg')).toBe(first.stdout)
  })

  test('plan compares with another folder: resources, diff, action, place', async () => {
    const site = await makeOffline()
    site.write('before/site.yaml', site.read('manifests/site.yaml'))
    site.edit('manifests/site.yaml', retime)
    const against = ['--against', site.path('before')]

    const { code, stdout } = await site.legate(
      'plan',
      ...catalogOf(site),
      ...against,
      '--detailed-exitcode',
    )

    expect(code).toBe(2)
    expect(stdout).toMatch(/^changed {2}Backend\/default\/app \(\S+manifests\/site\.yaml:\d+\)$/m)
    expect(stdout).toMatch(/because backend app: "timeout server" changes \(\S+site\.yaml:\d+\)/)
    expect(stdout).toMatch(PATCH)
    site.write('before/site.yaml', `# moved\n\n${site.read('manifests/site.yaml')}`)
    const same = await site.legate('plan', ...catalogOf(site), ...against, '--detailed-exitcode')
    expect(same.code).toBe(0)
    expect(same.stdout).toContain('Action: none: in sync')
  })

  test('plan compares with a revision of git', async () => {
    const site = await makeOffline()
    const git = (...args: readonly string[]): void => {
      const who = ['-c', 'user.name=nobody', '-c', 'user.email=nobody@example.org']
      execFileSync('git', ['-C', site.folder, ...who, ...args], { stdio: 'ignore' })
    }
    git('init', '-q')
    git('add', 'manifests')
    git('commit', '-qm', 'first')
    site.edit('manifests/site.yaml', retime)
    site.edit('manifests/site.yaml', (text) => text + staticBackend('late', { one: 9 }))

    const { code, stdout } = await site.legate('plan', ...catalogOf(site), '--against', 'git:HEAD')

    expect(code).toBe(0)
    expect(stdout).toMatch(/^changed {2}Backend\/default\/app \(/m)
    expect(stdout).toMatch(/^added {4}Backend\/default\/late \(/m)
    expect(stdout).toMatch(PATCH)
    git('add', 'manifests')
    git('commit', '-qm', 'second')
    site.edit('manifests/site.yaml', (text) => text.replace('port: 9 }', 'port: 10 }'))
    const moved = await site.legate('plan', ...catalogOf(site), '--against', 'git:HEAD')
    expect(moved.stdout).toContain(
      'server late/one moves, and HAProxy 2.6 would go on asking it at the old address',
    )
    const unknown = await site.legate('plan', ...catalogOf(site), '--against', 'git:nowhere')
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toContain('git knows no commit nowhere')
  })
})

describe.skipIf(shared === undefined)('with Consul', () => {
  test('a snapshot renders the same bytes as Consul itself', async () => {
    await consul().register({ service: 'snap', id: 'snap-1', address: '10.1.0.1', port: 80 })
    await consul().register({
      service: 'snap',
      id: 'snap-2',
      address: '10.1.0.2',
      port: 81,
      tags: ['b', 'a'],
    })
    await consul().register({ service: 'other', port: 1 })
    await consul().setCheck('service:snap-2', 'warning')
    const site = await makeSite((place) => plainFrontend(place) + consulBackend('app', 'snap'), {
      consul: { address: consul().address },
    })
    const live = await site.legate('render')

    const taken = await site.legate('snapshot', '-o', site.path('catalog.json'))

    expect(taken).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect((await site.legate('snapshot')).stdout).toBe(site.read('catalog.json'))
    expect(site.read('catalog.json')).not.toContain('other')
    expect(live.stdout.match(/server i-/g)).toHaveLength(2)
    expect(await site.legate('render', ...catalogOf(site))).toEqual(live)
  })

  test('an agent that does not answer: exit 1', async () => {
    const site = await makeOffline()
    const snapshot = await site.legate('snapshot')
    expect({ code: snapshot.code, stdout: snapshot.stdout }).toEqual({ code: 1, stdout: '' })
    expect(snapshot.stderr).toContain('http://127.0.0.1:1')
    expect((await site.legate('render')).code).toBe(1)
    expect((await site.legate('plan')).code).toBe(1)
  })
})

describe.skipIf(haproxy === undefined)('plan against what runs', () => {
  test('shows the diff and the manifest line behind it', async () => {
    const site = await makeSite((place) => plainFrontend(place) + staticBackend('app', { one: 9 }))
    const fresh = await site.legate('plan')
    expect(fresh.stdout).toContain('Action: start HAProxy')
    expect(fresh.stdout).toContain('+frontend web from legate_defaults')
    await site.legate('reconcile', '--once')
    site.edit('manifests/site.yaml', (text) =>
      retime(text).replace('rules:', 'hostnames: [a.org]\n  rules:'),
    )

    const { code, stdout } = await site.legate('diff')

    expect(code).toBe(0)
    expect(stdout).toMatch(PATCH)
    expect(stdout).toMatch(/^\+a\.org /m)
    expect(stdout).toMatch(/"timeout server" changes \(\S+site\.yaml:\d+\)/)
    const text = site.read('manifests/site.yaml').split('\n')
    const line = Number(/"timeout server" changes \(\S+:(\d+)\)/.exec(stdout)?.[1])
    expect(text[line - 1]).toContain('timeouts: { server: 7s }')
  })
})
