/** Generated from schemas/ by `npm run generate`; do not edit. */

/**
 * Legate's own settings, in `legate.yaml`, never among the manifests. A flag beats an environment variable (`LEGATE_…`, `CONSUL_…`), that beats this file, and this file beats the default.
 */
export interface Settings {
  /**
   * Version of the format: `legate/v1`.
   */
  readonly apiVersion: 'legate/v1'
  /**
   * `Settings`.
   */
  readonly kind: 'Settings'
  /**
   * The settings.
   */
  readonly spec: SettingsSpec
}

/**
 * The settings.
 */
export interface SettingsSpec {
  /**
   * Where the manifests are, 1 to 64 folders or files. Default: the folder `manifests`.
   */
  readonly manifests: readonly string[]
  /**
   * Folder with templates of your own, which replace those of Legate file by file. They are code: review them as such. Absent: none.
   */
  readonly templates?: string
  /**
   * Folder that relative paths in manifests (certificates, error files, password files) are below. Default: `/etc/legate`.
   */
  readonly filesRoot: string
  /**
   * Folder for what Legate remembers: the last good manifests and answers of Consul, and the lock. Default: `/var/lib/legate`.
   */
  readonly stateDir: string
  /**
   * Where instances are read from: `consul` (as `consul` below says), `consul://host:port`, or `file:` and the path of a snapshot. Default: `consul`.
   */
  readonly catalog: string
  /**
   * How Consul is reached.
   */
  readonly consul: ConsulSettings
  /**
   * How HAProxy is held.
   */
  readonly haproxy: HaproxySettings
  /**
   * How long to wait for another Legate that works on the same target (duration). Default: `0s`, not at all.
   */
  readonly lockWait: string
  /**
   * Where the daemon serves its status over HTTP: `address:port`, or `off`. Default: `127.0.0.1:9478`, this machine only.
   */
  readonly listen: string
  /**
   * Host names by which browsers may ask for the status page and `/api/`, at most 16, besides IP addresses and `localhost`: other names are refused, because a page of another site could make a browser ask here under its own. Not for `/metrics`, `/healthz` and `/readyz`. Default: none.
   */
  readonly allowedHosts: readonly string[]
  /**
   * When the daemon acts.
   */
  readonly loop: LoopSettings
  /**
   * What the daemon holds back until it is confirmed.
   */
  readonly guards: GuardSettings
  /**
   * What becomes of changes that somebody made past Legate.
   */
  readonly drift: DriftSettings
  /**
   * Who the daemon tells of transitions, at most 16 receivers. Default: nobody.
   */
  readonly notifications: readonly ReceiverSettings[]
  /**
   * How receivers are told.
   */
  readonly notify: NotifySettings
}

/**
 * How Consul is reached. Consul's standard variables (`CONSUL_HTTP_ADDR` …) beat these.
 */
