/** Generated from schemas/ by `npm run generate`; do not edit. */

/**
 * HAProxy's `global` section: what holds for the whole process. At most one Global may exist; everything in it needs a reload.
 */
export interface Global {
  /**
   * Version of the manifest format: `legate/v1`.
   */
  readonly apiVersion: 'legate/v1'
  /**
   * `Global`.
   */
  readonly kind: 'Global'
  /**
   * Name of the resource, and what people want to note about it.
   */
  readonly metadata: Metadata
  /**
   * What the process shall be.
   */
  readonly spec: GlobalSpec
}

/**
 * Name of the resource, and what people want to note about it.
 */
export interface Metadata {
  /**
   * Name of the resource, unique among those of its kind in the namespace: a DNS label of 1 to 63 characters (lower-case letters, digits, `-`). HAProxy's section gets this name, with the namespace and a dot in front unless the namespace is `default`.
   */
  readonly name: string
  /**
   * Keeps names of different teams apart: a DNS label of 1 to 63 characters. Default: `default`.
   */
  readonly namespace: string
  /**
   * Words to sort resources by, as `team: checkout`. At most 64; they change nothing in HAProxy.
   */
  readonly labels: Readonly<Record<string, string>>
  /**
   * Notes for people and tools, as the address of a runbook. At most 64; they change nothing in HAProxy.
   */
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * What the process shall be.
 */
export interface GlobalSpec {
  /**
   * Connections the process accepts at the same time, 1 to 1000000. Absent: HAProxy derives it from the limit of file descriptors. HAProxy: `maxconn` (3.2).
   */
  readonly maxconn?: number
  /**
   * Threads of the process, 1 to 64. Absent: one for each CPU it may use. HAProxy: `nbthread` (3.1).
   */
  readonly threads?: number
  /**
   * Where log lines go; each target gets them all. At most 16. HAProxy: `log` (3.1).
   */
  readonly log: readonly LogTarget[]
  /**
   * What holds for every listener with TLS that says nothing else.
   */
  readonly tls: GlobalTls
  /**
   * Folder the process locks itself into after it started: an absolute path of at most 512 characters, which must exist. Needs a start as root. HAProxy: `chroot` (3.1).
   */
  readonly chroot?: string
  /**
   * User the process runs as after it started, 1 to 32 characters; must exist. Needs a start as root. HAProxy: `user` (3.1).
   */
  readonly user?: string
  /**
   * Group the process runs as after it started, 1 to 32 characters; must exist. Needs a start as root. HAProxy: `group` (3.1).
   */
  readonly group?: string
  /**
   * How long an old worker may go on serving its connections after a reload (duration). Default: `10m`. HAProxy: `hard-stop-after` (3.1).
   */
  readonly hardStopAfter: string
}

/**
 * One receiver of log lines.
 */
export interface LogTarget {
  /**
   * A syslog server reached by UDP (`10.0.0.1`, `10.0.0.1:514`, `[2001:db8::1]:514`; port 514 if none is given), the path of a Unix socket (`/dev/log`), `stdout` or `stderr`. At most 512 characters.
   */
  readonly address: string
  /**
   * Syslog facility. Default: `local0`.
   */
  readonly facility:
    | 'kern'
    | 'user'
    | 'mail'
    | 'daemon'
    | 'auth'
    | 'syslog'
    | 'lpr'
    | 'news'
    | 'uucp'
    | 'cron'
    | 'auth2'
    | 'ftp'
    | 'ntp'
    | 'audit'
    | 'alert'
    | 'cron2'
    | 'local0'
    | 'local1'
    | 'local2'
    | 'local3'
    | 'local4'
    | 'local5'
    | 'local6'
    | 'local7'
  /**
   * Lines less severe than this are left out. Absent: all lines are sent.
   */
  readonly level?: 'emerg' | 'alert' | 'crit' | 'err' | 'warning' | 'notice' | 'info' | 'debug'
  /**
   * Form of the line. Absent: `rfc3164`; `raw` suits `stdout` and `stderr`.
   */
  readonly format?: 'rfc3164' | 'rfc5424' | 'raw' | 'short' | 'iso' | 'local' | 'timed'
}

/**
 * What holds for every listener with TLS that says nothing else.
 */
export interface GlobalTls {
  /**
   * Oldest version of TLS that clients may use: `TLSv1.0`, `TLSv1.1`, `TLSv1.2` or `TLSv1.3`. Absent: HAProxy's own default, TLSv1.2. HAProxy: `ssl-default-bind-options ssl-min-ver` (3.1).
   */
  readonly minVersion?: 'TLSv1.0' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  /**
   * Ciphers up to TLS 1.2 as an OpenSSL cipher list, at most 1024 characters. Absent: OpenSSL's default. HAProxy: `ssl-default-bind-ciphers` (3.1).
   */
  readonly ciphers?: string
  /**
   * Cipher suites of TLS 1.3, separated by colons, at most 1024 characters. Absent: OpenSSL's default. HAProxy: `ssl-default-bind-ciphersuites` (3.1).
   */
  readonly cipherSuites?: string
}

/**
 * A named `defaults` section of HAProxy: what Frontends and Backends have unless they say otherwise. The one named `default` serves those that name none.
 */
export interface Defaults {
  /**
   * Version of the manifest format: `legate/v1`.
   */
  readonly apiVersion: 'legate/v1'
  /**
   * `Defaults`.
   */
  readonly kind: 'Defaults'
  /**
   * Name of the resource, and what people want to note about it.
   */
  readonly metadata: Metadata
  /**
   * What Frontends and Backends have unless they say otherwise.
   */
  readonly spec: DefaultsSpec
}

/**
 * What Frontends and Backends have unless they say otherwise.
 */
export interface DefaultsSpec {
  /**
   * Connections a Frontend accepts at the same time, 1 to 1000000; more wait in the kernel. Absent: as many as the process. HAProxy: `maxconn` (4.2).
   */
  readonly maxconn?: number
  /**
   * How often a failed connection to a server is tried again, 0 to 100. Absent: HAProxy's own default, 3. HAProxy: `retries` (4.2).
   */
  readonly retries?: number
  /**
   * Switches, at most 12, each at most once. HAProxy: `option` with the word in brackets (4.2).
   */
  readonly options: readonly (
    | 'HTTPLog'
    | 'TCPLog'
    | 'DontLogNull'
    | 'Redispatch'
    | 'ForwardFor'
    | 'HTTPKeepAlive'
    | 'HTTPServerClose'
    | 'AbortOnClose'
    | 'TCPKeepAlive'
    | 'LogHealthChecks'
    | 'LogSeparateErrors'
    | 'ContStats'
  )[]
  /**
   * How long things may take. HAProxy warns when `connect`, `client` or `server` is missing.
   */
  readonly timeouts: DefaultsTimeouts
  /**
   * Responses HAProxy gives in place of its own for errors it raises itself, one file a status. At most 17. HAProxy: `errorfile` (4.2).
   */
  readonly errorFiles: readonly ErrorFile[]
}

/**
 * How long things may take. HAProxy warns when `connect`, `client` or `server` is missing.
 */
export interface DefaultsTimeouts {
  /**
   * Until a connection to a server stands (duration, as `5s`). HAProxy: `timeout connect` (4.2).
   */
  readonly connect?: string
  /**
   * Silence of the client (duration, as `50s`). HAProxy: `timeout client` (4.2).
   */
  readonly client?: string
  /**
   * Silence of the server (duration, as `50s`). HAProxy: `timeout server` (4.2).
   */
  readonly server?: string
  /**
   * How long a request waits for a free place at a server (duration). Absent: as `connect`. HAProxy: `timeout queue` (4.2).
   */
  readonly queue?: string
  /**
   * How long a health check waits for an answer once it is connected (duration). Absent: the interval of the check bounds it. HAProxy: `timeout check` (4.2).
   */
  readonly check?: string
  /**
   * Until the request's headers are complete (duration); a guard against slow clients. Absent: as `client`. HAProxy: `timeout http-request` (4.2).
   */
  readonly httpRequest?: string
  /**
   * Silence between two requests of one connection (duration). Absent: as `httpRequest`. HAProxy: `timeout http-keep-alive` (4.2).
   */
  readonly httpKeepAlive?: string
  /**
   * Silence of the client after one side has closed (duration). Absent: as `client`. HAProxy: `timeout client-fin` (4.2).
   */
  readonly clientFin?: string
  /**
   * Silence of the server after one side has closed (duration). Absent: as `server`. HAProxy: `timeout server-fin` (4.2).
   */
  readonly serverFin?: string
  /**
   * Silence on both sides of an upgraded connection, as a WebSocket (duration). Absent: `client` and `server` hold. HAProxy: `timeout tunnel` (4.2).
   */
  readonly tunnel?: string
  /**
   * How long a connection that is being held back is kept open (duration). Absent: as `connect`. HAProxy: `timeout tarpit` (4.2).
   */
  readonly tarpit?: string
}

/**
 * The response for one status.
 */
export interface ErrorFile {
  /**
   * Status of the response that the file replaces: 200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 425, 429, 500, 501, 502, 503 or 504.
   */
  readonly status:
    | 200
    | 400
    | 401
    | 403
    | 404
    | 405
    | 407
    | 408
    | 410
    | 413
    | 425
    | 429
    | 500
    | 501
    | 502
    | 503
    | 504
  /**
   * File with the whole response as it goes over the wire, status line and headers included, at most 15 KiB (one buffer, less room for headers). A path of at most 512 characters; a relative one is below the files root (setting `filesRoot`).
   */
  readonly file: string
}

/**
 * Where clients connect: a `frontend` section of HAProxy with its listeners. HostRoutes attach to it.
 */
export interface Frontend {
  /**
   * Version of the manifest format: `legate/v1`.
   */
  readonly apiVersion: 'legate/v1'
  /**
   * `Frontend`.
   */
  readonly kind: 'Frontend'
  /**
   * Name of the resource, and what people want to note about it.
   */
  readonly metadata: Metadata
  /**
   * What the frontend shall be.
   */
  readonly spec: FrontendSpec
}

/**
 * What the frontend shall be.
 */
export interface FrontendSpec {
  /**
   * The Defaults that hold here. Absent: the Defaults named `default`, else Legate's own. HAProxy: `frontend … from` (4).
   */
  readonly defaultsRef?: Reference
  /**
   * Connections the frontend accepts at the same time, 1 to 1000000; more wait in the kernel. Absent: as the Defaults say. HAProxy: `maxconn` (4.2).
   */
  readonly maxconn?: number
  /**
   * Addresses and ports to listen on, 1 to 64. HAProxy: `bind` (4.2).
   */
  readonly listeners: readonly Listener[]
  /**
   * The Backend for requests that no HostRoute matches. Absent: they are answered 404. HAProxy: `default_backend` (4.2).
   */
  readonly defaultBackendRef?: Reference
  /**
   * Changes to the headers of every request and response of the frontend, in order. At most 16.
   */
  readonly filters: readonly HeaderFilter[]
  /**
   * Shows HAProxy's statistics page. Absent: no page. HAProxy: `stats enable` (4.2).
   */
  readonly stats?: Stats
}

/**
 * Names another resource.
 */
export interface Reference {
  /**
   * Name of the resource referred to (a DNS label, 1 to 63 characters).
   */
  readonly name: string
  /**
   * Namespace of the resource referred to. Absent: the namespace of the resource that refers.
   */
  readonly namespace?: string
}

/**
 * One address and port.
 */
export interface Listener {
  /**
   * Name of the listener, unique in the frontend; statistics and logs show it. A DNS label of 1 to 63 characters. HAProxy: `name` (5.1).
   */
  readonly name: string
  /**
   * Address to listen on: a canonical IPv4 or IPv6 address, or `*` for all of IPv4. Default: `*`. HAProxy: `bind` (4.2).
   */
  readonly address: string
  /**
   * TCP port to listen on, 1 to 65535. Below 1024 HAProxy needs the right to (a start as root, or CAP_NET_BIND_SERVICE). HAProxy: `bind` (4.2).
   */
  readonly port: number
  /**
   * `HTTP`, or `HTTPS` for HTTP in TLS. Default: `HTTP`. HAProxy: `ssl` (5.1).
   */
  readonly protocol: 'HTTP' | 'HTTPS'
  /**
   * `Always`: every connection begins with a PROXY protocol header that tells the client's address, and one without is refused. Only for listeners that nobody but the load balancer in front can reach. Default: `Never`. HAProxy: `accept-proxy` (5.1).
   */
  readonly acceptProxy: 'Never' | 'Always'
  /**
   * Certificates and versions of TLS. Required if and only if `protocol` is `HTTPS`.
   */
  readonly tls?: ListenerTls
}

/**
 * Certificates and versions of TLS. Required if and only if `protocol` is `HTTPS`.
 */
export interface ListenerTls {
  /**
   * Certificates to choose from by the name the client asks for (SNI), 1 to 1024; the first answers clients that ask for none of them. HAProxy: `crt`, `crt-list` (5.1).
   */
  readonly certificateRefs: readonly Reference[]
  /**
   * Oldest version of TLS that clients may use: `TLSv1.0`, `TLSv1.1`, `TLSv1.2` or `TLSv1.3`. Absent: as Global says. HAProxy: `ssl-min-ver` (5.1).
   */
  readonly minVersion?: 'TLSv1.0' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  /**
   * Protocols offered to the client, the preferred one first; at most 2. Default: `h2`, then `http/1.1`. HAProxy: `alpn` (5.1).
   */
  readonly alpn: readonly ('h2' | 'http/1.1')[]
}

/**
 * A change to the headers of every request or response of the frontend. The field named after `type` is required.
 */
export interface HeaderFilter {
  /**
   * What the filter does: `RequestHeaderModifier` or `ResponseHeaderModifier`.
   */
  readonly type: 'RequestHeaderModifier' | 'ResponseHeaderModifier'
  /**
   * Changes headers of the request on its way to the server: first `remove`, then `set`, then `add`. Required if and only if `type` is `RequestHeaderModifier`.
   */
  readonly requestHeaderModifier?: HeaderModifier
  /**
   * Changes headers of the response on its way to the client: first `remove`, then `set`, then `add`. Required if and only if `type` is `ResponseHeaderModifier`.
   */
  readonly responseHeaderModifier?: HeaderModifier
}

/**
 * Changes headers: first `remove`, then `set`, then `add`.
 */
export interface HeaderModifier {
  /**
   * Headers that get this value in place of every one they have. At most 64. HAProxy: `http-request set-header`, `http-response set-header` (4.2).
   */
  readonly set: readonly HeaderValue[]
  /**
   * Headers that get this value beside those they have. At most 64. HAProxy: `http-request add-header`, `http-response add-header` (4.2).
   */
  readonly add: readonly HeaderValue[]
  /**
   * Headers that are taken away. At most 64. HAProxy: `http-request del-header`, `http-response del-header` (4.2).
   */
  readonly remove: readonly string[]
}

/**
 * A header with its value.
 */
export interface HeaderValue {
  /**
   * Name of the header, 1 to 256 characters; case does not matter.
   */
  readonly name: string
  /**
   * Value of the header, taken literally (no variables, no log format): 1 to 1024 characters without control characters.
   */
  readonly value: string
}

/**
 * Shows HAProxy's statistics page. Absent: no page. HAProxy: `stats enable` (4.2).
 */
export interface Stats {
  /**
   * Where the page is: a URL path of at most 1024 characters. Default: `/`. HAProxy: `stats uri` (4.2).
   */
  readonly path: string
  /**
   * How often the browser reloads the page (duration; whole seconds). Absent: it does not. HAProxy: `stats refresh` (4.2).
   */
  readonly refresh?: string
  /**
   * What the browser shows when it asks for name and password, 1 to 1024 characters. Default: `HAProxy statistics`. HAProxy: `http-request auth realm` (4.2).
   */
  readonly realm: string
  /**
   * The Userlist whose users may see the page. Absent: everybody who reaches the listener. HAProxy: `http-request auth` (4.2).
   */
  readonly userlistRef?: Reference
  /**
   * Whether the page names the machine: `Show` or `Hide`. Default: `Hide`. HAProxy: `stats show-node` (4.2).
   */
  readonly showNode: 'Show' | 'Hide'
}

/**
 * Says which Backend answers which host names and paths, or where requests are redirected to. The most exact host name wins, then `Exact` over `PathPrefix`, then the longer prefix; the order of files and resources never matters.
 */
export interface HostRoute {
  /**
   * Version of the manifest format: `legate/v1`.
   */
  readonly apiVersion: 'legate/v1'
  /**
   * `HostRoute`.
   */
  readonly kind: 'HostRoute'
  /**
   * Name of the resource, and what people want to note about it.
   */
  readonly metadata: Metadata
  /**
   * Where requests go.
   */
  readonly spec: HostRouteSpec
}

/**
 * Where requests go.
 */
export interface HostRouteSpec {
  /**
   * The Frontends that the route is for, 1 to 64.
   */
  readonly parentRefs: readonly Reference[]
  /**
   * Host names that the route is for, 1 to 1024, compared without port, case and final dot. Absent: all host names that no other route of the Frontend has.
   */
  readonly hostnames?: readonly string[]
  /**
   * What is done with which requests, 1 to 256. A request is for the rule with the most exact match.
   */
  readonly rules: readonly Rule[]
}

/**
 * Requests, and what is done with them: either `backendRefs` or a filter of type `RequestRedirect`, not both.
 */
export interface Rule {
  /**
   * Name of the rule, unique in the route; messages show it. A DNS label of 1 to 63 characters.
   */
  readonly name?: string
  /**
   * Requests the rule is for: those that fit at least one of these. 1 to 64. Default: one match for the prefix `/`, that is all requests.
   */
  readonly matches: readonly Match[]
  /**
   * Changes to requests and responses of this rule, in order. At most 16.
   */
  readonly filters: readonly Filter[]
  /**
   * The Backends that answer, each with its share. At most 64. With no healthy server the answer is 503 (unless the Backend's `onEmpty` says otherwise), never another route.
   */
  readonly backendRefs: readonly WeightedReference[]
}

/**
 * What a request must be like.
 */
export interface Match {
  /**
   * What the path must be like. Default: the prefix `/`, that is every path.
   */
  readonly path: PathMatch
}

/**
 * What the path must be like. Default: the prefix `/`, that is every path.
 */
export interface PathMatch {
  /**
   * `Exact`: the path is the value, to the letter. `PathPrefix`: it begins with the value's segments (`/api` matches `/api` and `/api/v1`, not `/apix`). Default: `PathPrefix`.
   */
  readonly type: 'Exact' | 'PathPrefix'
  /**
   * The path to compare with, without query; case matters. At most 1024 characters.
   */
  readonly value: string
}

/**
 * A change to requests or responses of the rule. The field named after `type` is required.
 */
export interface Filter {
  /**
   * What the filter does: `RequestHeaderModifier`, `ResponseHeaderModifier` or `RequestRedirect`.
   */
  readonly type: 'RequestHeaderModifier' | 'ResponseHeaderModifier' | 'RequestRedirect'
  /**
   * Changes headers of the request on its way to the server: first `remove`, then `set`, then `add`. Required if and only if `type` is `RequestHeaderModifier`.
   */
  readonly requestHeaderModifier?: HeaderModifier
  /**
   * Changes headers of the response on its way to the client: first `remove`, then `set`, then `add`. Required if and only if `type` is `ResponseHeaderModifier`.
   */
  readonly responseHeaderModifier?: HeaderModifier
  /**
   * Answers with a redirect; what is absent here is kept from the request. Required if and only if `type` is `RequestRedirect`. HAProxy: `http-request redirect` (4.2).
   */
  readonly requestRedirect?: RequestRedirect
}

/**
 * Answers with a redirect; what is absent here is kept from the request. Required if and only if `type` is `RequestRedirect`. HAProxy: `http-request redirect` (4.2).
 */
export interface RequestRedirect {
  /**
   * Scheme of the new address: `http` or `https`. Absent: that of the request.
   */
  readonly scheme?: 'http' | 'https'
  /**
   * Host name of the new address, in lower case, at most 253 characters. Absent: that of the request, without its port.
   */
  readonly hostname?: string
  /**
   * Port of the new address, 1 to 65535. Absent: the usual one of the scheme, which is left out of the address.
   */
  readonly port?: number
  /**
   * Path of the new address. Absent: path and query of the request.
   */
  readonly path?: RedirectPath
  /**
   * Status of the answer: 301, 302, 303, 307 or 308. 301 and 308 are kept by browsers for good. Default: 302.
   */
  readonly statusCode: 301 | 302 | 303 | 307 | 308
}

/**
 * Path of the new address. Absent: path and query of the request.
 */
export interface RedirectPath {
  /**
   * `ReplaceFullPath`: path and query of the request give way to the value. Default: `ReplaceFullPath`.
   */
  readonly type: 'ReplaceFullPath'
  /**
   * The new path: a URL path of at most 1024 characters.
   */
  readonly replaceFullPath: string
}

/**
 * A Backend and its share of the requests.
 */
export interface WeightedReference {
  /**
   * Name of the Backend (a DNS label, 1 to 63 characters).
   */
  readonly name: string
  /**
   * Namespace of the Backend. Absent: the namespace of the route.
   */
  readonly namespace?: string
  /**
   * Share of the requests, in proportion to the sum over the rule: 0 to 1000000, where 0 means none. Default: 1.
   */
  readonly weight: number
}

/**
 * Who answers: a `backend` section of HAProxy, with its servers from a Consul service or listed here. What Consul says changes its servers, nothing else.
 */
export interface Backend {
  /**
   * Version of the manifest format: `legate/v1`.
   */
  readonly apiVersion: 'legate/v1'
  /**
   * `Backend`.
   */
  readonly kind: 'Backend'
  /**
   * Name of the resource, and what people want to note about it.
   */
  readonly metadata: Metadata
  /**
   * What the backend shall be.
   */
  readonly spec: BackendSpec
}

/**
 * What the backend shall be.
 */
export interface BackendSpec {
  /**
   * The Defaults that hold here. Absent: the Defaults named `default`, else Legate's own. HAProxy: `backend … from` (4).
   */
  readonly defaultsRef?: Reference
  /**
   * Where the servers come from: exactly one of `consul` and `static`.
   */
  readonly source: BackendSource
  /**
   * How a server is chosen for a request.
   */
  readonly balance: Balance
  /**
   * How HAProxy itself looks after the servers, besides Consul's checks.
   */
  readonly check: HealthCheck
  /**
   * How long things may take. Absent ones are as the Defaults say.
   */
  readonly timeouts: BackendTimeouts
  /**
   * How often a failed connection to a server is tried again, 0 to 100. Absent: as the Defaults say. HAProxy: `retries` (4.2).
   */
  readonly retries?: number
  /**
   * Connections to one server at the same time, 1 to 1000000; more requests wait in the queue. Absent: no limit. HAProxy: `maxconn` (5.2).
   */
  readonly maxconnPerServer?: number
  /**
   * `Consul`: weights of the registrations, scaled to HAProxy's 1 to 256 (all equal: 100). `Equal`: every server 100. Default: `Consul`. HAProxy: `weight` (5.2).
   */
  readonly weightFrom: 'Consul' | 'Equal'
  /**
   * Which instances take traffic: those with all of Consul's checks passing, or also those with a warning. Critical ones and those in maintenance never do. Default: `PassingOrWarning`.
   */
  readonly healthyWhen: 'Passing' | 'PassingOrWarning'
  /**
   * How many servers there should be; fewer are reported.
   */
  readonly capacity: BackendCapacity
  /**
   * What happens when Consul's answer holds no instance at all, or fails. Instances that are registered but all critical are a real 503.
   */
  readonly onEmpty: OnEmpty
  /**
   * Which addresses from Consul may be used. Unspecified, multicast and link-local ones are always refused.
   */
  readonly addresses: AddressPolicy
}

/**
 * Where the servers come from: exactly one of `consul` and `static`.
 */
export interface BackendSource {
  /**
   * Servers are the instances of a Consul service.
   */
  readonly consul?: ConsulSource
  /**
   * Servers are those listed here.
   */
  readonly static?: StaticSource
}

/**
 * A service in Consul.
 */
export interface ConsulSource {
  /**
   * Name of the service as registered, 1 to 256 characters.
   */
  readonly service: string
  /**
   * Only instances that carry all of these tags, at most 32. Empty: all instances.
   */
  readonly tags: readonly string[]
  /**
   * Datacenter to ask, 1 to 64 characters. Absent: as the settings say, else the agent's own.
   */
  readonly datacenter?: string
  /**
   * Consul namespace to ask (Enterprise), 1 to 64 characters. Absent: as the settings say.
   */
  readonly namespace?: string
  /**
   * Consul admin partition to ask (Enterprise), 1 to 64 characters. Absent: as the settings say.
   */
  readonly partition?: string
  /**
   * Filter expression that Consul applies to the instances, as `Service.Meta.version == "2"`, 1 to 2048 characters.
   */
  readonly filter?: string
}

/**
 * Servers that are listed in the manifest.
 */
export interface StaticSource {
  /**
   * The servers, 1 to 1024. HAProxy: `server` (4.2).
   */
  readonly servers: readonly StaticServer[]
}

/**
 * One server.
 */
export interface StaticServer {
  /**
   * Name of the server, unique in the backend: a DNS label of 1 to 63 characters.
   */
  readonly name: string
  /**
   * Address of the server: canonical IPv4 or IPv6, as `10.0.0.1` or `2001:db8::1`.
   */
  readonly address: string
  /**
   * TCP port of the server, 1 to 65535.
   */
  readonly port: number
  /**
   * Share of the requests relative to the other servers, 1 to 256. Default: 100. HAProxy: `weight` (5.2).
   */
  readonly weight: number
}

/**
 * How a server is chosen for a request.
 */
export interface Balance {
  /**
   * `RoundRobin`: in turn, by weight. `StaticRR`: the same, with weights fixed until a reload. `LeastConn`: the one with the fewest connections. `First`: the first with a free place. `Random`: by chance, by weight. `Source`, `URI`, `Header`: by a hash of the client's address, of the path, or of a header. Default: `RoundRobin`. HAProxy: `balance` (4.2).
   */
  readonly algorithm:
    'RoundRobin' | 'StaticRR' | 'LeastConn' | 'First' | 'Random' | 'Source' | 'URI' | 'Header'
  /**
   * The header to hash, 1 to 256 characters. Required if and only if `algorithm` is `Header`. HAProxy: `balance hdr()` (4.2).
   */
  readonly header?: string
  /**
   * How a hash chooses: `Consistent` moves few clients when servers come and go; `MapBased` spreads more evenly and moves most of them. Only for `Source`, `URI` and `Header`. Default: `Consistent`. HAProxy: `hash-type` (4.2).
   */
  readonly hash: 'MapBased' | 'Consistent'
}

/**
 * A check that HAProxy makes itself.
 */
export interface HealthCheck {
  /**
   * `None`: no check. `TCP`: the port accepts a connection. `HTTP`: a request is answered as expected. Default: `TCP`. HAProxy: `check` (5.2), `option httpchk` (4.2).
   */
  readonly type: 'None' | 'TCP' | 'HTTP'
  /**
   * Time between two checks (duration). Default: `2s`. HAProxy: `inter` (5.2).
   */
  readonly interval: string
  /**
   * Good checks in a row that bring a server back, 1 to 100. Default: 2. HAProxy: `rise` (5.2).
   */
  readonly rise: number
  /**
   * Bad checks in a row that take a server out, 1 to 100. Default: 3. HAProxy: `fall` (5.2).
   */
  readonly fall: number
  /**
   * How long a check may take once it is connected (duration). Absent: as `timeouts.check` says, else the interval bounds it. HAProxy: `timeout check` (4.2).
   */
  readonly timeout?: string
  /**
   * Port to check, 1 to 65535. Absent: the server's own. HAProxy: `port` (5.2).
   */
  readonly port?: number
  /**
   * What an HTTP check asks for: a URL path, with a query if need be, at most 1024 characters. Default: `/`. HAProxy: `http-check send uri` (4.2).
   */
  readonly path: string
  /**
   * Method of an HTTP check: `GET`, `HEAD` or `OPTIONS`. Default: `GET`. HAProxy: `http-check send meth` (4.2).
   */
  readonly method: 'GET' | 'HEAD' | 'OPTIONS'
  /**
   * Host header of an HTTP check: a host name in lower case, with a port if need be, at most 259 characters. Absent: none of your own. HAProxy: `http-check send hdr host` (4.2).
   */
  readonly host?: string
  /**
   * Statuses that an HTTP check takes as good: up to 16 numbers and ranges, separated by commas, as `200,204` or `200-299`. Quotes are needed in YAML. Default: `200-399`. HAProxy: `http-check expect status` (4.2).
   */
  readonly expectStatus: string
}

/**
 * How long things may take. Absent ones are as the Defaults say.
 */
export interface BackendTimeouts {
  /**
   * Until a connection to a server stands (duration, as `5s`). HAProxy: `timeout connect` (4.2).
   */
  readonly connect?: string
  /**
   * Silence of the server (duration, as `50s`). HAProxy: `timeout server` (4.2).
   */
  readonly server?: string
  /**
   * How long a request waits for a free place at a server (duration). HAProxy: `timeout queue` (4.2).
   */
  readonly queue?: string
  /**
   * How long a health check waits for an answer once it is connected (duration). HAProxy: `timeout check` (4.2).
   */
  readonly check?: string
  /**
   * Silence of the server after one side has closed (duration). HAProxy: `timeout server-fin` (4.2).
   */
  readonly serverFin?: string
  /**
   * Silence on both sides of an upgraded connection, as a WebSocket (duration). HAProxy: `timeout tunnel` (4.2).
   */
  readonly tunnel?: string
}

/**
 * How many servers there should be; fewer are reported.
 */
export interface BackendCapacity {
  /**
   * Servers there should be, 0 to 100000; fewer are BelowDesired. Absent: nothing is reported for it.
   */
  readonly desired?: number
  /**
   * Servers there must be, 0 to 100000; fewer are BelowMinimum. Absent: nothing is reported for it.
   */
  readonly minimum?: number
}

/**
 * What happens when Consul's answer holds no instance at all, or fails. Instances that are registered but all critical are a real 503.
 */
export interface OnEmpty {
  /**
   * `Hold`: the servers that were there stay for `holdFor`, then 503. `ServiceUnavailable`: 503 at once. `Fallback`: the Backend of `fallbackRef` answers. Default: `Hold`.
   */
  readonly policy: 'Hold' | 'ServiceUnavailable' | 'Fallback'
  /**
   * How long `Hold` keeps the servers after the first empty answer (duration). Default: `5m`.
   */
  readonly holdFor: string
  /**
   * The Backend that answers instead. Required if and only if `policy` is `Fallback`.
   */
  readonly fallbackRef?: Reference
}

/**
 * Which addresses from Consul may be used. Unspecified, multicast and link-local addresses are always refused.
 */
export interface AddressPolicy {
  /**
   * `Refuse` leaves out instances with a loopback address (127.0.0.0/8, ::1), so that a registration cannot point at the HAProxy machine itself; `Allow` takes them. Default: `Refuse`.
   */
  readonly allowLoopback: 'Refuse' | 'Allow'
  /**
   * `Allow` takes instances that are registered under a host name instead of an IP address. HAProxy resolves it when it starts or reloads; a name that does not resolve leaves its server without an address, and down (`init-addr libc,none`, 5.2). Default: `Refuse`.
   */
  readonly hostnames: 'Refuse' | 'Allow'
  /**
   * Networks that instances may have their address in, at most 64. Empty: all networks.
   */
  readonly allowedCIDRs: readonly string[]
}

/**
 * Refers to a certificate with its key on the HAProxy machine. Key material never stands in a manifest.
 */
export interface Certificate {
  /**
   * Version of the manifest format: `legate/v1`.
   */
  readonly apiVersion: 'legate/v1'
  /**
   * `Certificate`.
   */
  readonly kind: 'Certificate'
  /**
   * Name of the resource, and what people want to note about it.
   */
  readonly metadata: Metadata
  /**
   * Where it is: exactly one of `file` and `crtList`.
   */
  readonly spec: CertificateSpec
}

/**
 * Where it is: exactly one of `file` and `crtList`.
 */
export interface CertificateSpec {
  /**
   * PEM file with the certificate, its chain and its private key. A path of at most 512 characters; a relative one is below the files root (setting `filesRoot`). HAProxy: `crt` (5.1).
   */
  readonly file?: string
  /**
   * File that lists PEM files, one a line, with options and names. A path of at most 512 characters; a relative one is below the files root (setting `filesRoot`). HAProxy: `crt-list` (5.1).
   */
  readonly crtList?: string
  /**
   * Host names the certificate is for, at most 1024. Only for checking, where the file itself is not looked at: HAProxy reads the names from the certificate.
   */
  readonly hostnames: readonly string[]
}

/**
 * Users for basic authentication: a `userlist` section of HAProxy (3.4). Passwords are hashes in files of the HAProxy machine, never in a manifest.
 */
export interface Userlist {
  /**
   * Version of the manifest format: `legate/v1`.
   */
  readonly apiVersion: 'legate/v1'
  /**
   * `Userlist`.
   */
  readonly kind: 'Userlist'
  /**
   * Name of the resource, and what people want to note about it.
   */
  readonly metadata: Metadata
  /**
   * Who is in the list.
   */
  readonly spec: UserlistSpec
}

/**
 * Who is in the list.
 */
export interface UserlistSpec {
  /**
   * The users, 1 to 1024. HAProxy: `user` (3.4).
   */
  readonly users: readonly User[]
}

/**
 * One user.
 */
export interface User {
  /**
   * Name to log in with, unique in the list: letters, digits and `_.@-`, 1 to 64 characters.
   */
  readonly name: string
  /**
   * Where the hash of the password is.
   */
  readonly passwordFrom: PasswordSource
  /**
   * Groups the user is in, at most 64; a group exists as soon as somebody is in it. HAProxy: `group` (3.4).
   */
  readonly groups: readonly string[]
}

/**
 * Where the hash of the password is.
 */
export interface PasswordSource {
  /**
   * File with one line: a crypt(3) hash, as `openssl passwd -6` prints it. A path of at most 512 characters; a relative one is below the files root (setting `filesRoot`).
   */
  readonly file: string
}
