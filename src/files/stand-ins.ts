/** Takes files that manifests refer to; makes others in their place, for a `haproxy -c` where they are not. */
import { join } from 'node:path'
import { ok, type Result } from '../model/failure.ts'
import type { Writer } from '../model/ports.ts'
import type { Reference, ReferencePurpose } from './references.ts'

/** One stand-in serves every file of its purpose. */
const NAMES: Readonly<Record<ReferencePurpose, string>> = {
  certificate: 'certificate.pem',
  'crt-list': 'crt-list.txt',
  'error-file': 'error-file.http',
  password: 'password',
}

/** As HAProxy's own: a whole response, byte for byte. */
const ERROR_RESPONSE = `HTTP/1.0 503 Service Unavailable\r
Cache-Control: no-cache\r
Connection: close\r
Content-Type: text/plain\r
\r
A stand-in.
`

/** SHA-256 in the form of crypt(3), of a password that nobody knows. */
const PASSWORD_HASH = `$5$stand-in$${'.'.repeat(43)}`

const CONTENTS: Readonly<Record<ReferencePurpose, (folder: string) => string | Promise<string>>> = {
  certificate: makeCertificate,
  'crt-list': (folder) => `${join(folder, NAMES.certificate)}\n`,
  'error-file': () => ERROR_RESPONSE,
  password: () => `${PASSWORD_HASH}\n`,
}

/** Path that is wanted to path of what stands in for it, in `folder`. */
export async function makeStandIns(
  references: readonly Reference[],
  folder: string,
  writer: Writer,
): Promise<Result<ReadonlyMap<string, string>>> {
  const purposes = new Set(references.map((reference) => reference.purpose))
  // A crt-list names the certificate.
  if (purposes.has('crt-list')) purposes.add('certificate')
  const written = await Promise.all([...purposes].map((p) => writeStandIn(p, folder, writer)))
  const failed = written.find((result) => !result.ok)
  if (failed !== undefined) return failed
  return ok(new Map(references.map(({ path, purpose }) => [path, join(folder, NAMES[purpose])])))
}

async function writeStandIn(
  purpose: ReferencePurpose,
  folder: string,
  writer: Writer,
): Promise<Result<void>> {
  const text = await CONTENTS[purpose](folder)
  return writer.write(join(folder, NAMES[purpose]), text, 0o600)
}

/** Loaded only here: it is large, and rarely needed. */
async function makeCertificate(): Promise<string> {
  return (await import('./stand-in-certificate.ts')).makeCertificate()
}