export interface ConsulSettings {
  /**
   * Address of the agent: `http://host:port`, `https://host:port` or `unix:///path`. At most 1024 characters. Default: `http://127.0.0.1:8500`. Variable: `CONSUL_HTTP_ADDR`.
   */
  readonly address: string
  /**
   * ACL token, at most 1024 characters; secret. Better in a file: `tokenFile`. Absent: none. Variable: `CONSUL_HTTP_TOKEN`.
   */
  readonly token?: string
  /**
   * File with the ACL token. Absent: none. Variable: `CONSUL_HTTP_TOKEN_FILE`.
   */
  readonly tokenFile?: string
  /**
   * Datacenter for Backends that name none, 1 to 64 characters. Absent: the agent's own.
   */
  readonly datacenter?: string
  /**
   * Consul namespace (Enterprise) for Backends that name none, 1 to 64 characters. Absent: the token's. Variable: `CONSUL_NAMESPACE`.
   */
  readonly namespace?: string
  /**
   * Consul admin partition (Enterprise) for Backends that name none, 1 to 64 characters. Absent: the agent's. Variable: `CONSUL_PARTITION`.
   */
  readonly partition?: string
  /**
   * TLS towards Consul, for an `https` address.
   */
  readonly tls: ConsulTls
  /**
   * How long one request may take (duration). Default: `10s`.
   */
  readonly timeout: string
  /**
   * Most connections to Consul at the same time, 1 to 500. The daemon has one for every service it follows; where there are more services, they share connections over HTTP/2 (one for 250 services; needs an `https://` address) or are asked in turn, every 5 s or slower. Consul allows a client 200 by default. A single pass has at most 32. Default: 150.
   */
  readonly maxConnections: number
  /**
   * Largest answer that is read, in bytes, 1024 to 1073741824. Default: 67108864 (64 MiB).
   */
  readonly maxAnswerBytes: number
  /**
   * How long Consul may hold a blocking query (duration, at most 10m). Absent: 240s for an agent on loopback, else 55s, which no load balancer in between cuts.
   */
  readonly wait?: string
  /**
   * Name of the service as which the daemon registers itself with the agent, with a check that says how it goes, 1 to 63 characters. Absent: it does not.
   */
  readonly registerAs?: string
  /**
   * How long after the last sign of life of the daemon its check becomes critical (duration). Default: `30s`.
   */
  readonly registerTtl: string
}

/**
 * TLS towards Consul, for an `https` address.
 */
export interface ConsulTls {
  /**
   * PEM file with the certificate authority of Consul's certificate. Absent: those of Node. Variable: `CONSUL_CACERT`.
   */
  readonly caFile?: string
  /**
   * PEM file with the client certificate; needs `keyFile`. Absent: none. Variable: `CONSUL_CLIENT_CERT`.
   */
  readonly certFile?: string
  /**
   * PEM file with the key of the client certificate. Absent: none. Variable: `CONSUL_CLIENT_KEY`.
   */
  readonly keyFile?: string
  /**
   * Name that Consul's certificate must bear, at most 253 characters. Absent: the host of the address. Variable: `CONSUL_TLS_SERVER_NAME`.
   */
  readonly serverName?: string
  /**
   * `Required`: a certificate that does not hold is refused. `None`: any certificate is taken. Default: `Required`. Variable: `CONSUL_HTTP_SSL_VERIFY`.
   */
  readonly verify: 'Required' | 'None'
}

/**
 * How HAProxy is held, and how its configuration is proven.
 */
