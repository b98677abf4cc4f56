/** One health question as Consul understands it: a query and defaults go in, path and parameters come out. Pure. */
import type { Answer, ServiceQuery } from '../model/catalog.ts'
import { fail, ok, type Result } from '../model/failure.ts'
import type { ConsulSettings } from '../model/settings.gen.ts'
import { describeQuery } from './health.ts'
import type { Query } from './transport.ts'

export interface Question {
  readonly path: string
  /** Where the service is looked for. */
  readonly place: Query
  readonly filter: Query
}

/** Never `passing`: only the whole list tells "none registered" from "all failing". */
export function encodeQuery(query: ServiceQuery): Result<Question> {
  const { service, datacenter, namespace, partition, filter } = query
  const texts = [service, datacenter, namespace, partition, filter]
  if (service === '' || texts.some((text) => /\p{Cs}/u.test(text ?? '')))
    return fail({
      reason: 'consul-refused',
      message: `Consul cannot be asked for ${describeQuery(query)}: that is no name`,
      transient: false,
    })
  return ok({
    path: `/v1/health/service/${encodeURIComponent(service)}`,
    place: [...pair('dc', datacenter), ...pair('ns', namespace), ...pair('partition', partition)],
    filter: pair('filter', filter),
  })
}

export function withDefaults(
  query: ServiceQuery,
  defaults: Pick<ConsulSettings, 'datacenter' | 'namespace' | 'partition'>,
): ServiceQuery {
  const { datacenter, namespace, partition } = defaults
  return {
    ...(datacenter !== undefined && { datacenter }),
    ...(namespace !== undefined && { namespace }),
    ...(partition !== undefined && { partition }),
    ...query,
  }
}

/** Not one entry, not even an unusable one: the kind of answer that wants a second look. */
export function isEmpty(answer: Answer): boolean {
  return (
    answer.state === 'answered' && answer.instances.length === 0 && answer.unusable === undefined
  )
}

function pair(name: string, value: string | undefined): Query {
  return value === undefined || value === '' ? [] : [[name, value]]
}
