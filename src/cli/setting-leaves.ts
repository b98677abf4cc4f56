/** The settings schema → a flat list of settings with their variables: one source for flags, help and `settings`. */
import type { Schemas } from '../manifest/manifest.ts'

export interface SettingLeaf {
  /** `haproxy.configFile` */
  readonly path: string
  /** `LEGATE_HAPROXY_CONFIG_FILE` */
  readonly variable: string
  readonly isSecret: boolean
  /** Relative values in a settings file begin at the file's folder. */
  readonly isPath: boolean
  /** Text of a variable to a value of the setting's type; what does not fit stays text for the schema to refuse. */
  readonly read: (text: string) => unknown
}

const SECRETS = new Set(['consul.token'])
const PATHS =
  /^(manifests|templates|filesRoot|stateDir|consul\.tokenFile|consul\.tls\.(caFile|certFile|keyFile)|haproxy\.(configFile|mapsDir|masterSocket|statsSocket))$/

interface Node {
  readonly type?: unknown
  readonly $ref?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly definitions?: Readonly<Record<string, Node>>
}

export function settingLeaves(schemas: Schemas): SettingLeaf[] {
  const root: Node | undefined = schemas.get('settings.schema.json')
  const common: Node | undefined = schemas.get('common.schema.json')
  const spec = root?.properties?.['spec']
  if (root === undefined || spec === undefined) throw new Error('no settings schema')
  const resolve = (node: Node): Node => {
    if (typeof node.$ref !== 'string') return node
    const name = node.$ref.split('/').at(-1) ?? ''
    const owner = node.$ref.startsWith('#') ? root : common
    return { ...owner?.definitions?.[name] }
  }
  const walk = (node: Node, prefix: string): SettingLeaf[] =>
    Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
      const resolved = resolve(child)
      const path = `${prefix}${name}`
      return resolved.properties === undefined
        ? [leaf(path, resolved.type)]
        : walk(resolved, `${path}.`)
    })
  return walk(spec, '')
}

function leaf(path: string, type: unknown): SettingLeaf {
  return {
    path,
    variable: `LEGATE_${path
      .replaceAll('.', '_')
      .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
      .toUpperCase()}`,
    isSecret: SECRETS.has(path),
    isPath: PATHS.test(path),
    read: (text) => {
      if (type === 'integer') return /^\d+$/.test(text) ? Number(text) : text
      return type === 'array' ? text.split(/[,:]/) : text
    },
  }
}
