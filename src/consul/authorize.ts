/**
 * Asks Consul whether an empty list is empty because of the token: a query goes in, yes or no comes out.
 *
 * Before 1.11 Consul leaves out what a token may not see without a word. Two rights are needed:
 *
 * | service:read | node:read everywhere | name among the services | verdict   |
 * |--------------|----------------------|-------------------------|-----------|
 * | no           |                      |                         | forbidden |
 * | yes          | yes                  |                         | empty     |
 * | yes          | no                   | yes                     | forbidden |
 * | yes          | no                   | no                      | empty     |
 */
import type { ServiceQuery } from '../model/catalog.ts'
import { isObject } from './shape.ts'
import type { ConsulTransport, Limits, Query } from './transport.ts'

/** Where to look for the service, without its filter. */
export interface Place {
  readonly parameters: Query
  readonly limits: Limits
}

/** True only when Consul says so; without ACLs, without the API or without an answer nothing is known. */
export async function isForbidden(
  transport: ConsulTransport,
  query: ServiceQuery,
  place: Place,
): Promise<boolean> {
  const questions = [
    { Resource: 'service', Segment: query.service, Access: 'read' },
    { Resource: 'node', Segment: '', Access: 'read' },
  ]
  const [service, nodes] = await authorize(transport, questions, place)
  if (service === false) return true
  // The list of services needs no right on nodes. A filter may have emptied the answer as well.
  return nodes === false && query.filter === undefined && (await isListed(transport, query, place))
}

async function authorize(
  transport: ConsulTransport,
  questions: readonly object[],
  { parameters, limits }: Place,
): Promise<(boolean | undefined)[]> {
  const body = JSON.stringify(questions)
  const answer = await transport.post('/v1/internal/acl/authorize', parameters, body, limits)
  const verdicts = answer.ok && answer.value.status === 200 ? parse(answer.value.body) : undefined
  const list: readonly unknown[] = Array.isArray(verdicts) ? verdicts : []
  return list.map((verdict) => {
    const allow = isObject(verdict) ? verdict['Allow'] : undefined
    return typeof allow === 'boolean' ? allow : undefined
  })
}

async function isListed(
  transport: ConsulTransport,
  { service }: ServiceQuery,
  { parameters, limits }: Place,
): Promise<boolean> {
  const answer = await transport.get('/v1/catalog/services', parameters, limits)
  const names = answer.ok && answer.value.status === 200 ? parse(answer.value.body) : undefined
  return isObject(names) && Object.hasOwn(names, service)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
