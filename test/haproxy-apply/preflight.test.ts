import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkAccounts } from '../../src/haproxy/accounts.ts'
import type { Ground } from '../../src/haproxy/ground.ts'
import { readNeeds } from '../../src/haproxy/needs.ts'
import { checkDescriptors, preflight } from '../../src/haproxy/preflight.ts'
import { readLimits } from '../../src/haproxy/proc.ts'
import { tempFolder } from '../files/temp-folder.ts'

const START: Ground = { pids: [], supervised: true }

/** Everything that was found, as HAProxy's operator reads it. */
async function findings(config: string, ground: Ground = START): Promise<readonly string[]> {
  const result = await preflight(config, ground)
  return result.ok ? [] : (result.failure.detail ?? [])
}

async function listen(host: string, options: { ipv6Only?: boolean } = {}): Promise<number> {
  const server = createServer()
  server.listen({ host, port: 0, ...options })
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not a TCP port')
  return address.port
}

test('nothing is found in a configuration that will work', async () => {
  const folder = await tempFolder()
  const config = `
global
    stats socket ${folder}/stats.sock
    chroot ${folder}
    user root
    group root
    maxconn 10
frontend web
    bind 127.0.0.1:0
    acl api path_beg /api
`
  expect(await findings(config)).toEqual([])
})

test('chroot, user, group and the folder of a socket must exist; everything is told at once', async () => {
  const folder = await tempFolder()
  const nowhere = join(folder, 'nowhere')
  const config = `
global
    stats socket ${nowhere}/stats.sock
    chroot ${nowhere}
    user no_such_user
    group no_such_group
`
  const result = await preflight(config, START)
  expect(result).toMatchObject({ failure: { reason: 'preflight-failed', transient: false } })
  expect(await findings(config)).toEqual([
    `the chroot folder ${nowhere} does not exist: make it (mkdir -p ${nowhere})`,
    `the folder of the socket ${nowhere}/stats.sock does not exist: make it (mkdir -p ${nowhere})`,
    'the user no_such_user does not exist: make it (useradd --system no_such_user), or name another one in Global',
    'the group no_such_group does not exist: make it (groupadd --system no_such_group), or name another one in Global',
  ])
})

test.each([
  'TRUE',
  'FALSE',
  'LOCALHOST',
  'HTTP',
  'HTTP_1.1',
  'METH_GET',
  'REQ_CONTENT',
  'WAIT_END',
  'RDP_COOKIE',
])('an ACL named %s is found', async (name) => {
  const [found, ...more] = await findings(`frontend web\n  acl ${name} path /\n`)
  expect(found).toContain(`frontend web has an ACL with the name of HAProxy's own ${name}`)
  expect(more).toEqual([])
})

test('an ACL with a name of its own is not', async () => {
  expect(await findings('frontend web\n  acl http_ok path /\n  acl METHOD path /\n')).toEqual([])
})

test('who is not root may become nobody else, and go into no chroot', async () => {
  const limits = { descriptors: 100, uid: 65534, gid: 65534, capabilities: 0n }
  const text = 'global\n  user daemon\n  group daemon\n'
  const needs = readNeeds(`${text}  chroot /\n`)
  const found = await checkAccounts(needs, limits)
  expect(found.map((f) => f.message)).toEqual([
    'HAProxy runs as uid 65534, which may not do `chroot /`',
    'HAProxy runs as uid 65534, which may not do `user daemon`',
    'HAProxy runs as uid 65534, which may not do `group daemon`',
  ])
  expect(await checkAccounts(needs, { ...limits, capabilities: 0xffffffffn })).toEqual([])
  expect(await checkAccounts(readNeeds(text), { ...limits, uid: 1, gid: 1 })).toEqual([])
  expect(await checkAccounts(readNeeds(text.replaceAll('daemon', 'root')), limits)).toEqual([])
})

const MORE_THAN_100 = 'global\n  maxconn 40\nfrontend web\n  bind 127.0.0.1:0\nbackend b\n'
const TEN_CHECKED = Array.from({ length: 10 }, (_, n) => `  server s${n} 127.0.0.1:1 check\n`).join(
  '',
)

test('the descriptor limit must carry maxconn, listeners and checked servers', () => {
  const limits = { descriptors: 100, uid: 0, gid: 0, capabilities: 0n }
  const fits = readNeeds(MORE_THAN_100)
  expect(checkDescriptors(fits, limits)).toEqual([])
  const [found] = checkDescriptors(readNeeds(MORE_THAN_100 + TEN_CHECKED), limits)
  expect(found?.message).toBe(
    'maxconn (40), checked servers (10) and listeners (1) need 101 file descriptors, HAProxy may have 100',
  )
  const lax = `global\n  no strict-limits\n${MORE_THAN_100}${TEN_CHECKED}`
  expect(checkDescriptors(readNeeds(lax), limits)).toEqual([])
})

test("the limits of a process are the kernel's", async () => {
  const limits = readLimits(process.pid)
  expect(limits).toMatchObject({ uid: process.geteuid?.(), gid: process.getegid?.() })
  expect(limits?.descriptors).toBeGreaterThan(0)
  expect(readLimits(2 ** 30)).toBeUndefined()
})

test('a port that another process has is found, with the process', async () => {
  const port = await listen('127.0.0.1')
  const config = `frontend web\n  bind 127.0.0.1:${port}\n`
  const [found] = await findings(config)
  expect(found).toContain(
    `frontend web is to listen on 127.0.0.1:${port}, where node (pid ${process.pid}) listens`,
  )
  expect(await findings(`frontend web\n  bind *:${port}\n`)).toHaveLength(1)
  expect(await findings(`frontend web\n  bind [::1]:${port}\n`)).toEqual([])
})

test('a port that HAProxy itself has is not', async () => {
  const port = await listen('127.0.0.1')
  const config = `frontend web\n  bind 127.0.0.1:${port}\n`
  expect(await findings(config, { ...START, pids: [process.pid] })).toEqual([])
  expect(await findings(config, { ...START, runs: config })).toEqual([])
})

test('a listener on :: takes IPv4 too, unless it is for IPv6 only', async () => {
  const both = await listen('::')
  const only = await listen('::', { ipv6Only: true })
  expect(await findings(`frontend web\n  bind 127.0.0.1:${both}\n`)).toHaveLength(1)
  expect(await findings(`frontend web\n  bind 127.0.0.1:${only}\n`)).toEqual([])
})

test('an address of another machine is found', async () => {
  const [found] = await findings('frontend web\n  bind 192.0.2.1:8080\n')
  expect(found).toContain('192.0.2.1:8080, an address this machine does not have')
})
