import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { consulSource, type ConsulAccess } from '../../src/consul/catalog.ts'
import { readCredentials } from '../../src/consul/credentials.ts'
import { queryKey, type Answer } from '../../src/model/catalog.ts'
import { startFakeConsul, type FakeConsul } from '../fakes/consul.ts'

type Tls = ConsulAccess['tls']

let folder: string
let consul: FakeConsul
const files = { caFile: '', certFile: '', keyFile: '', garbage: '' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'legate-test-'))
  const pems = await generate([{ name: 'commonName', value: 'server.dc1.consul' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'server.dc1.consul' }] },
    ],
    clientCertificate: { cn: 'legate' },
  })
  const put = async (name: string, text: string | undefined): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, text ?? '')
    return path
  }
  files.caFile = await put('ca.pem', pems.cert)
  files.certFile = await put('client.pem', pems.clientcert)
  files.keyFile = await put('client.key', pems.clientprivate)
  files.garbage = await put('garbage.pem', 'not a certificate')
  consul = await startFakeConsul({
    tls: {
      ca: pems.cert,
      cert: pems.cert,
      key: pems.private,
      requestCert: true,
      rejectUnauthorized: true,
    },
  })
})
afterAll(async () => {
  await consul.stop()
  await rm(folder, { recursive: true })
})

const SERVER = 'server.dc1.consul'

function client(): Pick<Tls, 'certFile' | 'keyFile'> {
  return { certFile: files.certFile, keyFile: files.keyFile }
}

async function ask(tls: Tls, address = consul.address): Promise<Answer | undefined> {
  const limits = { timeoutMs: 5_000, maxConnections: 2, maxAnswerBytes: 1_000_000 }
  const source = consulSource({ address, tls, ...limits })
  const query = { service: 'web' }
  const answer = (await source.read([query])).get(queryKey(query))?.answer
  await source.close()
  return answer
}

test('authority, server name and client certificate together are enough', async () => {
  const tls: Tls = { ...client(), caFile: files.caFile, serverName: SERVER, verify: 'Required' }
  expect(await ask(tls)).toEqual({ state: 'answered', instances: [] })
})

test('an authority that is not trusted is refused, and the remedy named', async () => {
  expect(await ask({ ...client(), serverName: SERVER, verify: 'Required' })).toMatchObject({
    failure: {
      reason: 'consul-unreachable',
      hint: expect.stringContaining('consul.tls.caFile'),
      transient: false,
    },
  })
})

test('a certificate for another name is refused, and the remedy named', async () => {
  expect(await ask({ ...client(), caFile: files.caFile, verify: 'Required' })).toMatchObject({
    failure: { hint: expect.stringContaining('consul.tls.serverName') },
  })
})

test('without verification any certificate will do', async () => {
  expect(await ask({ ...client(), verify: 'None' })).toMatchObject({ state: 'answered' })
})

test('without its client certificate Consul is not reached', async () => {
  const tls: Tls = { caFile: files.caFile, serverName: SERVER, verify: 'Required' }
  expect(await ask(tls)).toMatchObject({ failure: { reason: 'consul-unreachable' } })
})

test('http where https is spoken, and the other way round', async () => {
  const plain = await startFakeConsul()
  const swapped = [
    await ask({ verify: 'None' }, consul.address.replace('https', 'http')),
    await ask({ verify: 'None' }, plain.address.replace('http', 'https')),
  ]
  await plain.stop()
  expect(swapped[0]).toMatchObject({ failure: { reason: 'consul-unreachable' } })
  expect(swapped[1]).toMatchObject({
    failure: { hint: 'is it http:// where https:// is needed, or the other way round?' },
  })
})

test.each<[string, () => Partial<Tls>, string]>([
  ['a missing CA file', () => ({ caFile: '/nowhere/ca.pem' }), 'CA file /nowhere/ca.pem'],
  ['a CA file without a certificate', () => ({ caFile: files.garbage }), 'no PEM certificate'],
  ['a certificate without its key', () => ({ certFile: files.certFile }), 'only one is set'],
  [
    'a key that belongs elsewhere',
    () => ({ certFile: files.caFile, keyFile: files.keyFile }),
    'no pair',
  ],
  [
    'a certificate that is none',
    () => ({ certFile: files.garbage, keyFile: files.keyFile }),
    'no pair',
  ],
])('%s is said before anything is sent', async (_, tls, message) => {
  const settings = { tls: { verify: 'Required' as const, ...tls() } }
  expect(await readCredentials(settings)).toMatchObject({
    ok: false,
    failure: { reason: 'files-unreadable', message: expect.stringContaining(message) },
  })
})

test.each([
  ['two\r\nx-evil: 1', 'more than a token'],
  [' \n', 'is empty'],
  ['tökén', 'more than a token'],
])('a token file with %j is refused without showing it', async (text, message) => {
  const tokenFile = join(folder, 'token')
  await writeFile(tokenFile, text)
  const result = await readCredentials({ tokenFile, tls: { verify: 'Required' } })
  expect(result).toMatchObject({ failure: { message: expect.stringContaining(message) } })
  expect(JSON.stringify(result)).not.toMatch(/evil|tök/)
})

test('a token file beats a token, and its line end does not count', async () => {
  const tokenFile = join(folder, 'token')
  await writeFile(tokenFile, 'from-file\n')
  const tls = { verify: 'Required' } as const
  const both = await readCredentials({ tokenFile, token: 'from-settings', tls })
  expect(both).toMatchObject({ value: { token: 'from-file' } })
  expect(await readCredentials({ token: 'from-settings', tls })).toMatchObject({
    value: { token: 'from-settings' },
  })
  expect(await readCredentials({ token: '', tls })).toEqual({
    ok: true,
    value: { tls: { rejectUnauthorized: true } },
  })
})
