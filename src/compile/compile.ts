/** Manifests × what Consul and the referenced files say → the Topology, with diagnostics and capacities. */
import type { Catalog, CatalogEntry } from '../model/catalog.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { Capacity } from '../model/event.ts'
import { keepSame, remember } from '../model/remember.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import type { AppliedServers, LastGood, ReferencedFiles } from '../model/snapshot.ts'
import type { FrontendSection, Topology } from '../model/topology.ts'
import type { CompiledBackend } from './compile-backend.ts'
import { compileBackend } from './compile-backend.ts'
import type { DepartureGuard } from './departures.ts'
import { defaultsSections, globalSection } from './defaults.ts'
import type { Diversions } from './diversions.ts'
import { diversionsOf } from './diversions.ts'
import { certificateFingerprints, errorFileDigests, fileDiagnostics } from './files.ts'
import { frontendSection } from './frontend.ts'
import { sectionName } from './names.ts'
import type { FileNeed } from './needs.ts'
import { userlistSection } from './userlist.ts'

export interface CompileSettings {
  /** Absolute; where relative file references begin. */
  readonly filesRoot: string
  /** Absolute path of Legate's own socket. */
  readonly statsSocket: string
}

export interface CompileInputs {
  readonly manifests: Manifests
  /** Queries without an entry were not asked (`validate`); their Backends compile empty, without a word. */
  readonly catalog: Catalog
  readonly files: ReferencedFiles
  readonly fileNeeds: readonly FileNeed[]
  readonly lastGood: LastGood | undefined
  readonly settings: CompileSettings
  /** Milliseconds since the epoch at which the inputs were taken. */
  readonly atMs: number
  /** Absent for a single pass, which holds no departures back. */
  readonly guard?: DepartureGuard
}

export interface Unanswered {
  readonly backend: Resource<'Backend'>
  readonly key: string
}

export interface Compiled {
  readonly topology: Topology
  readonly diagnostics: readonly Diagnostic[]
  readonly capacities: readonly Capacity[]
  /** To be saved with the catalog: since when a query has answered empty. */
  readonly emptySinceMs: ReadonlyMap<string, number>
  /** The instances that stand, to be saved as the last good catalog. */
  readonly believed: Catalog
  /** To be remembered: what the next servers are held against. */
  readonly applied: ReadonlyMap<string, AppliedServers>
  /** Questions without an answer and without anything to stand in for it. */
  readonly unanswered: readonly Unanswered[]
}

export function compile(inputs: CompileInputs): Compiled {
  const { manifests, files, fileNeeds, settings, catalog } = inputs
  const backends = manifests.Backend.map((backend) => compileBackend(backend, inputs))
  const diversions = diversionsOf(backends, manifests)
  const userlists = manifests.Userlist.map((u) => userlistSection(u, files, settings.filesRoot))
  const topology = keepTopology(manifests, {
    ...keepSmall(manifests, {
      global: globalSection(manifests.Global[0], settings.statsSocket),
      defaults: defaultsSections(manifests, settings.filesRoot),
      userlists: userlists.map((u) => u.section),
      fileDigests: errorFileDigests(fileNeeds, files),
      certificates: certificateFingerprints(fileNeeds, files),
      secrets: userlists.flatMap((u) => u.section.users.map((user) => user.passwordHash)),
    }),
    frontends: manifests.Frontend.map((f) => compileFrontend(f, manifests, settings, diversions)),
    backends: backends.map((b) => b.section),
  })
  return {
    topology,
    diagnostics: [
      ...fileDiagnostics(fileNeeds, files, inputs.atMs),
      ...userlists.flatMap((u) => u.diagnostics),
      ...backends.flatMap((b) => b.diagnostics),
    ],
    capacities: backends.map((b) => b.capacity),
    applied: new Map(backends.map((b) => [b.backend.id, b.applied])),
    ...memoryOf(backends, catalog),
  }
}

/** Sections are remembered one by one; a topology of the same sections is the same topology. */
const keepTopology: (manifests: Manifests, next: Topology) => Topology = keepSame(
  (a, b) =>
    sameItems(a.frontends, b.frontends) &&
    sameItems(a.backends, b.backends) &&
    a.global === b.global,
)

function sameItems(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

type Small = Omit<Topology, 'frontends' | 'backends'>

/** What is made anew each time, and is small enough for comparing its text. */
const keepSmall: (manifests: Manifests, next: Small) => Small = keepSame(
  (a, b) => textOf(a) === textOf(b),
)

function textOf({ fileDigests, certificates, ...rest }: Small): string {
  return JSON.stringify([rest, [...fileDigests], [...certificates]])
}

const compileFrontend: (
  frontend: Resource<'Frontend'>,
  manifests: Manifests,
  settings: CompileSettings,
  diversions: Diversions,
) => FrontendSection = remember((frontend, manifests, settings, diversions) =>
  frontendSection(frontend, {
    manifests,
    filesRoot: settings.filesRoot,
    sendTo: (backend) => diversions.get(backend.id) ?? sectionName(backend),
  }),
)

function memoryOf(
  backends: readonly CompiledBackend[],
  catalog: Catalog,
): Pick<Compiled, 'emptySinceMs' | 'believed' | 'unanswered'> {
  const emptySinceMs = new Map<string, number>()
  const believed = new Map<string, CatalogEntry>()
  const unanswered: Unanswered[] = []
  for (const { backend, key, belief, capacity } of backends) {
    const entry = key === undefined ? undefined : catalog.get(key)
    if (key === undefined || entry === undefined) continue
    if (belief === undefined) {
      if (!capacity.held) unanswered.push({ backend, key })
      continue
    }
    if (belief.emptySinceMs !== undefined) emptySinceMs.set(key, belief.emptySinceMs)
    // Two Backends may ask the same and differ in policy: what one of them holds must not be forgotten.
    if (believed.has(key) && belief.instances.length === 0) continue
    believed.set(key, {
      query: entry.query,
      answer: { state: 'answered', instances: belief.instances },
    })
  }
  return { emptySinceMs, believed, unanswered }
}
