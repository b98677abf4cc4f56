/** Reads the address of a Consul agent: text as in CONSUL_HTTP_ADDR goes in, where to connect comes out. */
import { fail, ok, printable, type Result } from '../model/failure.ts'

export interface Endpoint {
  /** Normalised, without secrets. */
  readonly name: string
  readonly tls: boolean
  /** Host and port, or the path of a UNIX socket. */
  readonly connect:
    { readonly host: string; readonly port: number } | { readonly socketPath: string }
  /** Put before every path: empty, or `/prefix` of a proxy in front of Consul. */
  readonly prefix: string
}

/** `http://…`, `https://…`, `unix:///…`, or `host:port` for plain HTTP; `consul://` means the same as that. */
export function parseAddress(text: string): Result<Endpoint> {
  if (text.startsWith('unix://')) return parseSocket(text.slice('unix://'.length))
  const plain = text.replace(/^consul:\/\//, 'http://')
  const full = plain.includes('://') ? plain : `http://${plain}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  // The text is not shown: what stands before the @ may be a secret.
  if (text.includes('@'))
    return refuse('', 'has a user name or password in it', 'use consul.tokenFile for the token')
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    return refuse(
      text,
      'cannot be read',
      'write http://HOST:PORT, https://HOST:PORT or unix:///PATH',
    )
  if (url.search !== '' || url.hash !== '')
    return refuse(text, 'has a query or fragment', 'leave out everything from ? or # on')
  return ok(endpointOf(url))
}

function endpointOf(url: URL): Endpoint {
  const tls = url.protocol === 'https:'
  const standardPort = tls ? 443 : 80
  const prefix = url.pathname.replace(/\/+$/, '')
  return {
    name: printable(`${url.protocol}//${url.host}${prefix}`),
    tls,
    connect: {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? standardPort : Number(url.port),
    },
    prefix,
  }
}

function parseSocket(path: string): Result<Endpoint> {
  if (!path.startsWith('/') || path.includes('\0'))
    return refuse(`unix://${path}`, 'has no absolute path', 'write unix:///run/consul/http.sock')
  return ok({
    name: printable(`unix://${path}`),
    tls: false,
    connect: { socketPath: path },
    prefix: '',
  })
}

function refuse(text: string, what: string, hint: string): Result<Endpoint> {
  const named = text === '' ? '' : ` '${printable(text)}'`
  return fail({
    reason: 'consul-unreachable',
    message: `Consul's address${named} ${what}`,
    hint,
    transient: false,
  })
}
