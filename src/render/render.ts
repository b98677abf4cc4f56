/** The rendered form of a topology: text of haproxy.cfg, map files and digests, or what is wrong with a template. */
import { createHash } from 'node:crypto'
import type { Bundle, LiveState, RenderedSection } from '../model/bundle.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { compare } from '../model/diagnostic.ts'
import { remember } from '../model/remember.ts'
import type { Templates } from '../model/snapshot.ts'
import { sealConfig } from '../model/target-file.ts'
import type { Topology } from '../model/topology.ts'
import type { Layout, MapFile } from './map-files.ts'
import type { Outcome, Piece } from './section.ts'
import * as sections from './sections.ts'
import { diagnosticOf, TemplateTrouble } from './trouble.ts'
import type { ServerWords } from './wanted.ts'
import { serverWordsOf, wantedServers, whyFixed } from './wanted.ts'

export type { Layout } from './map-files.ts'

export type Rendering =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** Remembered: the same topology and templates give the same bundle. */
export const render: (topology: Topology, templates: Templates, layout: Layout) => Rendering =
  remember(renderBundle)

function renderBundle(topology: Topology, templates: Templates, layout: Layout): Rendering {
  const outcomes = renderAll(topology, templates, layout)
  const diagnostics = outcomes.flatMap((outcome) =>
    outcome.ok ? [] : diagnosticOf(outcome.trouble, outcome.resource, topology.secrets),
  )
  const pieces = outcomes.flatMap((outcome) => (outcome.ok ? outcome.piece : []))
  diagnostics.push(...doubles(pieces))
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  return { ok: true, bundle: bundleOf(pieces, topology) }
}

/** In the order of the file. */
function renderAll(topology: Topology, templates: Templates, layout: Layout): Outcome[] {
  return [
    sections.renderGlobal(topology.global, templates),
    // Above the first defaults section, whose error files it would take over those of the frontend.
    ...(topology.frontends.some((f) => f.routes) ? [sections.renderUnrouted(templates)] : []),
    ...topology.defaults.map((section) => sections.renderDefaults(section, templates)),
    ...topology.userlists.map((section) => sections.renderUserlist(section, templates)),
    ...topology.frontends.map((section) => sections.renderFrontend(section, templates, layout)),
    ...topology.backends.map((section) => sections.renderBackend(section, templates)),
  ]
}

/** Sections of one kind and name: HAProxy takes some of them without a word. */
function doubles(pieces: readonly Piece[]): Diagnostic[] {
  const seen = new Set<string>()
  return pieces.flatMap(({ section: { header, resource } }) => {
    if (!seen.has(header)) {
      seen.add(header)
      return []
    }
    const trouble = new TemplateTrouble('LG6003', `the section \`${header}\` is there twice`)
    return [diagnosticOf(trouble, resource ?? 'a section of Legate', [])]
  })
}

function bundleOf(pieces: readonly Piece[], topology: Topology): Bundle {
  const structure = structureOf(pieces, topology)
  const stamped = pieces.map(({ section }) => stamp(section, structure))
  const files = pieces.flatMap((piece) => piece.files)
  const words = new Map(pieces.map(({ section, servers }) => [section.header, servers]))
  const said = (header: string): ServerWords => words.get(header) ?? NO_WORDS
  let config: string | undefined
  return {
    // A megabyte where there are a thousand backends, and not asked for while only servers come and go.
    get config() {
      config ??= sealConfig(`\n${stamped.map(({ text }) => text).join('\n')}`)
      return config
    },
    sections: stamped,
    files: files.map(({ name, text, path }) => ({ name, text, path })),
    structure,
    live: liveOf(topology, said, files),
    fixed: fixedOf(topology, said),
    secrets: topology.secrets,
  }
}

function structureOf(pieces: readonly Piece[], { fileDigests }: Topology): string {
  const files = [...fileDigests]
    .toSorted(([a], [b]) => compare(a, b))
    .map((file) => JSON.stringify(file))
  const parts = [...pieces.map(({ structure }) => structure), ...files, '']
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}

function stamp(section: RenderedSection, structure: string): RenderedSection {
  if (section.header !== 'global') return section
  return { ...section, text: section.text.replaceAll(sections.NO_STRUCTURE, structure) }
}

function liveOf(
  { backends, certificates }: Topology,
  said: (header: string) => ServerWords,
  files: readonly MapFile[],
): LiveState {
  return {
    servers: new Map(
      backends.map(({ name, defaults, servers }) => [
        name,
        wantedServers(servers, said(`backend ${name}`), said(`defaults ${defaults}`)),
      ]),
    ),
    maps: new Map(files.map(({ name, digest }) => [name, digest])),
    certificates,
  }
}

function fixedOf(
  { backends }: Topology,
  said: (header: string) => ServerWords,
): ReadonlyMap<string, string> {
  return new Map(
    backends.flatMap(({ name, defaults }): [string, string][] => {
      const why = whyFixed(said(`backend ${name}`), said(`defaults ${defaults}`))
      return why === undefined ? [] : [[name, `backend ${name}: ${why}`]]
    }),
  )
}

const NO_WORDS: ServerWords = serverWordsOf([])
