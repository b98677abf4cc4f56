/** Where a URL goes, and why: made by compile from the maps, printed by `legate explain` and the page. */
import type { Position } from './diagnostic.ts'
import type { Server } from './topology.ts'

export interface RouteExplanation {
  /** As HAProxy looks it up: lower case, without port and trailing dots. */
  readonly host: string
  readonly path: string
  /** Why these frontends, where no listener is what the URL names. */
  readonly note?: string
  readonly frontends: readonly FrontendExplanation[]
}

export interface FrontendExplanation {
  readonly resource: string
  /** `*:443 (https)` */
  readonly listeners: readonly string[]
  /** The host name or wildcard whose routes are looked at; absent where no route has this host. */
  readonly site?: string
  readonly winner?: RuleExplanation
  readonly lost: readonly LostRule[]
  readonly answer: RouteAnswer
}

export interface RuleExplanation {
  /** `namespace/route/index` or `namespace/route/name`. */
  readonly rule: string
  /** `HostRoute/namespace/name`. */
  readonly route: string
  readonly hostname: string
  readonly type: 'Exact' | 'PathPrefix'
  readonly path: string
  readonly at?: Position
}

export interface LostRule extends RuleExplanation {
  readonly why: string
}

export interface TargetExplanation {
  /** `Backend/namespace/name`; absent for a section that no manifest names. */
  readonly resource?: string
  /** HAProxy's name. */
  readonly backend: string
  /** Of the requests, more than 0 up to 1. */
  readonly share: number
  readonly servers: readonly Server[]
}

export type RouteAnswer =
  | { readonly kind: 'backends'; readonly targets: readonly TargetExplanation[] }
  | { readonly kind: 'default-backend'; readonly targets: readonly TargetExplanation[] }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | { readonly kind: 'stats' }
  | { readonly kind: 'status'; readonly status: 404 | 503; readonly why: string }
