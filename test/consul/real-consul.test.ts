/** The same readings against a real agent: what the fake only claims, Consul itself says here. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consulSource, type ConsulAccess } from '../../src/consul/catalog.ts'
import { decodeCatalog, encodeCatalog } from '../../src/consul/snapshot.ts'
import {
  instanceStatus,
  queryKey,
  type Answer,
  type Catalog,
  type ServiceQuery,
} from '../../src/model/catalog.ts'
import { findConsul } from '../tools/binaries.ts'
import { startConsul, type ConsulAgent } from '../tools/consul-agent.ts'

const binary = await findConsul({ fetch: true })

async function read(
  queries: readonly ServiceQuery[],
  address: string,
  access: Partial<ConsulAccess> = {},
): Promise<Catalog> {
  const tls = { verify: 'Required' } as const
  const limits = { timeoutMs: 10_000, maxConnections: 8, maxAnswerBytes: 1_000_000 }
  const source = consulSource({ address, tls, ...limits, ...access })
  const catalog = await source.read(queries)
  await source.close()
  return catalog
}

async function ask(
  query: ServiceQuery,
  address: string,
  access: Partial<ConsulAccess> = {},
): Promise<Answer> {
  const answer = (await read([query], address, access)).get(queryKey(query))?.answer
  if (answer === undefined) throw new Error('no answer at all')
  return answer
}

function statuses(answer: Answer): string[] {
  if (answer.state === 'failed') throw new Error(answer.failure.message)
  return answer.instances.map((instance) => `${instance.id} ${instanceStatus(instance)}`)
}

function checksOf(id: string): object[] {
  return [
    { id: 'serfHealth', name: 'Serf Health Status', status: 'passing' },
    { id: `service:${id}`, name: `Service 'web' check`, status: 'passing' },
  ]
}

describe.skipIf(binary === undefined)('an agent without ACLs', () => {
  let agent: ConsulAgent
  let folder: string
  let socket: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
    socket = join(folder, 'http.sock')
    const hcl = [`addresses { http = "127.0.0.1 unix://${socket}" }`]
    agent = await startConsul({ ...(binary !== undefined && { binary }), hcl })
  })
  afterAll(async () => {
    await agent.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('instances come as registered, in one order', async () => {
    const weights = { passing: 10, warning: 2 }
    await agent.register({ service: 'web', id: 'web-2', port: 8082 })
    await agent.register({
      service: 'web',
      id: 'web-1',
      address: '10.0.0.1',
      port: 8081,
      tags: ['v2', 'blue'],
      weights,
    })
    const common = { node: 'legate-test', datacenter: 'dc1' }
    expect(await ask({ service: 'web' }, agent.address)).toEqual({
      state: 'answered',
      instances: [
        {
          ...common,
          id: 'web-1',
          address: '10.0.0.1',
          port: 8081,
          tags: ['blue', 'v2'],
          weights,
          checks: checksOf('web-1'),
        },
        {
          ...common,
          id: 'web-2',
          // The node's: none was registered.
          address: '127.0.0.1',
          port: 8082,
          tags: [],
          weights: { passing: 1, warning: 1 },
          checks: checksOf('web-2'),
        },
      ],
    })
  })

  test('health: warning, critical, maintenance and back, deregistered', async () => {
    const query = { service: 'api' }
    const now = async (): Promise<string[]> => statuses(await ask(query, agent.address))
    await agent.register({ service: 'api', id: 'api-1', port: 1, status: 'critical' })
    expect(await now()).toEqual(['api-1 critical'])
    await agent.setCheck('service:api-1', 'warning')
    expect(await now()).toEqual(['api-1 warning'])
    await agent.setCheck('service:api-1', 'passing')
    await agent.setMaintenance('api-1', true)
    expect(await now()).toEqual(['api-1 maintenance'])
    await agent.setMaintenance('api-1', false)
    expect(await now()).toEqual(['api-1 passing'])
    await agent.call('PUT', '/v1/agent/maintenance?enable=true')
    await expect.poll(now).toEqual(['api-1 maintenance'])
    await agent.call('PUT', '/v1/agent/maintenance?enable=false')
    await expect.poll(now).toEqual(['api-1 passing'])
    await agent.deregister('api-1')
    expect(await now()).toEqual([])
  })

  test('a service that was never registered is an empty list', async () => {
    const answer = await ask({ service: 'never-there' }, agent.address)
    expect(answer).toEqual({ state: 'answered', instances: [] })
  })

  test('a filter of the query is applied by Consul', async () => {
    await agent.register({ service: 'mix', id: 'old', port: 1, tags: ['v1'] })
    await agent.register({ service: 'mix', id: 'new', port: 2, tags: ['v2'] })
    const query = { service: 'mix', filter: '"v2" in Service.Tags' }
    expect(statuses(await ask(query, agent.address))).toEqual(['new passing'])
  })

  test('odd names and hostile strings come through whole', async () => {
    const service = 'odd "name"/ü #1'
    const tags = ['a\nserver evil 6.6.6.6:80', '%[env(HOME)]', '\u202e']
    await agent.register({ service, id: 'x', address: '1.2.3.4\n  bind :1', port: 80, tags })
    const catalog = await read([{ service }], agent.address)
    const answer = catalog.get(queryKey({ service }))?.answer
    expect(answer).toMatchObject({
      instances: [{ address: '1.2.3.4\n  bind :1', tags: tags.toSorted() }],
    })
    expect(decodeCatalog(encodeCatalog(catalog), 'x')).toEqual({ ok: true, value: catalog })
  })

  test.each<[string, ServiceQuery, object]>([
    ['an unknown datacenter', { service: 'web', datacenter: 'nowhere' }, { transient: true }],
    ['a filter that is none', { service: 'web', filter: ')(' }, {}],
    ['a namespace without Enterprise', { service: 'web', namespace: 'x' }, { transient: false }],
    ['a name of dots', { service: '..' }, {}],
    ['a line break in the name', { service: 'a\nb' }, {}],
    ['two slashes in the name', { service: 'a//b' }, {}],
  ])('%s is refused, not empty', async (_, query, expected) => {
    expect(await ask(query, agent.address)).toMatchObject({
      state: 'failed',
      failure: { reason: 'consul-refused', ...expected },
    })
  })

  test('a partition that this Consul does not know is never answered from another', async () => {
    const answer = await ask({ service: 'web', partition: 'blue' }, agent.address)
    expect(answer.state).toBe('failed')
  })

  test('over a UNIX socket too', async () => {
    const answer = await ask({ service: 'web' }, `unix://${socket}`)
    expect(statuses(answer)).toHaveLength(2)
  })
})

describe.skipIf(binary === undefined)('an agent with ACLs', () => {
  let agent: ConsulAgent
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
    agent = await startConsul({ ...(binary !== undefined && { binary }), acl: true })
    await agent.register({ service: 'web', port: 80 })
    await agent.register({ service: 'api', port: 81 })
  })
  afterAll(async () => {
    await agent.stop()
    await rm(folder, { recursive: true, force: true })
  })

  async function tokenFor(name: string, rules: string): Promise<string> {
    await agent.call('PUT', '/v1/acl/policy', { Name: name, Rules: rules })
    const made = await agent.call('PUT', '/v1/acl/token', { Policies: [{ Name: name }] })
    const { SecretID }: { SecretID?: unknown } = Object(made)
    return String(SecretID)
  }

  test('a token that may read sees the service; from a file as well', async () => {
    const token = await tokenFor(
      'reader',
      'service "web" { policy = "read" } node_prefix "" { policy = "read" }',
    )
    const tokenFile = join(folder, 'token')
    await writeFile(tokenFile, `${token}\n`)
    expect(statuses(await ask({ service: 'web' }, agent.address, { tokenFile }))).toEqual([
      'web passing',
    ])
    // Consul answers both with 200 and []: the one because it is so, the other because it must not tell.
    const empty = { service: 'api' }
    expect(await ask(empty, agent.address, { token })).toMatchObject({
      state: 'failed',
      failure: { reason: 'consul-refused', hint: expect.stringContaining('service:read') },
    })
  })

  test('a service that is allowed and not there is an empty list', async () => {
    const token = await tokenFor(
      'all',
      'service_prefix "" { policy = "read" } node_prefix "" { policy = "read" }',
    )
    expect(await ask({ service: 'never-there' }, agent.address, { token })).toEqual({
      state: 'answered',
      instances: [],
    })
  })

  test('a token that may read services but no nodes is at fault too', async () => {
    const token = await tokenFor('blind', 'service_prefix "" { policy = "read" }')
    expect(await ask({ service: 'web' }, agent.address, { token })).toMatchObject({
      state: 'failed',
      failure: { reason: 'consul-refused', hint: expect.stringContaining('node:read') },
    })
    expect(await ask({ service: 'never-there' }, agent.address, { token })).toEqual({
      state: 'answered',
      instances: [],
    })
  })

  test('no token at all is a failure, not an empty list', async () => {
    expect(await ask({ service: 'web' }, agent.address)).toMatchObject({
      state: 'failed',
      failure: { reason: 'consul-refused', transient: false },
    })
  })

  test('a token that Consul does not know is refused without being shown', async () => {
    const token = '11111111-2222-3333-4444-555555555555'
    const answer = await ask({ service: 'web' }, agent.address, { token })
    expect(answer).toMatchObject({ failure: { message: expect.stringContaining('HTTP 403') } })
    expect(JSON.stringify(answer)).not.toContain(token)
  })
})
