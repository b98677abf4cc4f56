/** What is the same in every version of HTTP: a question's target and headers go out, its outcome becomes a result. Pure. */
import { fail, ok, type Result } from '../model/failure.ts'
import type { Outcome } from './exchange.ts'
import type { ConsulResponse, Limits, Query } from './transport.ts'
import { explain } from './trouble.ts'

export interface Message {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Encoded path and query. */
  readonly target: string
  readonly body?: string
}

/** The values are well-formed Unicode: who reads hostile text sees to that. */
export function requestTarget(path: string, query: Query): string {
  const pairs = query.map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

/** The token goes into its header only: a query ends up in logs. */
export function headersOf(
  message: Message,
  token: string | undefined,
): Record<string, string | number> {
  return {
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(token !== undefined && { 'x-consul-token': token }),
    ...(message.body !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(message.body),
    }),
  }
}

interface Asked {
  /** The agent's address. */
  readonly name: string
  readonly token: string | undefined
  readonly limits: Limits
}

export function judge(outcome: Outcome, { name, token, limits }: Asked): Result<ConsulResponse> {
  if (outcome.kind !== 'response') return fail(explain(outcome, name, limits))
  const { response } = outcome
  const encoding = response.headers.get('content-encoding') ?? 'identity'
  if (encoding !== 'identity') return fail(explain({ kind: 'encoded' }, name, limits))
  if (response.status === 200 || token === undefined) return ok(response)
  // A refusal is shown to people; should it ever quote the token, it is masked.
  return ok({ ...response, body: response.body.replaceAll(token, '(token)') })
}
