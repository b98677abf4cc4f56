/** Asks Consul whether the token may read a service at all: before 1.11 a forbidden service looks like an empty one. */
import type { ServiceQuery } from '../model/catalog.ts'
import { isObject } from './shape.ts'
import type { ConsulTransport, Limits, Query } from './transport.ts'

/** True only when Consul says no; without ACLs, without the API or without an answer nothing is known. */
export async function isForbidden(
  transport: ConsulTransport,
  query: ServiceQuery,
  parameters: Query,
  limits: Limits,
): Promise<boolean> {
  const question = [{ Resource: 'service', Segment: query.service, Access: 'read' }]
  const body = JSON.stringify(question)
  const answer = await transport.post('/v1/internal/acl/authorize', parameters, body, limits)
  if (!answer.ok || answer.value.status !== 200) return false
  try {
    const verdicts: unknown = JSON.parse(answer.value.body)
    const [verdict]: readonly unknown[] = Array.isArray(verdicts) ? verdicts : []
    return isObject(verdict) && verdict['Allow'] === false
  } catch {
    return false
  }
}
