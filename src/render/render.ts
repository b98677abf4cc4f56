/** The rendered form of a topology: text of haproxy.cfg, map files and digests, or what is wrong with a template. */
import { hash } from 'node:crypto'
import type { Bundle, RenderedSection, WantedServer } from '../model/bundle.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { compare } from '../model/diagnostic.ts'
import { placesThatDiffer, remember, rememberEach, rememberMap } from '../model/remember.ts'
import type { Templates } from '../model/snapshot.ts'
import { sealConfig } from '../model/target-file.ts'
import type { BackendSection, Topology } from '../model/topology.ts'
import type { Layout } from './map-files.ts'
import type { InPieces, Outcome, Piece } from './section.ts'
import * as sections from './sections.ts'
import { diagnosticOf, TemplateTrouble } from './trouble.ts'
import type { ServerWords } from './wanted.ts'
import { serverWordsOf, wantedServers, whyFixed } from './wanted.ts'

export type { Layout } from './map-files.ts'

export type Rendering =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/**
 * Does beforehand most of what `render` will have to do, in pieces: ten thousand servers take a tenth of a second,
 * and who must not be kept from other work for so long has time for it between two of them.
 */
export function* renderAhead({ backends }: Topology, templates: Templates): InPieces<void> {
  const known = ahead.templates === templates ? ahead.backends : NO_BACKENDS
  const changed = placesThatDiffer(known, backends).flatMap((place) => backends[place] ?? [])
  for (const section of changed) while (sections.advanceBackend(section, templates)) yield
  ahead = { backends, templates }
}

const NO_BACKENDS: readonly BackendSection[] = []
/** What was rendered ahead the last time: of a thousand few change. */
let ahead: {
  readonly backends: readonly BackendSection[]
  readonly templates: Templates | undefined
} = { backends: NO_BACKENDS, templates: undefined }

/** Remembered: the same topology and templates give the same bundle. */
export const render: (topology: Topology, templates: Templates, layout: Layout) => Rendering =
  remember(renderBundle)

interface RenderedBackend {
  readonly section: BackendSection
  readonly outcome: Outcome
}

/** Of a thousand backends few change between two calls: lists of them are remembered place by place. */
const eachBackend = rememberEach(
  (section: BackendSection, templates: Templates): RenderedBackend => ({
    section,
    outcome: sections.renderBackend(section, templates),
  }),
)
const eachDefaults = rememberEach(sections.renderDefaults)
const eachPiece = rememberEach(({ outcome }: RenderedBackend) =>
  outcome.ok ? outcome.piece : undefined,
)
/** The list of the call before with what is new in it. */
const keepPieces = rememberEach((piece: Piece) => piece)
const eachSection = rememberEach(({ section }: Piece, structure: Structure) =>
  section.header === 'global' ? stamp(section, structure) : section,
)
const eachHeader = rememberEach(({ section }: Piece) => section.header)
const eachStructure = rememberEach(({ structure }: Piece) => structure)

function renderBundle(topology: Topology, templates: Templates, layout: Layout): Rendering {
  const defaults = eachDefaults(topology.defaults, templates)
  const backends = eachBackend(topology.backends, templates)
  // In the order of the file.
  const head = [
    sections.renderGlobal(topology.global, templates),
    // Above the first defaults section, whose error files it would take over those of the frontend.
    ...(topology.frontends.some((f) => f.routes) ? [sections.renderUnrouted(templates)] : []),
    ...defaults,
    ...topology.userlists.map((section) => sections.renderUserlist(section, templates)),
    ...topology.frontends.map((section) => sections.renderFrontend(section, templates, layout)),
  ]
  const rendered = eachPiece(backends)
  const pieces = keepPieces([...head.filter(isGood).map(({ piece }) => piece), ...whole(rendered)])
  const bad = [
    ...head,
    ...(isEachThere(rendered) ? [] : backends.map(({ outcome }) => outcome)),
  ].filter(isBad)
  const diagnostics = [
    ...bad.flatMap((o) => diagnosticOf(o.trouble, o.resource, topology.secrets)),
    ...placesOfDoubles(eachHeader(pieces)).flatMap((place) => double(pieces[place])),
  ]
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  return { ok: true, bundle: bundleOf(pieces, { topology, backends, defaults }) }
}

function isGood(outcome: Outcome): outcome is Extract<Outcome, { ok: true }> {
  return outcome.ok
}

function whole(pieces: readonly (Piece | undefined)[]): readonly Piece[] {
  return isEachThere(pieces) ? pieces : pieces.flatMap((piece) => piece ?? [])
}

function isEachThere(pieces: readonly (Piece | undefined)[]): pieces is readonly Piece[] {
  return !pieces.includes(undefined)
}

