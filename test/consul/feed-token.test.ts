/** What a token may see, and how a new one comes into use. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { questions, startRig, until } from './feed-rig.ts'

const web = { service: 'web' }
const AUTHORIZE = '/v1/internal/acl/authorize'
const REFUSED = { kind: 'answer', status: 403, body: 'ACL not found' } as const

async function tokenFileWith(token: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'token')
  await writeFile(path, token)
  return path
}

test('after a 403 the token file is read anew', async () => {
  const tokenFile = await tokenFileWith('first')
  const rig = await startRig({ feed: { tokenFile } })
  const service = rig.serve('web', ['a'])
  rig.feed.follow([web])
  await rig.pass(() => service.waiting.size === 1)
  rig.consul.on('web', REFUSED)
  service.wake()
  await rig.pass(() => rig.watch('web').failures === 2)
  await writeFile(tokenFile, 'second')
  await rig.pass(() => rig.consul.asked.at(-1)?.headers['x-consul-token'] === 'second')
  rig.consul.on('web', service.behaviour)
  await rig.pass(() => rig.watch('web').failures === 0)
  expect(rig.known('web')).toBe('a')
  expect(new Set(rig.consul.asked.map(({ headers }) => headers['x-consul-token']))).toEqual(
    new Set(['first', 'second']),
  )
  await rig.pass(() => service.waiting.size === 1)
  // The connections of the old token are gone.
  await until(() => rig.consul.connections.open === 1)
})

test('a token file that cannot be read is a failure, and mended without a restart', async () => {
  const tokenFile = await tokenFileWith('')
  const rig = await startRig({ feed: { tokenFile } })
  rig.serve('web', ['a'])
  rig.feed.follow([web])
  await rig.pass(() => rig.watch('web').failures === 2)
  expect(rig.watch('web').failure?.reason).toBe('files-unreadable')
  expect(rig.consul.asked).toEqual([])
  await writeFile(tokenFile, 'good')
  await rig.pass(() => rig.known('web') === 'a')
})

test('many questions share one reading of the token, as long as nothing fails', async () => {
  const tokenFile = await tokenFileWith('first')
  const rig = await startRig({ feed: { tokenFile } })
  for (const { service } of questions(50)) rig.serve(service, ['a'])
  rig.feed.follow(questions(5))
  await rig.pass(() => rig.feed.current().size === 5)
  await writeFile(tokenFile, 'second')
  rig.feed.follow(questions(50))
  await rig.pass(() => rig.feed.current().size === 50)
  const tokens = rig.consul.asked.map(({ headers }) => headers['x-consul-token'])
  expect(new Set(tokens)).toEqual(new Set(['first']))
})

test('a list that the token empties is a failure; where the token may see it, it is empty', async () => {
  const rig = await startRig({ feed: { token: 'secret' } })
  const allow = (Allow: boolean): void =>
    rig.consul.onPath(AUTHORIZE, { kind: 'answer', status: 200, body: `[{"Allow":${Allow}}]` })
  allow(false)
  const service = rig.serve('web', ['a'])
  rig.feed.follow([web])
  await rig.pass(() => service.waiting.size === 1)
  service.set([])
  await rig.pass(() => rig.watch('web').failures === 3)
  expect(rig.watch('web')).toMatchObject({
    confirming: false,
    failure: { hint: expect.stringContaining('service:read') },
  })
  expect(rig.known('web')).toBe('a')
  allow(true)
  await rig.pass(() => rig.watch('web').confirming)
  const tookMs = await rig.pass(() => rig.known('web') === '')
  expect(tookMs).toBeGreaterThanOrEqual(7_000)
})

test('an empty list that is known is not asked about at every wake, but again after a minute', async () => {
  const rig = await startRig()
  const service = rig.serve('web', [])
  const authorized = (): number =>
    rig.consul.asked.filter(({ url }) => url.startsWith(AUTHORIZE)).length
  rig.feed.follow([web])
  await rig.pass(() => service.waiting.size === 1)
  expect(authorized()).toBe(1)
  for (const [waitMs, times] of [
    [20_000, 1],
    [20_000, 1],
    [20_000, 2],
  ] as const) {
    await rig.clock.advance(waitMs)
    service.set([])
    await rig.pass(() => service.waiting.size === 1)
    expect(authorized()).toBe(times)
  }
})

test('the header of a thinned out answer counts even when the body is known', async () => {
  const rig = await startRig()
  const service = rig.serve('web', [])
  rig.feed.follow([web])
  await rig.pass(() => service.waiting.size === 1)
  service.headers = { 'x-consul-results-filtered-by-acls': 'true' }
  service.set([])
  await rig.pass(() => rig.watch('web').failures === 1)
  expect(rig.watch('web').failure?.message).toContain('may not see all of')
  expect(rig.known('web')).toBe('')
})
