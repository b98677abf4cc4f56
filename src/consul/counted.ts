/** A transport → the same, which tells of each of its requests: where to, what came back, how long it took. */
import type { Result } from '../model/failure.ts'
import type { ConsulResponse, ConsulTransport, Query } from './transport.ts'

export interface SentRequest {
  /** Never the name of a service: there may be thousands. */
  readonly endpoint: 'health' | 'acl' | 'other'
  /** HTTP's status; absent where no answer came. */
  readonly status?: number
  /** Absent where Consul was asked to wait for a change. */
  readonly tookMs?: number
}

export function counted(
  transport: ConsulTransport,
  tell: (request: SentRequest) => void,
  nowMs: () => number,
): ConsulTransport {
  const send = (
    path: string,
    query: Query,
    run: () => Promise<Result<ConsulResponse>>,
  ): Promise<Result<ConsulResponse>> => {
    const beganMs = nowMs()
    return run().then((result) => {
      const waits = query.some(([name]) => name === 'index')
      tell({
        endpoint: endpointOf(path),
        ...(result.ok && { status: result.value.status }),
        ...(!waits && { tookMs: nowMs() - beganMs }),
      })
      return result
    })
  }
  return {
    name: transport.name,
    get: (path, query, limits) => send(path, query, () => transport.get(path, query, limits)),
    post: (path, query, body, limits) =>
      send(path, query, () => transport.post(path, query, body, limits)),
    close: () => transport.close(),
  }
}

function endpointOf(path: string): SentRequest['endpoint'] {
  if (path.startsWith('/v1/health/')) return 'health'
  return /\/acl\//.test(path) ? 'acl' : 'other'
}
