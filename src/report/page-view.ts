/** What the page shows besides the status: worked out when somebody looks, and bounded. */
import type { RouteExplanation } from '../model/route-explanation.ts'
import type { Tone } from './page-html.ts'
import type { Status } from './status.ts'

export interface PageView {
  status(): Status
  /** Those whose host, path or backend holds the words; some behind the first `from`, and how many there are in all. */
  routes(words: string, most: number, from?: number): Some<RouteRow>
  /** By HAProxy's name; undefined for one that is not there. */
  backend(name: string, most: number): BackendView | undefined
  /** A sentence where the text is no URL, or nothing has been compiled yet. */
  explain(url: string): RouteExplanation | string
  /** Unified, without secrets; undefined where it is not kept. */
  actionDiff(id: number): string | undefined
  pendingDiff(): string | undefined
}

export interface Some<T> {
  readonly shown: readonly T[]
  readonly all: number
}

export interface RouteRow {
  readonly host: string
  readonly path: string
  readonly type: 'Exact' | 'PathPrefix'
  readonly frontends: readonly string[]
  /** `Backend/default/api`, with weights where there are several; or the redirect. */
  readonly target: string
  /** HAProxy's name of the backend, where there is exactly one. */
  readonly backend?: string
  readonly route: string
  readonly file: string
  readonly line: number
}

export interface BackendView {
  readonly resource: string
  /** HAProxy's name. */
  readonly name: string
  /** `Consul service "api"`. */
  readonly source: string
  readonly file: string
  readonly line: number
  /** Those in trouble first. */
  readonly servers: Some<ServerRow>
}

export interface ServerRow {
  readonly name: string
  /** `api-1 on node-a`; absent for a server of the manifest. */
  readonly instance?: string
  readonly address: string
  readonly weight?: number
  readonly consul: Said
  readonly haproxy: Said
  readonly sessions?: number
}

export interface Said {
  readonly tone: Tone
  readonly text: string
}
