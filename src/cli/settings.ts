/** Flags, environment, settings file and defaults → one value for every setting, and where it came from. */
import { dirname, relative, resolve } from 'node:path'
import { consulEnvironment } from '../consul/settings.ts'
import type { Schemas } from '../manifest/manifest.ts'
import { checkSettings, parseSettings } from '../manifest/settings.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { hasErrors } from '../model/diagnostic.ts'
import type { SourceFile } from '../model/resource.ts'
import type { Settings } from '../model/settings.gen.ts'
import type { Asked, OptionName } from './options.ts'
import { checkReceivers, receiversIn } from './receiver-settings.ts'
import type { SettingLeaf } from './setting-leaves.ts'
import { settingLeaves } from './setting-leaves.ts'

export type SettingsValues = Settings['spec']

/** One given value, before defaults: `from` is `--hold`, `LEGATE_HAPROXY_HOLD` or a file name. */
interface Given {
  readonly path: string
  readonly value: unknown
  readonly from: string
}

export interface ResolvedSettings {
  readonly values: SettingsValues
  /** Setting path (`haproxy.hold`) to where its value came from; absent means the default. */
  readonly origins: ReadonlyMap<string, string>
  readonly leaves: readonly SettingLeaf[]
}

export type SettingsResult =
  | { readonly ok: true; readonly settings: ResolvedSettings }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

const FLAG_PATHS: readonly (readonly [flag: OptionName, path: string])[] = [
  ['manifests', 'manifests'],
  ['templates', 'templates'],
  ['files-root', 'filesRoot'],
  ['catalog', 'catalog'],
  ['state-dir', 'stateDir'],
  ['hold', 'haproxy.hold'],
  ['haproxy', 'haproxy.binary'],
  ['allowed-host', 'allowedHosts'],
]

export interface SettingsInputs {
  readonly file: SourceFile | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly asked: Asked
  readonly schemas: Schemas
  readonly cwd: string
}

export function resolveSettings(inputs: SettingsInputs): SettingsResult {
  const leaves = settingLeaves(inputs.schemas)
  const fromFile = readFile(inputs, leaves)
  if (!fromFile.ok) return fromFile
  const layers = [
    fromFile.given,
    fromEnvironment(inputs.env, leaves, addressIn(fromFile.given)),
    fromFlags(inputs),
  ]
  const given = layers.flatMap((layer, i) => withoutRivals(layer, layers.slice(i + 1).flat()))
  const spec: Tree = {}
  for (const { path, value } of given) put(spec, path, value)
  const merged = { apiVersion: 'legate/v1', kind: 'Settings', spec }
  const parsed = checkSettings(merged, inputs.schemas)
  const origins = new Map(given.map((g) => [g.path, g.from]))
  if (parsed.settings === undefined || hasErrors(parsed.diagnostics))
    return { ok: false, diagnostics: parsed.diagnostics.map((d) => named(d, origins)) }
  const unfit = checkTogether(parsed.settings.spec)
  if (unfit.length > 0) return { ok: false, diagnostics: unfit }
  const values = deriveDefaults(parsed.settings.spec, origins, inputs.asked)
  return { ok: true, settings: { values, origins, leaves } }
}

/** What only the merged settings show, whichever layer its halves came from. */
function checkTogether({ haproxy, consul, notifications }: SettingsValues): Diagnostic[] {
  const found: Diagnostic[] = []
  const refuse = (pointer: string, message: string, hint: string): void => {
    found.push({ code: 'LG1009', severity: 'error', message, hint, pointer })
  }
  if (haproxy.hold === 'command' && haproxy.reloadCommand.length === 0)
    refuse(
      '/spec/haproxy/reloadCommand',
      'hold mode command needs haproxy.reloadCommand',
      'the program and its arguments, as ["systemctl", "reload", "haproxy"]',
    )
  const { certFile, keyFile } = consul.tls
  if ((certFile === undefined) !== (keyFile === undefined))
    refuse(
      '/spec/consul/tls',
      'consul.tls.certFile and consul.tls.keyFile go together',
      'give both or neither',
    )
  for (const { pointer, message, hint } of checkReceivers(notifications))
    refuse(pointer, message, hint)
  return found
}

