import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { makeCertificate, type MadeCertificate } from '../haproxy/certificate.ts'
import { findHaproxys } from '../tools/binaries.ts'
import { applied, liveOf, makeLive, MODES } from './rig.ts'

const haproxys = await findHaproxys()
const cases = haproxys.flatMap((each) => MODES.map((mode) => ({ ...each, mode })))
const [old, fresh] = [await makeCertificate('old.io'), await makeCertificate('new.io')]

describe.each(cases)('HAProxy, $branch, $mode', ({ binary, mode }) => {
  const paths: string[] = []

  async function withCertificates() {
    return makeLive({
      binary,
      mode,
      certificates: paths,
      sections: async (folder) => {
        const [whole, split] = [join(folder, 'a whole.pem'), join(folder, 'split.pem')]
        paths.splice(0, 2, whole, split)
        await writeFile(whole, old.pem)
        await writeSplit(split, old)
        return `frontend web
  bind unix@${folder}/whole.sock ssl crt '${whole}'
  bind unix@${folder}/split.sock ssl crt ${split}
  http-request return status 200
`
      },
    })
  }

  /** The key beside the certificate; and what others leave in such files. */
  async function writeSplit(path: string, { pem }: MadeCertificate): Promise<void> {
    const [key] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----\n?/.exec(
      pem,
    ) ?? ['']
    await writeFile(path, `\r\n\n# a comment\r\n${pem.replace(key, '')}\n\n`)
    await writeFile(`${path}.key`, key)
  }

  function served(socketPath: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ path: socketPath, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint.replaceAll(':', ''))
        socket.destroy()
      })
      socket.on('error', reject)
    })
  }

  test('what is served is what the file says now, key beside it or in it', async () => {
    const rig = await withCertificates()
    const [whole = '', split = ''] = paths
    const { folder } = rig.haproxy
    expect(await served(join(folder, 'whole.sock'))).toBe(old.fingerprint)
    await writeFile(whole, fresh.pem)
    await writeSplit(split, fresh)
    const { fingerprint } = fresh
    const outcome = await rig.change(
      { kind: 'set-certificate', path: whole, fingerprint },
      { kind: 'set-certificate', path: split, fingerprint },
    )
    expect(applied(outcome).ran).toHaveLength(2)
    expect(liveOf(outcome).certificates).toEqual(new Map(paths.map((p) => [p, fingerprint])))
    expect(await served(join(folder, 'whole.sock'))).toBe(fingerprint)
    expect(await served(join(folder, 'split.sock'))).toBe(fingerprint)
  })

  test('a key that is not of the certificate: the old one is served, and the next try works', async () => {
    const rig = await withCertificates()
    const [whole = ''] = paths
    const [key = ''] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*/.exec(old.pem) ?? []
    await writeFile(
      whole,
      fresh.pem.replace(
        /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----\n?/,
        '',
      ) + key,
    )
    const change = { kind: 'set-certificate', path: whole, fingerprint: fresh.fingerprint } as const
    const outcome = await rig.change(change)
    expect(outcome).toMatchObject({ result: { failure: { reason: 'runtime-refused' } } })
    expect(JSON.stringify(outcome)).not.toContain('BEGIN')
    expect(liveOf(outcome).certificates.get(whole)).toBe(old.fingerprint)
    await writeFile(whole, fresh.pem)
    applied(await rig.change(change))
    expect(await served(join(rig.haproxy.folder, 'whole.sock'))).toBe(fresh.fingerprint)
  })

  test('a chain that just fits into a command is served; of a longer one nothing is, and it is told', async () => {
    const rig = await withCertificates()
    const [whole = ''] = paths
    const { fingerprint } = fresh
    const change = { kind: 'set-certificate', path: whole, fingerprint } as const
    await writeFile(whole, chained(fresh, 15 * 1024))
    applied(await rig.change(change))
    expect(await served(join(rig.haproxy.folder, 'whole.sock'))).toBe(fingerprint)
    for (const bytes of [16 * 1024, 40_000, 300_000]) {
      await writeFile(whole, chained(old, bytes))
      const longer = { ...change, fingerprint: old.fingerprint }
      expect(await rig.change(longer)).toMatchObject({
        result: {
          failure: {
            reason: 'runtime-refused',
            message: expect.stringMatching(
              /set ssl cert .*: \d+ bytes are more than .*tune\.bufsize/,
            ),
          },
        },
      })
    }
    expect(await served(join(rig.haproxy.folder, 'whole.sock'))).toBe(fingerprint)
    await writeFile(whole, old.pem)
    applied(await rig.change({ ...change, fingerprint: old.fingerprint }))
  })

  /** As long as that, and not a byte more once empty lines are out: certificates, and a comment for the rest. */
  function chained({ pem }: MadeCertificate, bytes: number): string {
    const [more = ''] =
      /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/.exec(pem) ?? []
    let text = pem.replaceAll(/\n+/g, '\n')
    while (text.length + more.length + 2 < bytes) text += more
    return `${text}${'#'.repeat(bytes - text.length - 1)}\n`
  }

  test('a file that is another one by now: HAProxy has it, and it is told that it is not the one', async () => {
    const rig = await withCertificates()
    const [whole = ''] = paths
    const fingerprint = '0'.repeat(40)
    expect(await rig.change({ kind: 'set-certificate', path: whole, fingerprint })).toMatchObject({
      result: { failure: { message: expect.stringContaining('shows something else') } },
    })
  })

  test('a file that cannot be read, a certificate that the worker does not have', async () => {
    const rig = await withCertificates()
    const { fingerprint } = fresh
    const none = join(rig.haproxy.folder, 'none.pem')
    expect(await rig.change({ kind: 'set-certificate', path: none, fingerprint })).toMatchObject({
      result: { failure: { reason: 'files-unreadable' } },
    })
    await writeFile(none, fresh.pem)
    expect(await rig.change({ kind: 'set-certificate', path: none, fingerprint })).toMatchObject({
      result: { failure: { reason: 'runtime-refused' } },
    })
  })
})
