import { execFile } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generate } from 'selfsigned'
import { expect, test } from 'vitest'
import { readReferences, type ReferencePurpose } from '../../src/files/references.ts'
import type { ReferencedFile } from '../../src/model/snapshot.ts'
import { tempFolder } from './temp-folder.ts'

const run = promisify(execFile)

interface Pem {
  readonly cert: string
  readonly private: string
}

async function makePem(common: string, names: readonly string[] = []): Promise<Pem> {
  const altNames = names.map((value) => ({ type: 2 as const, value }))
  return generate([{ name: 'commonName', value: common }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date('2031-02-03T04:05:06Z'),
    extensions: [
      { name: 'basicConstraints', cA: false },
      ...(names.length > 0 ? [{ name: 'subjectAltName' as const, altNames }] : []),
    ],
  })
}

async function readOne(
  content: string | Uint8Array,
  purpose: ReferencePurpose,
): Promise<ReferencedFile | undefined> {
  const path = join(await tempFolder(), 'file')
  await writeFile(path, content)
  return (await readReferences([{ path, purpose }])).get(path)
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

test('a certificate: its facts, and nothing of its key', async () => {
  const leaf = await makePem('ignored.example', ['API.Farmer.io', '*.farmer.io', 'API.farmer.io'])
  const issuer = await makePem('issuer.example')
  const pem = `${leaf.private}\n${leaf.cert}\n${issuer.cert}\n`
  const file = await readOne(pem, 'certificate')
  expect(file).toEqual({
    state: 'present',
    sha256: sha256(pem),
    certificate: {
      fingerprintSha1: new X509Certificate(leaf.cert).fingerprint.replaceAll(':', ''),
      notAfterMs: Date.parse('2031-02-03T04:05:06Z'),
      names: ['api.farmer.io', '*.farmer.io'],
      hasKey: true,
    },
  })
  expect(file).toHaveProperty(
    'certificate.fingerprintSha1',
    expect.stringMatching(/^[0-9A-F]{40}$/),
  )
  const secret = leaf.private.split('\n')[2] ?? ''
  expect(secret.length).toBeGreaterThan(20)
  expect(JSON.stringify(file)).not.toContain(secret)
})

test('the common name counts where there is no other', async () => {
  const { cert } = await makePem('Old.Example')
  expect(await readOne(cert, 'certificate')).toMatchObject({
    certificate: { names: ['old.example'], hasKey: false },
  })
})

test('a name with odd characters does not pass for several', async () => {
  const folder = await tempFolder()
  const subject = '/CN=x.example\\, DNS:evil.example'
  const alternative =
    'subjectAltName=@names\n[names]\nDNS.1=a, DNS:evil.example\nDNS.2=good.example'
  const config = join(folder, 'openssl.cnf')
  await writeFile(config, `[req]\ndistinguished_name=dn\n[dn]\n[v]\n${alternative}\n`)
  const out = join(folder, 'cert.pem')
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const files = ['-config', config, '-extensions', 'v', '-subj', subject, '-out', out]
  await run('openssl', [...args, ...files, '-keyout', join(folder, 'key.pem')])
  const names = (await readReferences([{ path: out, purpose: 'certificate' }])).get(out)
  expect(names).toMatchObject({ certificate: { names: ['good.example'] } })
})

test('a key beside the certificate counts, an encrypted one does not', async () => {
  const folder = await tempFolder()
  const path = join(folder, 'site.pem')
  const { cert, private: key } = await makePem('a.example')
  await writeFile(path, cert)
  await writeFile(`${path}.key`, key)
  const read = async (): Promise<unknown> =>
    (await readReferences([{ path, purpose: 'certificate' }])).get(path)
  expect(await read()).toMatchObject({ certificate: { hasKey: true } })
  await writeFile(`${path}.key`, key.replaceAll('PRIVATE', 'ENCRYPTED PRIVATE'))
  expect(await read()).toMatchObject({ certificate: { hasKey: false } })
})

test.each([
  ['nothing', ''],
  ['a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
  ['rubbish', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ['an endless one', `-----BEGIN CERTIFICATE-----\n${'A'.repeat(500_000)}`],
  ['bytes', Buffer.from([0, 255, 254, 10, 0])],
])('%s instead of a certificate: present, without facts', async (_, content) => {
  const file = await readOne(content, 'certificate')
  expect(file).toMatchObject({ state: 'present', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(file).not.toHaveProperty('certificate')
})

test('text is kept of password files and error files only', async () => {
  const text = '$5$salt$hash\n'
  const digest = sha256(text)
  expect(await readOne(text, 'password')).toEqual({ state: 'present', sha256: digest, text })
  expect(await readOne(text, 'error-file')).toEqual({ state: 'present', sha256: digest, text })
  expect(await readOne(text, 'crt-list')).toEqual({ state: 'present', sha256: digest })
})

test('what is not UTF-8 is an error file, but no password', async () => {
  const latin1 = Buffer.from('HTTP/1.0 503 Tür\r\n\r\n', 'latin1')
  const file = await readOne(latin1, 'error-file')
  expect(file).toMatchObject({ state: 'present' })
  expect(file).not.toHaveProperty('text')
  expect(await readOne(latin1, 'password')).toEqual({
    state: 'unreadable',
    why: 'it is not UTF-8',
  })
})

test('sizes are bounded', async () => {
  expect(await readOne('x'.repeat(16_384), 'error-file')).toMatchObject({ state: 'present' })
  const why = 'it is larger than 16384 bytes'
  expect(await readOne('x'.repeat(16_385), 'error-file')).toEqual({ state: 'unreadable', why })
  expect(await readOne('x'.repeat(65_537), 'password')).toMatchObject({ state: 'unreadable' })
})

test('what cannot be read says why, each for itself', async () => {
  const folder = await tempFolder()
  await mkdir(join(folder, 'folder'))
  await run('mkfifo', [join(folder, 'fifo')])
  await writeFile(join(folder, 'good'), 'good')
  const names = ['folder', 'fifo', 'good', 'missing', 'good/below']
  const paths = names.map((name) => join(folder, name))
  const files = await readReferences(paths.map((path) => ({ path, purpose: 'crt-list' })))
  const whys = paths.map((path) => files.get(path)).map((f) => f?.state === 'unreadable' && f.why)
  expect(whys).toEqual([
    'it is not a regular file',
    'it is not a regular file',
    false,
    'it does not exist',
    'a part of the path is not a folder',
  ])
})

test('2,000 references and one file for two purposes', async () => {
  const folder = await tempFolder()
  const { cert, private: key } = await makePem('a.example')
  const path = join(folder, 'both')
  await writeFile(path, cert + key)
  const many = Array.from({ length: 2000 }, (_, i) => join(folder, `missing${i}`))
  const files = await readReferences([
    { path, purpose: 'certificate' },
    ...many.map((p) => ({ path: p, purpose: 'certificate' as const })),
    { path, purpose: 'error-file' },
  ])
  expect(files.size).toBe(2001)
  expect(files.get(path)).toMatchObject({
    certificate: { names: ['a.example'] },
    text: await readFile(path, 'utf8'),
  })
})
