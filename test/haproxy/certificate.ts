/** A host name goes in, a fresh self-signed certificate comes out, with the fingerprint HAProxy shows for it. */
import { X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

export interface MadeCertificate {
  /** Certificate and key in one text, as HAProxy's `crt` wants them. */
  readonly pem: string
  /** SHA-1 in upper-case hex without colons. */
  readonly fingerprint: string
}

export async function makeCertificate(hostname: string): Promise<MadeCertificate> {
  const made = await generate([{ name: 'commonName', value: hostname }], { keySize: 2048 })
  return {
    pem: `${made.cert}\n${made.private}\n`,
    fingerprint: new X509Certificate(made.cert).fingerprint.replaceAll(':', ''),
  }
}