type FileResult =
  | { readonly ok: true; readonly given: readonly Given[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

function readFile({ file, schemas }: SettingsInputs, leaves: readonly SettingLeaf[]): FileResult {
  if (file === undefined) return { ok: true, given: [] }
  const { written, diagnostics } = parseSettings(file, schemas)
  if (hasErrors(diagnostics)) return { ok: false, diagnostics }
  const folder = dirname(resolve(file.path))
  const given = leaves.flatMap((leaf): Given[] => {
    const value = pick(written, ['spec', ...leaf.path.split('.')])
    if (value === undefined) return []
    const from = file.path
    // Manifests are shown by their paths: as short as a person would type them here.
    if (leaf.path === 'manifests') return [{ path: leaf.path, value: near(folder, value), from }]
    if (leaf.path === 'notifications')
      return [{ path: leaf.path, value: receiversIn(folder, value), from }]
    return [{ path: leaf.path, value: leaf.isPath ? absolute(folder, value) : value, from }]
  })
  return { ok: true, given }
}

/** A token of a higher layer is not beaten by the token file of a lower one, nor the other way round. */
const RIVALS = new Set(['consul.token', 'consul.tokenFile'])

function withoutRivals(layer: readonly Given[], higher: readonly Given[]): Given[] {
  const beaten = higher.some((g) => RIVALS.has(g.path))
  return layer.filter((g) => !(beaten && RIVALS.has(g.path)))
}

function addressIn(given: readonly Given[]): string | undefined {
  const value = given.find((g) => g.path === 'consul.address')?.value
  return typeof value === 'string' ? value : undefined
}

function fromEnvironment(
  env: SettingsInputs['env'],
  leaves: readonly SettingLeaf[],
  address: string | undefined,
): Given[] {
  const own = leaves.flatMap((leaf): Given[] => {
    const text = env[leaf.variable]
    return text === undefined || text === ''
      ? []
      : [{ path: leaf.path, value: leaf.read(text), from: leaf.variable }]
  })
  const byPath = new Map(leaves.map((leaf) => [leaf.path, leaf]))
  const consul = consulEnvironment(env, address).map(({ path, value, from }): Given => ({
    path,
    value: byPath.get(path)?.read(value) ?? value,
    from,
  }))
  const haproxy = env['HAPROXY_BIN']
  const bin: Given[] =
    haproxy === undefined || haproxy === ''
      ? []
      : [{ path: 'haproxy.binary', value: haproxy, from: 'HAPROXY_BIN' }]
  return [...bin, ...consul, ...own]
}

function fromFlags({ asked, cwd }: SettingsInputs): Given[] {
  const given = FLAG_PATHS.flatMap(([flag, path]): Given[] => {
    const value = asked.flags.get(flag)
    return value === undefined ? [] : [{ path, value, from: `--${flag}` }]
  })
  const paths = asked.command === 'validate' ? asked.positionals : []
  if (paths.length > 0) given.push({ path: 'manifests', value: paths, from: 'the command line' })
  const out = asked.flags.get('out')
  if (typeof out === 'string')
    given.push(
      { path: 'haproxy.configFile', value: resolve(cwd, out, 'haproxy.cfg'), from: '--out' },
      { path: 'haproxy.mapsDir', value: resolve(cwd, out, 'maps'), from: '--out' },
    )
  return given.map((g) =>
    ['filesRoot', 'stateDir', 'templates'].includes(g.path)
      ? { ...g, value: absolute(cwd, g.value) }
      : g,
  )
}

/** Where Legate keeps HAProxy itself, everything lies in the state folder unless told otherwise. */
function deriveDefaults(
  values: SettingsValues,
  origins: ReadonlyMap<string, string>,
  asked: Asked,
): SettingsValues {
  const { haproxy } = values
  const own = haproxy.hold === 'supervise' ? `${values.stateDir}/haproxy` : undefined
  const keep = (name: 'configFile' | 'masterSocket' | 'statsSocket', derived: string): string =>
    own === undefined || origins.has(`haproxy.${name}`) ? haproxy[name] : `${own}/${derived}`
  const configFile = keep('configFile', 'haproxy.cfg')
  return {
    ...values,
    catalog: asked.command === 'validate' ? 'none' : values.catalog,
    haproxy: {
      ...haproxy,
      configFile,
      masterSocket: keep('masterSocket', 'master.sock'),
      statsSocket: keep('statsSocket', 'stats.sock'),
      mapsDir: haproxy.mapsDir ?? `${dirname(configFile)}/maps`,
    },
  }
}

/** The message with the variable or flag it is about, since there is no line to point at. */
function named(diagnostic: Diagnostic, origins: ReadonlyMap<string, string>): Diagnostic {
  const path = (diagnostic.pointer ?? '').replace(/^\/spec\//, '').replaceAll('/', '.')
  const key = [...origins.keys()].find((k) => path === k || path.startsWith(`${k}.`))
  const { at: _at, ...rest } = diagnostic
  const from = key === undefined ? 'settings' : origins.get(key)
  return { ...rest, message: `${from ?? 'settings'}: ${diagnostic.message}` }
}

function near(folder: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map((path: unknown) => {
    const full = typeof path === 'string' ? resolve(folder, path) : path
    if (typeof full !== 'string') return full
    const short = relative(process.cwd(), full)
    return short === '' || short.startsWith('..') ? full : short
  })
}

function absolute(folder: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => absolute(folder, v))
  return typeof value === 'string' ? resolve(folder, value) : value
}

function pick(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? Reflect.get(at, key)
        : undefined,
    value,
  )
}

/** A tree of the given values; settings that are not given are absent. */
interface Tree {
  [key: string]: unknown
}

function put(target: Tree, path: string, value: unknown): void {
  const [key = '', ...rest] = path.split('.')
  if (rest.length === 0) target[key] = value
  else {
    const below: Tree = { ...(isTree(target[key]) ? target[key] : {}) }
    put(below, rest.join('.'), value)
    target[key] = below
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
