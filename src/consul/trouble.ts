/** What went wrong below HTTP: the outcome of a request goes in, a failure that a person can act on comes out. */
import { printable, type Failure } from '../model/failure.ts'
import type { Outcome } from './exchange.ts'
import { FEWER_CONNECTIONS_HINT } from './refusal.ts'
import type { Limits } from './transport.ts'

type Kind = Exclude<Outcome['kind'], 'response' | 'error'> | 'encoded'
type Trouble =
  | { readonly kind: Kind }
  | { readonly kind: 'error'; readonly error: Error; readonly stale: boolean }

/** `name` is the agent's address. */
export function explain(trouble: Trouble, name: string, limits: Limits): Failure {
  return trouble.kind === 'error'
    ? explainError(trouble.error, name)
    : EXPLANATIONS[trouble.kind](name, limits)
}

const EXPLANATIONS: Readonly<Record<Kind, (name: string, limits: Limits) => Failure>> = {
  timeout: (name, { timeoutMs }) => ({
    reason: 'timeout',
    message: `Consul at ${name} did not answer within ${timeoutMs} ms`,
    hint: 'consul.timeout sets how long one request may take',
    transient: true,
  }),
  aborted: (name) => ({
    reason: 'interrupted',
    message: `the request to Consul at ${name} was interrupted`,
    transient: true,
  }),
  truncated: (name) => ({
    reason: 'consul-unreachable',
    message: `Consul at ${name} closed the connection in the middle of its answer`,
    transient: true,
  }),
  'too-large': (name, { maxBytes }) => ({
    reason: 'consul-answer-unusable',
    message: `the answer of Consul at ${name} is larger than ${maxBytes} bytes`,
    hint: 'consul.maxAnswerBytes sets the largest answer that is read',
    transient: false,
  }),
  'turned-away': (name) => ({
    reason: 'consul-refused',
    message: `Consul at ${name} closes new connections and keeps older ones: there are too many`,
    hint: FEWER_CONNECTIONS_HINT,
    transient: true,
  }),
  encoded: (name) => ({
    reason: 'consul-answer-unusable',
    message: `${name} answers in an encoding that was not asked for`,
    hint: 'a proxy between Legate and Consul compresses answers; address Consul itself',
    transient: false,
  }),
}

interface Cause {
  readonly codes: RegExp
  readonly what: string
  readonly hint: string
  readonly transient: boolean
}

const ADDRESS_HINT =
  'is the agent running, and is consul.address (CONSUL_HTTP_ADDR) its HTTP address?'
const CAUSES: readonly Cause[] = [
  {
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_FAIL)$/,
    what: 'its name cannot be resolved',
    hint: 'check the host in consul.address (CONSUL_HTTP_ADDR)',
    transient: true,
  },
  {
    codes: /^EACCES$/,
    what: 'no permission to connect',
    hint: 'the user Legate runs as needs write access to the socket',
    transient: false,
  },
  {
    codes: /^(EPROTO|ERR_SSL_|HPE_)/,
    what: 'it does not speak the expected protocol',
    hint: 'is it http:// where https:// is needed, or the other way round?',
    transient: false,
  },
  {
    codes: /^ERR_NO_HTTP2$/,
    what: 'it offers no HTTP/2',
    hint: 'a proxy between Legate and Consul speaks HTTP/1.1 only; address Consul itself',
    transient: false,
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    what: 'its certificate is for another name',
    hint: 'set consul.tls.serverName to a name in the certificate (such as server.dc1.consul)',
    transient: false,
  },
  {
    codes: /^(CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|INVALID_CA|ERR_TLS_)/,
    what: 'its certificate is not trusted',
    hint: "set consul.tls.caFile (CONSUL_CACERT) to the authority of Consul's certificate",
    transient: false,
  },
  { codes: /./, what: 'there is no connection', hint: ADDRESS_HINT, transient: true },
]

function explainError(error: Error, name: string): Failure {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  const cause = CAUSES.find(({ codes }) => codes.test(code))
  const word = printable(code)
  return {
    reason: 'consul-unreachable',
    message: `Consul at ${name} cannot be reached: ${cause?.what ?? 'there is no connection'} (${word})`,
    hint: cause?.hint ?? ADDRESS_HINT,
    transient: cause?.transient ?? true,
  }
}
