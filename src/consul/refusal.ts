/** What Consul says instead of an answer: a response goes in, a failure with a remedy comes out, or nothing for 200. */
import { printable, type Failure } from '../model/failure.ts'
import type { ConsulResponse } from './transport.ts'

interface Refusal {
  readonly matches: (status: number, body: string) => boolean
  readonly what: string
  readonly hint: string
  readonly transient: boolean
}

export const TOKEN_HINT = 'the token needs service:read on the service and node:read on its nodes'

export const FEWER_CONNECTIONS_HINT =
  "lower consul.maxConnections, or raise limits.http_max_conns_per_client in Consul's configuration"

const REFUSALS: readonly Refusal[] = [
  {
    // Go's own words, on a port that speaks TLS.
    matches: (s, body) => s === 400 && body.includes('HTTP request to an HTTPS server'),
    what: 'speaks TLS',
    hint: 'write https:// in consul.address (or set CONSUL_HTTP_SSL=true)',
    transient: false,
  },
  {
    matches: (s) => s === 401 || s === 403,
    what: 'refuses the token',
    hint: `${TOKEN_HINT}; set it with consul.tokenFile (CONSUL_HTTP_TOKEN_FILE)`,
    transient: false,
  },
  {
    matches: (s) => s === 429,
    what: 'has too many connections or requests',
    hint: FEWER_CONNECTIONS_HINT,
    transient: true,
  },
  {
    matches: (s) => s === 400,
    what: 'does not understand the question',
    hint: "check the Backend's service name, filter, datacenter, namespace and partition",
    transient: false,
  },
  {
    matches: (s) => (s >= 300 && s < 400) || s === 404,
    what: 'has no such API',
    hint: 'is consul.address (CONSUL_HTTP_ADDR) the HTTP address of a Consul agent? Redirects are not followed',
    transient: false,
  },
  {
    matches: (s) => s >= 500,
    what: 'could not answer',
    hint: "Consul's own words say why; a wrong datacenter or filter shows in this way too",
    transient: true,
  },
]

/** `name` is the agent's address, `subject` what was asked for; both printable. */
export function refusalOf(
  response: ConsulResponse,
  name: string,
  subject: string,
): Failure | undefined {
  const { status, body } = response
  if (status === 200) return undefined
  const refusal = REFUSALS.find((r) => r.matches(status, body))
  const words = printable(body.trim().replaceAll(/\s+/g, ' '))
  return {
    reason: 'consul-refused',
    message: `Consul at ${name} ${refusal?.what ?? 'answers oddly'} (HTTP ${status}) when asked for ${subject}`,
    hint:
      refusal?.hint ?? 'is consul.address (CONSUL_HTTP_ADDR) the HTTP address of a Consul agent?',
    ...(words !== '' && { detail: [words] }),
    transient: refusal?.transient ?? true,
  }
}