export interface HaproxySettings {
  /**
   * `master-socket`: HAProxy runs in master-worker mode and is reloaded through its master CLI. `supervise`: Legate starts and keeps it. `command`: a command of yours reloads it. `none`: only files are written. Default: `master-socket`.
   */
  readonly hold: 'master-socket' | 'supervise' | 'command' | 'none'
  /**
   * HAProxy's program. Absent: `haproxy` on PATH. Variable: `HAPROXY_BIN`.
   */
  readonly binary?: string
  /**
   * The configuration file that Legate keeps. Default: `/etc/haproxy/haproxy.cfg`.
   */
  readonly configFile: string
  /**
   * Folder for the map files. Absent: `maps` beside the configuration file.
   */
  readonly mapsDir?: string
  /**
   * Permissions of the written files as an octal number in quotes. Default: `0640`.
   */
  readonly configMode: string
  /**
   * Unix socket of the master CLI (HAProxy's option `-S`). Default: `/run/haproxy-master.sock`. The daemon keeps one connection to it open, of the ten that HAProxy serves at a time.
   */
  readonly masterSocket: string
  /**
   * Unix socket of the worker, which Legate puts into the configuration for itself (mode 0600). Default: `/run/haproxy/legate.sock`.
   */
  readonly statsSocket: string
  /**
   * Program and arguments that reload HAProxy, at most 64; no shell reads them. Required if `hold` is `command`.
   */
  readonly reloadCommand: readonly string[]
  /**
   * Program and arguments that start HAProxy again after its master has died, at most 64; no shell reads them. Empty: Legate says how to start it instead.
   */
  readonly startCommand: readonly string[]
  /**
   * How long a new worker must live before it counts as proven (duration). Default: `2s`.
   */
  readonly settle: string
  /**
   * How long sessions of a server that leaves may go on before they are ended (duration). Default: `60s`.
   */
  readonly drain: string
  /**
   * How long `haproxy -c` may take (duration). Default: `30s`.
   */
  readonly checkTimeout: string
  /**
   * How long a reload may take until the new worker shows its stamp (duration). Default: `60s`.
   */
  readonly reloadTimeout: string
  /**
   * How long one command on a socket may take (duration). Default: `5s`.
   */
  readonly socketTimeout: string
  /**
   * How long HAProxy may take to end when Legate stops it (duration). Default: `10s`.
   */
  readonly stopTimeout: string
  /**
   * Looks before a reload at what `haproxy -c` does not: chroot, user, group, descriptor limit, free ports. `On` or `Off`, in quotes for older YAML tools. Default: `On`.
   */
  readonly preflight: 'On' | 'Off'
  /**
   * Starts HAProxy with the new configuration in a private network before a reload, where the rights allow it; for at most `checkTimeout`. `On` or `Off`, in quotes for older YAML tools. Default: `On`.
   */
  readonly trial: 'On' | 'Off'
  /**
   * What a warning of `haproxy -c` does: `Report` shows it, `Reject` also refuses the configuration. Default: `Report`.
   */
  readonly warnings: 'Report' | 'Reject'
  /**
   * Where Legate is root, `Drop` runs `haproxy -c` without root's rights (only reading any file is kept); `Keep` runs it as root. Default: `Drop`.
   */
  readonly checkUser: 'Drop' | 'Keep'
}

/**
 * When the daemon acts: the first change at once, what follows gathered.
 */
export interface LoopSettings {
  /**
   * How long no further change must come before gathered endpoint changes are applied (duration). Default: `200ms`.
   */
  readonly endpointQuiet: string
  /**
   * How long endpoint changes are gathered at the most (duration). Default: `1s`.
   */
  readonly endpointMax: string
  /**
   * How long no further change must come before the next reload, after a first one (duration). Default: `2s`.
   */
  readonly reloadQuiet: string
  /**
   * How long a reload is put off at the most while changes keep coming (duration). Default: `15s`.
   */
  readonly reloadMax: string
  /**
   * Reloads that may follow each other before they are rationed, 1 to 100. Default: 3.
   */
  readonly reloadBurst: number
  /**
   * Time for one more reload once the burst is used up (duration). Default: `5s`.
   */
  readonly reloadEvery: string
  /**
   * Old HAProxy workers, still busy with old connections, above which a reload waits, 1 to 1000. Default: 8.
   */
  readonly oldWorkers: number
  /**
   * Time after which all files (manifests, templates, certificates …) are read again although nothing told of a change; `0s`: never. Consul is asked again after `consul.wait` at the latest, HAProxy after `loop.look` (duration). Default: `60s`.
   */
  readonly resync: string
  /**
   * Time between looks at the running process (duration). Default: `10s`.
   */
  readonly look: string
  /**
   * How long the first pass waits for Consul's answers; Backends without one then keep what they had, or answer 503 (duration). Default: `30s`.
   */
  readonly syncTimeout: string
  /**
   * How long the end of the daemon may take while something is being applied (duration). Default: `90s`.
   */
  readonly stopTimeout: string
}

/**
 * What the daemon holds back until it is confirmed, because it looks more like a fault than like a wish.
 */
