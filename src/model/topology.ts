/** What HAProxy is to be, section by section: made by compile, printed by render, never mutated. */

/** `Kind/namespace/name` of the manifest a section came from. */
export type ResourceId = string

/** Durations are milliseconds, sizes bytes. Strings may hold any text unless a comment says otherwise. */
export interface Topology {
  readonly global: GlobalSection
  readonly defaults: readonly DefaultsSection[]
  readonly userlists: readonly UserlistSection[]
  readonly frontends: readonly FrontendSection[]
  readonly backends: readonly BackendSection[]
  /** Referenced files whose content is part of the structure (error files): path to SHA-256. */
  readonly fileDigests: ReadonlyMap<string, string>
  /** Certificate path to SHA-1 fingerprint of its leaf; absent where the file was not looked at. */
  readonly certificates: ReadonlyMap<string, string>
  /** Values that came from secret files. */
  readonly secrets: readonly string[]
}

export interface LogTarget {
  /** `10.0.0.1:514`, `/dev/log`, `stdout`. */
  readonly address: string
  /** HAProxy's word: `local0`. */
  readonly facility: string
  readonly level?: string
  readonly format?: string
}

export interface TlsDefaults {
  /** HAProxy's word: `TLSv1.2`. */
  readonly minVersion?: string
  readonly ciphers?: string
  readonly cipherSuites?: string
}

export interface GlobalSection {
  readonly resource?: ResourceId
  readonly maxconn?: number
  readonly threads?: number
  readonly log: readonly LogTarget[]
  readonly tls: TlsDefaults
  readonly chroot?: string
  readonly user?: string
  readonly group?: string
  /** Legate's own socket: absolute path. */
  readonly statsSocket: string
  readonly hardStopAfterMs: number
}

export interface ErrorFile {
  readonly status: number
  /** Absolute. */
  readonly path: string
}

/** `timeout <name> <ms>`: name is HAProxy's word (`connect`, `http-request`). */
export interface Timeout {
  readonly name: string
  readonly ms: number
}

export interface DefaultsSection {
  readonly resource?: ResourceId
  readonly name: string
  readonly mode: 'http'
  readonly maxconn?: number
  readonly retries?: number
  /** HAProxy's words: `httplog`, `dontlognull`. */
  readonly options: readonly string[]
  readonly timeouts: readonly Timeout[]
  readonly errorFiles: readonly ErrorFile[]
}

export interface UserlistSection {
  readonly resource: ResourceId
  readonly name: string
  readonly groups: readonly { readonly name: string; readonly users: readonly string[] }[]
  /** `passwordHash` is a crypt(3) hash; secret. */
  readonly users: readonly { readonly name: string; readonly passwordHash: string }[]
}

export interface Bind {
  /** Canonical IP address, or `*` for all of IPv4. */
  readonly address: string
  readonly port: number
  /** Name of the listener. */
  readonly name: string
  readonly acceptProxy: boolean
  readonly tls?: {
    /** Absolute paths of PEM files, in order; the first answers clients without SNI. */
    readonly certificates: readonly string[]
    /** Absolute paths of crt-lists. */
    readonly crtLists: readonly string[]
    readonly minVersion?: string
    readonly alpn: readonly string[]
  }
}

export interface HeaderChange {
  readonly on: 'request' | 'response'
  readonly action: 'set' | 'add' | 'remove'
  readonly name: string
  /** Literal text (never a log-format); absent for `remove`. */
  readonly value?: string
  /** Rule id it is limited to; absent means every request of the frontend. */
  readonly rule?: string
}

export interface Redirect {
  readonly rule: string
  readonly status: 301 | 302 | 303 | 307 | 308
  /** `http` or `https`; absent keeps the request's. */
  readonly scheme?: string
  /** Absent keeps the request's host name (without its port). */
  readonly hostname?: string
  /** Absent means the default port of the scheme. */
  readonly port?: number
  /** Absent keeps the request's path and query. */
  readonly path?: string
}

export type MapRow = readonly [key: string, value: string]

/** The five look-ups of a routed frontend; see docs/routing.md. Rows are sorted as HAProxy needs them. */
export interface RouteMaps {
  /** Host name to site; `map_str`. */
  readonly hosts: readonly MapRow[]
  /** `.suffix` to site, longest first; `map_end`. */
  readonly wildcards: readonly MapRow[]
  /** Site + path to rule; `map_str`. */
  readonly exact: readonly MapRow[]
  /** Site + path + `/` to rule; `map_beg`. */
  readonly prefix: readonly MapRow[]
  /** Rule + `/` + leading digits of a number in 1000 to 1999, to backend; `map_beg`. */
  readonly targets: readonly MapRow[]
}

export interface FrontendSection {
  readonly resource: ResourceId
  readonly name: string
  /** Name of the defaults section. */
  readonly defaults: string
  readonly maxconn?: number
  readonly binds: readonly Bind[]
  readonly headers: readonly HeaderChange[]
  readonly redirects: readonly Redirect[]
  /** Absent for a frontend that only shows the stats page. */
  readonly routes?: RouteMaps
  /** True when some route is for all hosts (site `*`). */
  readonly catchAll: boolean
  /** HAProxy backend name. */
  readonly defaultBackend?: string
  readonly stats?: {
    readonly uri: string
    readonly refreshMs?: number
    readonly realm: string
    /** Name of the userlist section. */
    readonly userlist?: string
    readonly showNode: boolean
  }
}

export interface HealthCheck {
  readonly type: 'tcp' | 'http'
  readonly intervalMs: number
  readonly rise: number
  readonly fall: number
  readonly timeoutMs?: number
  readonly port?: number
  readonly http?: {
    /** HAProxy's word: `GET`. */
    readonly method: string
    readonly path: string
    readonly host?: string
    /** `200` or `200-399`; digits, `-` and `,` only. */
    readonly expectStatus: string
  }
}

export interface Server {
  /** `i-` and 12 hex digits for an instance of Consul; the manifest's name for a static one. */
  readonly name: string
  /** Canonical IP address; a lower-case host name where the Backend allows names. */
  readonly address: string
  readonly port: number
  /** 1 to 256. */
  readonly weight: number
}

export interface BackendSection {
  readonly resource: ResourceId
  readonly name: string
  readonly defaults: string
  readonly balance: {
    /** HAProxy's word: `roundrobin`, `hdr`. */
    readonly algorithm: string
    /** Header name for `hdr`. */
    readonly header?: string
    readonly consistent: boolean
  }
  readonly check?: HealthCheck
  readonly maxconnPerServer?: number
  readonly retries?: number
  readonly timeouts: readonly Timeout[]
  /** Sorted by name. */
  readonly servers: readonly Server[]
}
