/** Takes the bytes of a PEM file; gives what its first certificate says, which is the one HAProxy serves. */
import { X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '../model/snapshot.ts'

const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/
/** An encrypted key is none: HAProxy would ask for its password. */
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]{2,3} )?PRIVATE KEY-----/
/** What is not a plain name is left out of the names. */
const DNS_NAME = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/** Undefined where there is no certificate, or none that can be read. */
export function readCertificate(pem: Uint8Array): CertificateFacts | undefined {
  const block = CERTIFICATE.exec(Buffer.from(pem).toString('latin1'))?.[0]
  const certificate = block === undefined ? undefined : parse(block)
  if (certificate === undefined) return undefined
  return {
    fingerprintSha1: certificate.fingerprint.replaceAll(':', ''),
    notAfterMs: Date.parse(certificate.validTo),
    names: namesOf(certificate),
    hasKey: hasPrivateKey(pem),
  }
}

export function hasPrivateKey(pem: Uint8Array): boolean {
  return PRIVATE_KEY.test(Buffer.from(pem).toString('latin1'))
}

function parse(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block)
  } catch {
    return undefined
  }
}

/** The common name counts only where there is no other name. */
function namesOf(certificate: X509Certificate): readonly string[] {
  // Node quotes what has odd characters in it, so that it cannot pass for several names.
  const plain = (certificate.subjectAltName ?? '').replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
  const alternative = [...plain.matchAll(/(?:^|, )DNS:([^,]+)/g)]
  const common = [...certificate.subject.matchAll(/^CN=(.+)$/gm)]
  const names = (alternative.length > 0 ? alternative : common).map(([, name = '']) => name)
  return [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => DNS_NAME.test(name))
}
