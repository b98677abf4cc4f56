/** Manifests × what Consul and the referenced files say → the Topology, with diagnostics and capacities. */
import type { Catalog } from '../model/catalog.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { isSameList, keepSame, remember, rememberEach } from '../model/remember.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import type { LastGood, ReferencedFiles } from '../model/snapshot.ts'
import type { FrontendSection, Topology } from '../model/topology.ts'
import type { CompiledBackend } from './compile-backend.ts'
import type { CompiledBackends } from './compile-backends.ts'
import { compileBackends } from './compile-backends.ts'
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

export interface Compiled extends Omit<CompiledBackends, 'all' | 'sections'> {
  readonly topology: Topology
  readonly diagnostics: readonly Diagnostic[]
}

export function compile(inputs: CompileInputs): Compiled {
  const { manifests, files, fileNeeds, settings } = inputs
  const { all, sections, ...backends } = compileBackends(inputs)
  const diversions = diversionsOf(all, manifests)
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
    backends: sections,
  })
  return {
    topology,
    diagnostics: [
      ...fileDiagnostics(fileNeeds, files, inputs.atMs),
      ...userlists.flatMap((u) => u.diagnostics),
      ...together(eachDiagnostics(all)),
    ],
    ...backends,
  }
}

/** Sections are remembered one by one; a topology of the same sections is the same topology. */
const keepTopology: (manifests: Manifests, next: Topology) => Topology = keepSame(
  (a, b) =>
    isSameList(a.frontends, b.frontends) &&
    isSameList(a.backends, b.backends) &&
    a.global === b.global,
)

/** Of a thousand few have something to say, and most of the time the same. */
const eachDiagnostics = rememberEach(({ diagnostics }: CompiledBackend) =>
  diagnostics.length === 0 ? NONE : diagnostics,
)
const NONE: readonly Diagnostic[] = []
const together = remember((lists: readonly (readonly Diagnostic[])[]) => lists.flat())

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
