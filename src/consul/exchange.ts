/** One question over HTTP, of whatever version, from its first byte to its last: the means go in, what became of it comes out. */
import type { Readable } from 'node:stream'
import type { Clock } from '../model/feed.ts'
import type { ConsulResponse, Limits } from './transport.ts'

export type Outcome =
  | { readonly kind: 'response'; readonly response: ConsulResponse }
  /** No answer began. `stale`: on this connection, which was an old one, it could not have. */
  | { readonly kind: 'error'; readonly error: Error; readonly stale: boolean }
  /** There are too many connections already. */
  | { readonly kind: 'turned-away' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }

export type End = (outcome: Outcome) => void
export type Timers = Pick<Clock, 'after' | 'monotonicMs'>

/**
 * `start` sends the question and later, however it goes, calls `end` at least once; what it returns lets go of
 * everything at once, for when an answer is no longer wanted. Never rejects.
 */
export function exchange(
  start: (end: End) => () => void,
  limits: Limits,
  timers: Timers,
): Promise<Outcome> {
  return new Promise((resolve) => {
    if (limits.signal?.aborted === true) return resolve({ kind: 'aborted' })
    let over = false
    let letGo: (() => void) | undefined
    const onAbort = (): void => end({ kind: 'aborted' })
    const callOff = timers.after(limits.timeoutMs, () => end({ kind: 'timeout' }))
    function end(outcome: Outcome): void {
      if (over) return
      over = true
      callOff()
      limits.signal?.removeEventListener('abort', onAbort)
      // A connection with unread bytes must not be used again.
      if (outcome.kind !== 'response') letGo?.()
      resolve(outcome)
    }
    limits.signal?.addEventListener('abort', onAbort)
    letGo = start(end)
  })
}

/** Gathers a body; what it returns gives the text of what has come so far. */
export function collect(body: Readable, maxBytes: number, end: End): () => string {
  const chunks: Buffer[] = []
  let size = 0
  body.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBytes) end({ kind: 'too-large' })
    else chunks.push(chunk)
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

/** Those that HTTP sends once; a repeated one is not for us. */
export function readHeaders(headers: Readonly<Record<string, unknown>>): Map<string, string> {
  const read = new Map<string, string>()
  for (const [name, value] of Object.entries(headers))
    if (typeof value === 'string') read.set(name, value)
  return read
}

export const systemTimers: Timers = {
  monotonicMs: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
