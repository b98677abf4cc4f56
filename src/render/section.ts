/** One section: a section of the topology and its template in, text that was looked at twice and its digest out. */
import { hash } from 'node:crypto'
import type { RenderedSection } from '../model/bundle.ts'
import { remember } from '../model/remember.ts'
import type { Templates } from '../model/snapshot.ts'
import type { Expected } from './expected.ts'
import type { Line } from './lexer.ts'
import type { MapFile } from './map-files.ts'
import { fill } from './holes.ts'
import { lookAgain } from './second-look.ts'
import { StrictTemplates } from './strict.ts'
import { troubleOf } from './strict-runtime.ts'
import type { View } from './text.ts'
import type { TemplateTrouble } from './trouble.ts'
import type { ServerWords } from './wanted.ts'
import { serverWordsOf } from './wanted.ts'

export interface Piece {
  readonly section: RenderedSection
  /** Digest of what only a reload can change in it. */
  readonly structure: string
  readonly files: readonly MapFile[]
  readonly servers: ServerWords
}

export type Outcome =
  | { readonly ok: true; readonly piece: Piece }
  | { readonly ok: false; readonly trouble: TemplateTrouble; readonly resource: string }

export interface Job {
  /** Name of the template. */
  readonly template: string
  readonly context: Readonly<Record<string, View>>
  readonly expected: Expected
  readonly resource: string | undefined
  readonly files: readonly MapFile[]
}

const compiled = remember((templates: Templates) => new StrictTemplates(templates))

/** A long work that pauses now and then, for whoever has other things to do meanwhile. */
export type InPieces<R> = Generator<undefined, R, undefined>

/** Quoting, templates and the second look throw alike; this is where it ends. */
export function* attemptInPieces(
  templates: Templates,
  resource: string | undefined,
  makeJob: () => Job,
): InPieces<Outcome> {
  try {
    return { ok: true, piece: yield* renderInPieces(compiled(templates), makeJob) }
  } catch (error) {
    return { ok: false, trouble: troubleOf(error), resource: resource ?? 'a section of Legate' }
  }
}

export function atOnce<R>(work: InPieces<R>): R {
  let step = work.next()
  while (step.done !== true) step = work.next()
  return step.value
}

export function attempt(
  templates: Templates,
  resource: string | undefined,
  makeJob: () => Job,
): Outcome {
  return atOnce(attemptInPieces(templates, resource, makeJob))
}

function* renderInPieces(templates: StrictTemplates, makeJob: () => Job): InPieces<Piece> {
  const { template, context, expected, resource, files } = makeJob()
  yield
  const { text: raw, holes } = templates.render(template, context)
  yield
  const skeleton = { text: tidy(raw), holes }
  const body = fill(skeleton.text, holes, (hole) => hole.text)
  try {
    const lines = lookAgain({ skeleton, text: body }, expected)
    yield
    const mark = resource === undefined ? '' : `# ${resource}\n`
    const header = expected.header.slice(0, 2).join(' ')
    const section = { header, resource, text: `${mark}${body}` }
    const structure = structureOf(lines, files)
    return { section, structure, files, servers: serverWordsOf(lines) }
  } catch (error) {
    throw troubleOf(error).at(template, 0, 0)
  }
}

/** One blank line at most between lines, none at the ends. */
function tidy(text: string): string {
  return `${text
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/^\n+|\n+$/g, '')}\n`
}

/** Words only, so that comments and spacing do not count; servers and the contents of maps are live state. */
function structureOf(lines: readonly Line[], files: readonly MapFile[]): string {
  const kept = lines.flatMap(({ words }) =>
    words.length > 0 && !isLive(words) ? `${logical(JSON.stringify(words), files)}\n` : [],
  )
  return hash('sha256', kept.join(''))
}

/** A server under a host name is structure: HAProxy resolves the name when it starts, and shows an address. */
function isLive(words: readonly string[]): boolean {
  return words[0] === 'server' && !words.includes('init-addr')
}

function logical(text: string, files: readonly MapFile[]): string {
  return files.reduce((all, { path, name }) => all.replaceAll(path, name), text)
}
