/** Consul's standard variables: an environment goes in, values for `consul.…` settings come out. Pure. */

export interface EnvironmentValue {
  /** Path of the setting, as `consul.address`. */
  readonly path: string
  readonly value: string
  /** Name of the variable. */
  readonly from: string
}

export interface EnvironmentWarning {
  /** Name of the variable. */
  readonly from: string
  readonly message: string
  readonly hint: string
}

type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_ADDRESS = 'http://127.0.0.1:8500'

/** Those that mean the same here and there; the others need a thought. */
const SAME: readonly (readonly [variable: string, path: string])[] = [
  ['CONSUL_HTTP_TOKEN', 'consul.token'],
  ['CONSUL_HTTP_TOKEN_FILE', 'consul.tokenFile'],
  ['CONSUL_CACERT', 'consul.tls.caFile'],
  ['CONSUL_CLIENT_CERT', 'consul.tls.certFile'],
  ['CONSUL_CLIENT_KEY', 'consul.tls.keyFile'],
  ['CONSUL_TLS_SERVER_NAME', 'consul.tls.serverName'],
  ['CONSUL_NAMESPACE', 'consul.namespace'],
  ['CONSUL_PARTITION', 'consul.partition'],
]

/**
 * Empty variables count as absent, as in Consul's own tools. `address` is the one that holds without
 * CONSUL_HTTP_ADDR: CONSUL_HTTP_SSL turns it to https.
 */
export function consulEnvironment(
  env: Environment,
  address: string = DEFAULT_ADDRESS,
): EnvironmentValue[] {
  const verify = goBoolean(env['CONSUL_HTTP_SSL_VERIFY'])
  return [
    ...addressFrom(env, address),
    ...SAME.flatMap(([from, path]) => {
      const value = env[from]
      return value === undefined || value === '' ? [] : [{ path, value, from }]
    }),
    ...(verify === undefined
      ? []
      : [
          {
            path: 'consul.tls.verify',
            value: verify ? 'Required' : 'None',
            from: 'CONSUL_HTTP_SSL_VERIFY',
          },
        ]),
  ]
}

/** Variables that are set and have no effect here. */
export function consulEnvironmentWarnings(env: Environment): EnvironmentWarning[] {
  const warnings: EnvironmentWarning[] = []
  const warn = (from: string, message: string, hint: string): void => {
    warnings.push({ from, message: `${from} ${message}`, hint })
  }
  if (isSet(env['CONSUL_CAPATH']))
    warn('CONSUL_CAPATH', 'is not supported', 'put the certificates into one file: CONSUL_CACERT')
  if (isSet(env['CONSUL_HTTP_AUTH']))
    warn('CONSUL_HTTP_AUTH', 'is not supported', 'use a token: CONSUL_HTTP_TOKEN_FILE')
  for (const name of ['CONSUL_HTTP_SSL', 'CONSUL_HTTP_SSL_VERIFY'])
    if (isSet(env[name]) && goBoolean(env[name]) === undefined)
      warn(name, 'is neither true nor false and has no effect', 'set it to true or false')
  return warnings
}

function addressFrom(env: Environment, address: string): EnvironmentValue[] {
  const given = env['CONSUL_HTTP_ADDR']
  const tls = goBoolean(env['CONSUL_HTTP_SSL']) === true
  if (!isSet(given) && !tls) return []
  const from = isSet(given) ? 'CONSUL_HTTP_ADDR' : 'CONSUL_HTTP_SSL'
  return [{ path: 'consul.address', value: withScheme(isSet(given) ? given : address, tls), from }]
}

/** TLS that was asked for is never taken back by an `http://`: Consul's own rule. */
function withScheme(address: string, tls: boolean): string {
  if (!address.includes('://')) return `${tls ? 'https' : 'http'}://${address}`
  return tls ? address.replace(/^http:/, 'https:') : address
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

/** What Go's ParseBool takes; undefined for anything else. */
function goBoolean(value: string | undefined): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(value ?? '')) return true
  return /^(0|f|F|FALSE|false|False)$/.test(value ?? '') ? false : undefined
}