export interface GuardSettings {
  /**
   * Percent of a Backend's servers; when more than this share (and at least `backendLeast`) leave at once, they are held. 100 switches the guard off. Range, 0 to 100. Default: 50.
   */
  readonly backendShare: number
  /**
   * Servers of a Backend that must leave at once before the guard looks at the share, 1 to 10000. Default: 3.
   */
  readonly backendLeast: number
  /**
   * How long leaving servers of a Backend are held; still gone then, they go (duration). Default: `30s`.
   */
  readonly backendHold: string
  /**
   * Percent of all servers, or of all resources of a revision, that may leave in one step; more is held. 100 switches the guard off. Range, 0 to 100. Default: 50.
   */
  readonly totalShare: number
  /**
   * How long a change that takes away too much is held while it stays the same; `--allow-removal` lets it pass at once (duration). Default: `5m`.
   */
  readonly totalHold: string
}

/**
 * What becomes of changes that somebody made past Legate, each kind by itself. They are found and counted in any case.
 */
export interface DriftSettings {
  /**
   * A configuration file that was edited by hand: `Revert` writes it anew and keeps a copy of the edited one beside it (`haproxy.cfg.edited`), `Report` leaves it until something else changes it. Default: `Revert`.
   */
  readonly file: 'Revert' | 'Report'
  /**
   * Addresses, weights, servers, maps and certificates that the running HAProxy has otherwise than Legate left them: `Revert` sets them right, `Report` leaves them until Consul or the manifests change the same Backend or Frontend. Default: `Revert`.
   */
  readonly live: 'Revert' | 'Report'
  /**
   * Maintenance or drain that was set for a server by hand: `Adopt` leaves it for `adoptFor` and then ends it, `Report` leaves it, `Revert` ends it. Default: `Adopt`.
   */
  readonly admin: 'Revert' | 'Report' | 'Adopt'
  /**
   * How long maintenance or drain that was set by hand is left alone (duration); counted from when Legate first saw it. Default: `1h`.
   */
  readonly adoptFor: string
}

/**
 * One receiver of notifications.
 */
export interface ReceiverSettings {
  /**
   * What logs call it, 1 to 63 characters; each receiver has a name of its own.
   */
  readonly name: string
  /**
   * `Webhook`: Legate's own JSON. `Slack`: what incoming webhooks of Slack, and others that take the same, understand.
   */
  readonly type: 'Webhook' | 'Slack'
  /**
   * Where a `Webhook` is posted to, at most 1024 characters, without user, password and query: an address that holds a secret belongs into `urlFile`.
   */
  readonly url?: string
  /**
   * File with the URL, in one line; needed for `Slack`, whose URLs are secrets. It is read for each message.
   */
  readonly urlFile?: string
  /**
   * File with the key that a `Webhook` is signed with (HMAC-SHA256). It is read for each message. Absent: not signed.
   */
  readonly secretFile?: string
  /**
   * What it is told of, 1 to 9 topics. Default: everything but `Drift`.
   */
  readonly topics: readonly (
    | 'Capacity'
    | 'Revision'
    | 'Guard'
    | 'Reload'
    | 'Consul'
    | 'Certificate'
    | 'Failure'
    | 'Suspension'
    | 'Drift'
  )[]
}

/**
 * How receivers are told: what comes together is one message, and nobody is told the same again and again.
 */
export interface NotifySettings {
  /**
   * How long transitions are gathered into one message; what is over by then is not told (duration). Default: `5s`.
   */
  readonly gather: string
  /**
   * How long must pass before the same is told again of the same object; recoveries do not wait (duration). Default: `5m`.
   */
  readonly repeatAfter: string
  /**
   * How long Consul must be away, or passes must fail, before that is told (duration). Default: `1m`.
   */
  readonly patience: string
  /**
   * How long a receiver may take to answer (duration). Default: `10s`.
   */
  readonly timeout: string
  /**
   * How often one message is tried, with growing pauses of a second to five minutes, 1 to 100. Default: 12, within about a quarter of an hour.
   */
  readonly attempts: number
}