function isBad(outcome: Outcome): outcome is Extract<Outcome, { ok: false }> {
  return !outcome.ok
}

/** Sections of one kind and name: HAProxy takes some of them without a word. */
const placesOfDoubles = remember((headers: readonly string[]) => {
  const seen = new Set<string>()
  return headers.flatMap((header, place) => {
    const isDouble = seen.has(header)
    seen.add(header)
    return isDouble ? [place] : []
  })
})

function double(piece: Piece | undefined): Diagnostic[] {
  if (piece === undefined) return []
  const { header, resource } = piece.section
  const trouble = new TemplateTrouble('LG6003', `the section \`${header}\` is there twice`)
  return [diagnosticOf(trouble, resource ?? 'a section of Legate', [])]
}

interface Parts {
  readonly topology: Topology
  readonly backends: readonly RenderedBackend[]
  readonly defaults: readonly Outcome[]
}

function bundleOf(pieces: readonly Piece[], { topology, backends, defaults }: Parts): Bundle {
  const structure = structureOf(eachStructure(pieces), topology.fileDigests)
  const stamped = eachSection(pieces, structure)
  // Backends come last, and have no files.
  const files = pieces.slice(0, pieces.length - backends.length).flatMap((piece) => piece.files)
  const names = eachName(topology.backends)
  const inherited = inheritedFrom(defaults)
  let config: string | undefined
  return {
    // A megabyte where there are a thousand backends, and not asked for while only servers come and go.
    get config() {
      config ??= sealConfig(['', ...stamped.map(({ text }) => text)])
      return config
    },
    sections: stamped,
    files: files.map(({ name, text, path }) => ({ name, text, path })),
    structure: structure.digest,
    live: {
      servers: serversByName(names, eachWanted(backends, inherited)),
      maps: new Map(files.map(({ name, digest }) => [name, digest])),
      certificates: topology.certificates,
    },
    fixed: fixedOf(names, eachReason(backends, inherited)),
    retries: retriesOf(names, eachRetries(backends, inherited)),
    secrets: topology.secrets,
  }
}

interface Structure {
  readonly digest: string
}

const structureOf = remember(
  (structures: readonly string[], fileDigests: ReadonlyMap<string, string>): Structure => {
    const files = [...fileDigests]
      .toSorted(([a], [b]) => compare(a, b))
      .map((file) => JSON.stringify(file))
    return { digest: hash('sha256', [...structures, ...files, ''].join('\n')) }
  },
)

function stamp(section: RenderedSection, { digest }: Structure): RenderedSection {
  return { ...section, text: section.text.replaceAll(sections.NO_STRUCTURE, digest) }
}

type Inherited = ReadonlyMap<string, ServerWords>

/** By the header of the defaults section. */
const inheritedFrom = remember(
  (defaults: readonly Outcome[]): Inherited =>
    new Map(defaults.filter(isGood).map(({ piece }) => [piece.section.header, piece.servers])),
)

const NO_WORDS: ServerWords = serverWordsOf([])

function wordsFor(
  { section: { defaults }, outcome }: RenderedBackend,
  inherited: Inherited,
): readonly [own: ServerWords, inherited: ServerWords] {
  const own = outcome.ok ? outcome.piece.servers : NO_WORDS
  return [own, inherited.get(`defaults ${defaults}`) ?? NO_WORDS]
}

const eachName = rememberEach(({ name }: BackendSection) => name)
const eachWanted = rememberEach((backend: RenderedBackend, inherited: Inherited) =>
  wantedServers(...wordsFor(backend, inherited), backend.section.servers),
)
const serversByName = rememberMap<readonly WantedServer[]>()

/** Empty where the Runtime API can change its servers. */
const eachReason = rememberEach(
  (backend: RenderedBackend, inherited: Inherited) =>
    whyFixed(...wordsFor(backend, inherited)) ?? '',
)

const USUAL_RETRIES = 3

const eachRetries = rememberEach((backend: RenderedBackend, inherited: Inherited) => {
  const [own, common] = wordsFor(backend, inherited)
  return own.retries ?? common.retries ?? USUAL_RETRIES
})

const retriesOf = remember(
  (names: readonly string[], retries: readonly number[]): ReadonlyMap<string, number> => {
    const pairs = names.map((name, place) => [name, retries[place] ?? USUAL_RETRIES] as const)
    return new Map(pairs.filter(([, count]) => count > USUAL_RETRIES))
  },
)

const fixedOf = remember(
  (names: readonly string[], reasons: readonly string[]): ReadonlyMap<string, string> =>
    new Map(
      names.flatMap((name, place): [string, string][] => {
        const why = reasons[place] ?? ''
        return why === '' ? [] : [[name, `backend ${name}: ${why}`]]
      }),
    ),
)
