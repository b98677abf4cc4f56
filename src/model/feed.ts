/** What the daemon follows: sources that keep their newest answer at hand and tell when there is a new one. */
import type { Catalog, CatalogEntry, ServiceQuery } from './catalog.ts'
import type { Failure } from './failure.ts'

/** One followed question, for status and metrics. */
export interface Watch {
  /** `queryKey` of the query. */
  readonly key: string
  readonly query: ServiceQuery
  /** Milliseconds since the epoch of the last good answer; absent before the first. */
  readonly lastSuccessMs?: number
  /** Why the question is not answered at the moment; the last good answer stands meanwhile. */
  readonly failure?: Failure
  /** Failures since the last good answer. */
  readonly failures: number
  /** An answer that looks wrong is being asked for again before it is believed. */
  readonly confirming: boolean
  /** Asked in turn, without blocking: there are more questions than Consul offers connections. */
  readonly polled?: true
}

/**
 * Follows questions to Consul by blocking queries. A changed answer is a new object, an unchanged one
 * keeps its identity, whatever happened to its index.
 */
export interface CatalogFeed {
  /** How a person would name it. */
  readonly name: string
  /** The questions that matter from now on: new ones are begun, those not named are ended. */
  follow(queries: readonly ServiceQuery[]): void
  /**
   * The newest good answers. A question that has never been answered has no entry, or one with state
   * `failed` once a first attempt failed.
   */
  current(): Catalog
  /** Of one question, without making a catalog of all. */
  entry(key: string): CatalogEntry | undefined
  watches(): readonly Watch[]
  /** Of one question that is followed. */
  watch(key: string): Watch | undefined
  /** Calls back after `current()` has changed in substance, or a watch began or ceased to fail. */
  onChange(listener: (key: string) => void): void
  /** Ends every request; no listener is called afterwards. */
  close(): Promise<void>
}

/** What a file watcher has seen; the reader then reads everything anew. */
export interface FileWatch {
  onChange(listener: (path: string) => void): void
  /** The files besides manifests and templates that matter from now on (certificates, error files …). */
  follow(paths: readonly string[]): void
  close(): Promise<void>
}

/** Time as an argument, so that tests own it. */
export interface Clock {
  /** Milliseconds that only grow; no date. */
  monotonicMs(): number
  /** Milliseconds since the epoch, for people. */
  dateMs(): number
  /** Calls once after `ms`; the returned function calls it off. */
  after(ms: number, run: () => void): () => void
  /** From 0 up to 1, for jitter. */
  random(): number
}
