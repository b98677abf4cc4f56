/** What the readers of Consul need of HTTP: a path and a query go in, an answer within its limits comes out. */
import type { Result } from '../model/failure.ts'

/** Unencoded names and values; blocking queries add `index` and `wait` here. */
export type Query = readonly (readonly [name: string, value: string])[]

export interface Limits {
  /** From the call to the last byte of the answer: waiting for a free connection counts. */
  readonly timeoutMs: number
  /** Of the answer's body. */
  readonly maxBytes: number
  readonly signal?: AbortSignal
  /**
   * No second try over a fresh connection when an old one turns out to be dead: who was restarted would
   * hold a blocking query with the index of a former life.
   */
  readonly once?: boolean
}

export interface ConsulResponse {
  readonly status: number
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** A bounded number of connections to one agent. Any status is a response; only its absence is a failure. */
export interface ConsulTransport {
  /** The agent's address as a person would type it; holds no secret. */
  readonly name: string
  /** `path` is encoded, starts with `/` and has no query. */
  get(path: string, query: Query, limits: Limits): Promise<Result<ConsulResponse>>
  /** Sends JSON text. */
  post(path: string, query: Query, body: string, limits: Limits): Promise<Result<ConsulResponse>>
  /** Closes every connection; requests under way fail. */
  close(): void
}
