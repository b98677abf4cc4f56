/** A file's text → its YAML documents as plain values, each knowing where its fields stand. */
import { constructFromEvents, EVENT_ID, parseEvents, YAMLException } from 'js-yaml'
import type { Event } from 'js-yaml'
import type { Diagnostic, Position } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'
import type { Places, SourceFile } from '../model/resource.ts'
import type { Limits } from './bounds.ts'
import { nestingFinding, outOfBounds } from './bounds.ts'
import type { Stretch } from './lines.ts'
import { positionOf, textOf } from './lines.ts'
import type { Cut } from './pieces.ts'
import type { PlaceIndex } from './places.ts'
import { piecesOf, startOf } from './pieces.ts'
import { indexPlaces, placesOf } from './places.ts'

export interface YamlDocument {
  /** Of strings, finite and other numbers, booleans, null, arrays and objects; nobody else holds it. */
  readonly value: unknown
  readonly places: Places
}

export interface YamlFile {
  /** Empty documents left out. */
  readonly documents: readonly YamlDocument[]
  readonly diagnostics: readonly Diagnostic[]
  /** Text that could not be read; a name that is missing elsewhere may stand in it. */
  readonly unread: readonly string[]
}

/** A file, or one document's text of a file that is broken elsewhere. */
interface Piece {
  readonly file: SourceFile
  readonly text: string
  readonly offset: number
  readonly limits: Limits
}

export function readYaml(file: SourceFile, limits: Limits): YamlFile {
  const trouble = outOfBounds(file, limits)
  const text = textOf(file)
  if (trouble !== undefined) return { documents: [], diagnostics: [trouble], unread: [text] }
  const whole = readPiece({ file, text, offset: 0, limits })
  if (!('broken' in whole)) return whole
  const parts = piecesOf(text).map((piece) => readPiece({ ...piece, file, limits }))
  return {
    documents: parts.flatMap((part) => part.documents),
    diagnostics: parts.flatMap((part) => part.diagnostics),
    unread: parts.flatMap((part) => part.unread),
  }
}

function readPiece(piece: Piece): YamlFile & { readonly broken?: true } {
  const events = attempt(() => parseEvents(piece.text, { maxDepth: piece.limits.depth }))
  if (!events.ok) {
    const diagnostics = [notYaml(piece, events.error)]
    return { documents: [], diagnostics, unread: [piece.text], broken: true }
  }
  const all = once(() => reparsed(piece, piece))
  const pieces = once(() => piecesOf(piece.text))
  // All at once is half the work; who stands in the way is found one by one.
  const values = construct(piece, events.value, false)
  const read = documentEvents(events.value).map((document, i) => {
    const start = startOf(document)
    const index = (): PlaceIndex | undefined => reparsedAlone(piece, pieces(), start) ?? all()[i]
    return readDocument(
      piece,
      document,
      once(() => index() ?? { places: new Map(), repeated: [] }),
      values.ok ? { ok: true, value: [values.value[i]] } : construct(piece, document, false),
    )
  })
  return {
    documents: read.flatMap(({ document }) => document ?? []),
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
    unread: read.flatMap(({ unread }) => unread ?? []),
  }
}

/**
 * Positions come from a second parse when one is asked for: the events of all manifests would take ten
 * times the room of their text, and most documents have nothing to report.
 */
function reparsed({ limits }: Piece, part: Cut): PlaceIndex[] {
  const events = parseEvents(part.text, { maxDepth: limits.depth })
  return documentEvents(events).map((document) =>
    shifted(indexPlaces(part.text, document.slice(1, -1)), part.offset),
  )
}

/** Of one document, so that a long file is not parsed again for it; undefined where it cannot be cut out. */
function reparsedAlone(
  piece: Piece,
  pieces: readonly Cut[],
  start: number,
): PlaceIndex | undefined {
  const cut = pieces.findLast(({ offset }) => offset <= start)
  const alone = cut && attempt(() => reparsed(piece, { ...cut, offset: cut.offset + piece.offset }))
  return alone?.ok === true && alone.value.length === 1 ? alone.value[0] : undefined
}

function shifted(index: PlaceIndex, offset: number): PlaceIndex {
  if (offset === 0) return index
  const move = ({ start, end }: Stretch): Stretch => ({ start: start + offset, end: end + offset })
  const places = [...index.places].map(
    ([pointer, { key, value }]) =>
      [
        pointer,
        key === undefined ? { value: move(value) } : { key: move(key), value: move(value) },
      ] as const,
  )
  const repeated = index.repeated.map(({ name, first, again }) => ({
    name,
    first: move(first),
    again: move(again),
  }))
  return { places: new Map(places), repeated }
}

interface ReadDocument {
  readonly document?: YamlDocument
  readonly diagnostics: readonly Diagnostic[]
  readonly unread?: string
}

