/** Makes a certificate that stands in for one that is not here. */
import { generate } from 'selfsigned'

/** Certificate and key in one PEM text. */
export async function makeCertificate(): Promise<string> {
  const subject = [{ name: 'commonName', value: 'stand-in.invalid' }]
  const made = await generate(subject, { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' })
  return `${made.cert.trimEnd()}\n${made.private.trimEnd()}\n`
}
