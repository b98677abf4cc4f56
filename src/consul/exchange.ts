/** One HTTP request from its first byte to its last: a request goes in, what became of it comes out. Never throws. */
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { ConsulResponse, Limits } from './transport.ts'

export type Outcome =
  | { readonly kind: 'response'; readonly response: ConsulResponse }
  /** No answer began. `stale`: the connection was an idle one that the other side had closed. */
  | { readonly kind: 'error'; readonly error: Error; readonly stale: boolean }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }

export function exchange(
  request: ClientRequest,
  body: string | undefined,
  limits: Limits,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let began = false
    let over = false
    const onAbort = (): void => end({ kind: 'aborted' })
    const timer = setTimeout(() => end({ kind: 'timeout' }), limits.timeoutMs)
    function end(outcome: Outcome): void {
      if (over) return
      over = true
      clearTimeout(timer)
      limits.signal?.removeEventListener('abort', onAbort)
      // A connection with unread bytes must not be used again.
      if (outcome.kind !== 'response') request.destroy()
      resolve(outcome)
    }
    limits.signal?.addEventListener('abort', onAbort)
    request.on('error', (error) => {
      const stale = request.reusedSocket && isReset(error)
      end(began ? { kind: 'truncated' } : { kind: 'error', error, stale })
    })
    request.on('response', (response) => {
      began = true
      collect(response, limits.maxBytes, end)
    })
    // Whatever ends a request in a way not foreseen above.
    request.on('close', () => end({ kind: 'truncated' }))
    if (limits.signal?.aborted === true) end({ kind: 'aborted' })
    else request.end(body)
  })
}

function collect(
  response: IncomingMessage,
  maxBytes: number,
  end: (outcome: Outcome) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBytes) end({ kind: 'too-large' })
    else chunks.push(chunk)
  })
  response.on('error', () => end({ kind: 'truncated' }))
  response.on('end', () => {
    if (!response.complete) return end({ kind: 'truncated' })
    end({
      kind: 'response',
      response: {
        status: response.statusCode ?? 0,
        headers: readHeaders(response),
        body: Buffer.concat(chunks).toString('utf8'),
      },
    })
  })
}

function readHeaders(response: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(response.headers))
    if (typeof value === 'string') headers.set(name, value)
  return headers
}

function isReset(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}
