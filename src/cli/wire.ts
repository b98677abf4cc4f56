/** Settings → the World of a pass: the only place that knows which edge serves which port. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { durationMs } from '../compile/duration.ts'
import type { FileNeed } from '../compile/needs.ts'
import type { ConsulAccess } from '../consul/catalog.ts'
import { readManifests } from '../files/manifests.ts'
import { TEMPLATES_FOLDER } from '../files/package-root.ts'
import type { HoldOptions } from '../haproxy/options.ts'
import { findProgram } from './find-program.ts'
import { ok } from '../model/failure.ts'
import { lazily } from '../model/lazy.ts'
import type { CatalogSource, Hold } from '../model/ports.ts'
import type { World } from '../reconcile/world.ts'
import type { Context } from './context.ts'
import type { Memory } from './memory.ts'
import type { SettingsValues } from './settings.ts'

export interface Wired {
  readonly world: World
  /** Files that manifests refer to and that were checked by shape only. */
  readonly unseen: () => readonly FileNeed[]
  readonly close: () => Promise<void>
}

/** What a command does not want is not loaded: `validate` answers as fast as its files are read. */
export async function wire(
  context: Context,
  wants: { readonly hold: boolean } = { hold: true },
): Promise<Wired> {
  const { settings, schemas } = context
  const { values, origins } = settings
  const live = values.catalog.startsWith('consul')
  const looks = origins.has('filesRoot') || (live && context.asked.command !== 'validate')
  const unseen: FileNeed[] = []
  const [catalog, hold, memory] = await Promise.all([
    catalogSource(values),
    wants.hold ? makeHold(context, looks ? undefined : () => unseen) : undefined,
    makeMemory(context),
  ])
  const world: World = {
    schemas,
    layout: { configFile: values.haproxy.configFile, mapsDir: mapsDir(values) },
    compileSettings: { filesRoot: values.filesRoot, statsSocket: values.haproxy.statsSocket },
    removalLimits: { share: values.guards.totalShare, least: values.guards.backendLeast },
    planRules: {
      drainMs: durationMs(values.haproxy.drain),
      admission: 'Checked',
      file: values.drift.file,
      live: values.drift.live,
      adminState: values.drift.admin,
      adoptMs: durationMs(values.drift.adoptFor),
    },
    readSources: () => readManifests(values.manifests),
    readTemplates: async () => {
      const { readTemplates } = await loadTemplates()
      return readTemplates(TEMPLATES_FOLDER, values.templates)
    },
    catalog,
    readFiles: async (needs) => {
      if (looks) return (await loadReferences()).readReferences(needs)
      unseen.push(...needs)
      return new Map()
    },
    ...memory,
    hold,
    now: () => Date.now(),
    breathe: breather(),
  }
  return { world, unseen: () => unseen, close: async () => catalog?.close() }
}

const loadTemplates = lazily(() => import('../files/templates.ts'))
const loadReferences = lazily(() => import('../files/references.ts'))

/** In milliseconds: whoever asks the daemon something does not notice that. */
const TURN_MS = 10

/** For work that begins now. */
export function breather(): World['breathe'] {
  let sinceMs = performance.now()
  return async () => {
    if (performance.now() - sinceMs < TURN_MS) return
    await nextTurn()
    sinceMs = performance.now()
  }
}

const NO_MEMORY: Memory = {
  readLastGood: () => Promise.resolve(undefined),
  saveLastGood: () => Promise.resolve(ok(undefined)),
}

/** Commands that compare with what runs, or change it, know what was applied last. */
async function makeMemory(context: Context): Promise<Memory> {
  const { values, origins } = context.settings
  const isLive = values.catalog.startsWith('consul')
  const isKept = values.haproxy.hold !== 'none' || origins.has('stateDir')
  const compares = ['reconcile', 'plan'].includes(context.asked.command)
  if (!isLive || !isKept || !compares) return NO_MEMORY
  const { createWriter } = await import('../files/writer.ts')
  return (await import('./memory.ts')).memoryOf(context, createWriter())
}

async function catalogSource(values: SettingsValues): Promise<CatalogSource | undefined> {
  if (values.catalog === 'none') return undefined
  const path = snapshotPath(values)
  if (path !== undefined) return (await import('../consul/snapshot.ts')).fileSource(path)
  const { consulSource } = await import('../consul/catalog.ts')
  return consulSource(consulAccess(values))
}

/** Undefined where Consul itself is asked. */
export function snapshotPath({ catalog }: SettingsValues): string | undefined {
  return catalog.startsWith('file:') ? catalog.slice('file:'.length) : undefined
}

export function consulAccess({ catalog, consul }: SettingsValues): ConsulAccess {
  const address = catalog.startsWith('consul://')
    ? `http://${catalog.slice('consul://'.length)}`
    : consul.address
  return { ...consul, address, timeoutMs: durationMs(consul.timeout) }
}

function mapsDir(values: SettingsValues): string {
  return values.haproxy.mapsDir ?? join(dirname(values.haproxy.configFile), 'maps')
}

export function holdOptions({ settings, asked }: Pick<Context, 'settings' | 'asked'>): HoldOptions {
  const { values } = settings
  const { haproxy } = values
  const temporary = haproxy.hold === 'none' || asked.command !== 'reconcile'
  return {
    mode: haproxy.hold,
    binary: haproxyProgram({ settings }),
    configFile: haproxy.configFile,
    mapsDir: mapsDir(values),
    configMode: Number.parseInt(haproxy.configMode, 8),
    masterSocket: haproxy.masterSocket,
    statsSocket: haproxy.statsSocket,
    stateDir: values.stateDir,
    stagingDir: temporary ? temporaryFolder() : join(values.stateDir, 'staging'),
    reloadCommand: haproxy.reloadCommand,
    startCommand: haproxy.startCommand,
    settleMs: durationMs(haproxy.settle),
    checkTimeoutMs: durationMs(haproxy.checkTimeout),
    reloadTimeoutMs: durationMs(haproxy.reloadTimeout),
    socketTimeoutMs: durationMs(haproxy.socketTimeout),
    stopTimeoutMs: durationMs(haproxy.stopTimeout),
    preflight: haproxy.preflight,
    trial: haproxy.trial,
    warnings: haproxy.warnings,
    checkUser: haproxy.checkUser,
  }
}

/** Of a name that nobody can guess; gone with this process. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'legate-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** With stand-ins for files that were checked by shape only, if they are given. */
async function makeHold(
  context: Context,
  unseen: (() => readonly FileNeed[]) | undefined,
): Promise<Hold> {
  const { createWriter } = await import('../files/writer.ts')
  const { createHold } = await import('../haproxy/hold.ts')
  const writer = createWriter()
  const hold = checkedWherePossible(context, createHold(holdOptions(context), writer))
  if (unseen === undefined) return hold
  return (await import('./stand-ins.ts')).withStandIns(hold, writer, unseen)
}

/** Where nothing is applied, a machine without HAProxy may still render; that it did not check is said. */
function checkedWherePossible(context: Context, hold: Hold): Hold {
  if (hold.mode !== 'none' || isAbsolute(haproxyProgram(context))) return hold
  return {
    ...hold,
    check: () => {
      context.console.err('note: there is no haproxy here; its own check was not made\n')
      return Promise.resolve({ state: 'accepted', messages: [] })
    },
  }
}

function haproxyProgram({ settings }: Pick<Context, 'settings'>): string {
  return findProgram(settings.values.haproxy.binary ?? 'haproxy')
}
