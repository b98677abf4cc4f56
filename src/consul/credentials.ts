/** Reads what proves to Consul who asks: settings go in, the token and TLS material come out. Read anew by every pass. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import type { ConsulSettings } from '../model/settings.gen.ts'

export interface TlsMaterial {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly rejectUnauthorized: boolean
}

export interface Credentials {
  /** Secret. */
  readonly token?: string
  readonly tls: TlsMaterial
}

type Settings = Pick<ConsulSettings, 'token' | 'tokenFile' | 'tls'>

export async function readCredentials(settings: Settings): Promise<Result<Credentials>> {
  const token = await readToken(settings)
  if (!token.ok) return token
  const tls = await readTls(settings.tls)
  if (!tls.ok) return tls
  return ok({ ...(token.value !== undefined && { token: token.value }), tls: tls.value })
}

/** A token file beats a token, as in Consul's own tools. */
async function readToken({ token, tokenFile }: Settings): Promise<Result<string | undefined>> {
  if (tokenFile === undefined && (token === undefined || token === '')) return ok(undefined)
  const text = tokenFile === undefined ? ok(token ?? '') : await read(tokenFile, 'token file')
  if (!text.ok) return text
  const value = text.value.trim()
  const where = tokenFile === undefined ? 'consul.token' : `token file ${printable(tokenFile)}`
  if (value === '') return fail(unusable(`the ${where} is empty`, 'write the token into it'))
  // It becomes a header: one stray line break in it would be another header.
  if (!/^[\x21-\x7e]+$/.test(value))
    return fail(unusable(`the ${where} holds more than a token`, 'it must be one word of ASCII'))
  return ok(value)
}

async function readTls(tls: ConsulSettings['tls']): Promise<Result<TlsMaterial>> {
  const parts = await Promise.all([
    read(tls.caFile, 'CA file'),
    read(tls.certFile, 'client certificate'),
    read(tls.keyFile, 'client key'),
  ])
  const failed = parts.find((part) => !part.ok)
  if (failed !== undefined && !failed.ok) return failed
  const [ca = '', cert = '', key = ''] = parts.map((part) => (part.ok ? part.value : ''))
  const material: TlsMaterial = {
    ...(tls.caFile !== undefined && { ca }),
    ...(tls.certFile !== undefined && { cert }),
    ...(tls.keyFile !== undefined && { key }),
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
    rejectUnauthorized: tls.verify === 'Required',
  }
  return check(material, tls)
}

function check(material: TlsMaterial, tls: ConsulSettings['tls']): Result<TlsMaterial> {
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined))
    return fail(
      unusable(
        'of consul.tls.certFile and consul.tls.keyFile only one is set',
        'a client certificate needs its key',
      ),
    )
  // OpenSSL passes over a CA file without any certificate in silence.
  if (material.ca !== undefined && !isCertificate(material.ca))
    return fail(unusable(`the CA file ${printable(tls.caFile ?? '')} holds no PEM certificate`))
  try {
    // Loaded here: most agents are asked without TLS.
    process.getBuiltinModule('node:tls').createSecureContext(material)
  } catch {
    const files = `${printable(tls.certFile ?? '')} and ${printable(tls.keyFile ?? '')}`
    return fail(
      unusable(
        `${files} are no pair of client certificate and key`,
        'both must be PEM, the key unencrypted',
      ),
    )
  }
  return ok(material)
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}

async function read(path: string | undefined, what: string): Promise<Result<string>> {
  if (path === undefined) return ok('')
  try {
    return ok(await readFile(path, 'utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    return fail(unusable(`the ${what} ${printable(path)} for Consul cannot be read${code}`))
  }
}

function unusable(message: string, hint?: string): Failure {
  return {
    reason: 'files-unreadable',
    message,
    ...(hint !== undefined && { hint }),
    transient: false,
  }
}