function readDocument(
  piece: Piece,
  events: Event[],
  index: () => PlaceIndex,
  strict: Attempt<unknown[]>,
): ReadDocument {
  const anchor = events.find(isAnchorOrAlias)
  if (anchor !== undefined) return unreadable(piece, events, [notPlain(piece, anchor)])
  const repeated = strict.ok ? [] : repeatedKeys(piece, strict.error, index)
  const built = repeated.length > 0 ? construct(piece, events, true) : strict
  if (!built.ok) return unreadable(piece, events, [...repeated, notYaml(piece, built.error)])
  const [value] = built.value
  if (value === null || value === undefined) return { diagnostics: repeated }
  return { document: { value, places: placesOf(piece.file, index) }, diagnostics: repeated }
}

function unreadable(
  piece: Piece,
  events: readonly Event[],
  diagnostics: readonly Diagnostic[],
): ReadDocument {
  const scalars = events.filter((event) => event.type === EVENT_ID.SCALAR)
  const words = scalars.map(({ valueStart, valueEnd }) =>
    piece.text.slice(Math.max(0, valueStart), Math.max(0, valueEnd)),
  )
  return { diagnostics, unread: words.join('\n') }
}

function construct(piece: Piece, events: Event[], lastKeyWins: boolean): Attempt<unknown[]> {
  const options = { source: piece.text, maxAliases: 0, json: lastKeyWins }
  return attempt(() => constructFromEvents(events, options))
}

/** The events of each document, with its opening and closing one. */
function documentEvents(events: readonly Event[]): Event[][] {
  const documents: Event[][] = []
  let open = 0
  let start = 0
  for (const [i, event] of events.entries()) {
    if (event.type === EVENT_ID.POP) open--
    else if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) open++
    if (open > 0) continue
    documents.push(events.slice(start, i + 1))
    start = i + 1
  }
  return documents
}

type Anchored = Extract<Event, { anchorStart: number }>

function isAnchorOrAlias(event: Event): event is Anchored {
  return 'anchorStart' in event && event.anchorStart >= 0
}

function notPlain(piece: Piece, event: Anchored): Diagnostic {
  const sign = event.type === EVENT_ID.ALIAS ? '*' : '&'
  const name = printable(piece.text.slice(event.anchorStart, event.anchorEnd), 60)
  return {
    code: 'LG0005',
    severity: 'error',
    message: `anchors and aliases are not read in manifests (${sign}${name})`,
    hint: 'write the value out where it is needed',
    at: positionIn(piece, { start: event.anchorStart - 1, end: event.anchorEnd }),
  }
}

function repeatedKeys(piece: Piece, error: unknown, index: () => PlaceIndex): Diagnostic[] {
  if (reasonOf(error) !== 'duplicated mapping key') return []
  return index().repeated.map(({ name, first, again }) => ({
    code: 'LG0001',
    severity: 'error',
    message: `the field "${printable(name, 60)}" is given twice`,
    hint: 'keep one of them',
    at: positionOf(piece.file, again),
    related: [{ message: 'first given here', at: positionOf(piece.file, first) }],
  }))
}

function notYaml(piece: Piece, error: unknown): Diagnostic {
  const reason = reasonOf(error)
  const position = error instanceof YAMLException ? (error.mark?.position ?? 0) : 0
  // An end that came too soon is shown where the text ends, not where the next document begins.
  const offset = Math.min(position, piece.text.trimEnd().length)
  const word = /^[^\s,[\]{}]+/.exec(piece.text.slice(offset, offset + 60))?.[0] ?? ' '
  const place = positionIn(piece, { start: offset, end: offset + word.length })
  if (reason.startsWith('nesting exceeded'))
    return { ...nestingFinding(piece.limits), severity: 'error', at: place }
  return {
    code: 'LG0001',
    severity: 'error',
    message: `not valid YAML: ${printable(reason)}`,
    ...hintFor(piece.text, offset, reason),
    at: place,
  }
}

function hintFor(text: string, offset: number, reason: string): { readonly hint?: string } {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  if (/^\s*\t/.test(line) || reason.includes('tab characters'))
    return { hint: 'indent with spaces; YAML takes no tabs there' }
  if (/deficient indentation|unexpected end of the/.test(reason))
    return { hint: 'a bracket or quote is probably left open above' }
  if (/\btag\b/.test(reason))
    return { hint: 'tags (words with ! in front) are not read in manifests' }
  return {}
}

function reasonOf(error: unknown): string {
  return error instanceof YAMLException ? error.reason : 'the parser gave up'
}

function positionIn(piece: Piece, { start, end }: Stretch): Position {
  return positionOf(piece.file, { start: start + piece.offset, end: end + piece.offset })
}

type Attempt<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

function attempt<T>(run: () => T): Attempt<T> {
  try {
    return { ok: true, value: run() }
  } catch (error) {
    return { ok: false, error }
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
