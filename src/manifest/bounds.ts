/** What a file may be before a parser looks at it: small, flat, clean text, not half merged. */
import type { DiagnosticCode } from '../model/codes.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'
import type { SourceFile } from '../model/resource.ts'
import { flowDepthAt, indentDepthAt } from './depth.ts'
import type { Stretch } from './lines.ts'
import { positionOf, textOf } from './lines.ts'
import { below } from './pointer.ts'
import type { Problem } from './problem.ts'

export interface Limits {
  readonly files: number
  readonly totalBytes: number
  readonly fileBytes: number
  readonly documentsPerFile: number
  /** Lists and mappings inside each other. */
  readonly depth: number
  /** Items of one list and fields of one mapping: checks of items against each other are quadratic. */
  readonly items: number
  /** Characters of one value: more than any field of a schema takes. */
  readonly textLength: number
  /** Problems reported for one file. */
  readonly problemsPerFile: number
}

export const LIMITS: Limits = {
  files: 10_000,
  totalBytes: 64 * 1024 * 1024,
  fileBytes: 1024 * 1024,
  documentsPerFile: 5_000,
  depth: 64,
  items: 4_096,
  textLength: 16_384,
  problemsPerFile: 500,
}

interface Finding {
  readonly code: DiagnosticCode
  readonly message: string
  readonly hint?: string
  readonly stretch: Stretch
}

/** The first thing that forbids parsing the file. */
export function outOfBounds(file: SourceFile, limits: Limits): Diagnostic | undefined {
  const text = textOf(file)
  const finding =
    tooLarge(text, limits) ??
    lfsPointer(text) ??
    conflictMarker(text) ??
    controlCharacter(text) ??
    tooManyDocuments(text, limits) ??
    tooDeep(text, limits)
  if (finding === undefined) return undefined
  const { stretch, ...rest } = finding
  return { severity: 'error', ...rest, at: positionOf(file, stretch) }
}

/** What forbids reading the files at all: too many, or too much together. */
export function tooMuchInAll(files: readonly SourceFile[], limits: Limits): Diagnostic | undefined {
  if (files.length > limits.files)
    return inAll(`there are ${files.length} manifest files; at most ${limits.files} are read`)
  // UTF-8 has at least one byte for each UTF-16 unit: good enough for a bound of this kind.
  const total = files.reduce((sum, file) => sum + file.text.length, 0)
  if (total > limits.totalBytes)
    return inAll(`the manifest files have ${total} bytes; at most ${limits.totalBytes} are read`)
  return undefined
}

function inAll(message: string): Diagnostic {
  const hint = 'check that the path leads to manifests only'
  return { code: 'LG0002', severity: 'error', message, hint }
}

function tooLarge(text: string, limits: Limits): Finding | undefined {
  const bytes = text.length > limits.fileBytes ? text.length : Buffer.byteLength(text)
  if (bytes <= limits.fileBytes) return undefined
  return {
    code: 'LG0002',
    message: `the file has ${bytes} bytes; at most ${limits.fileBytes} are read`,
    hint: 'divide it into several files',
    stretch: { start: 0, end: 0 },
  }
}

function lfsPointer(text: string): Finding | undefined {
  if (!text.startsWith('version https://git-lfs.github.com/spec/')) return undefined
  return {
    code: 'LG0004',
    message: 'the file is a git-lfs pointer, not the manifest itself',
    hint: 'run "git lfs pull"',
    stretch: { start: 0, end: text.length },
  }
}

function conflictMarker(text: string): Finding | undefined {
  const marker = /^(?:<{7}|>{7}|\|{7}) .*$/m.exec(text)
  if (marker === null) return undefined
  return {
    code: 'LG0004',
    message: 'the file contains git conflict markers',
    hint: 'finish the merge',
    stretch: { start: marker.index, end: marker.index + marker[0].length },
  }
}

// Controls but tab and line break, carriage returns alone, lone surrogates, noncharacters, byte order marks
// inside the text, and marks that make text read in another order than it is parsed.
const UNWANTED = /[^\P{Cc}\t\n\r]|\r(?!\n)|[\p{Cs}\uFEFF\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]/u

function controlCharacter(text: string): Finding | undefined {
  const found = UNWANTED.exec(text)
  if (found === null) return undefined
  return {
    code: 'LG0003',
    message: `the character ${printable(found[0])} is not allowed in manifests`,
    hint: 'save the file as UTF-8 text without control characters',
    stretch: { start: found.index, end: found.index + found[0].length },
  }
}

function tooManyDocuments(text: string, limits: Limits): Finding | undefined {
  let count = 0
  for (const marker of text.matchAll(/^---(?=\s|$)/gm))
    if (++count > limits.documentsPerFile)
      return {
        code: 'LG0002',
        message: `the file has more than ${limits.documentsPerFile} documents`,
        hint: 'divide it into several files',
        stretch: { start: marker.index, end: marker.index + 3 },
      }
  return undefined
}

function tooDeep(text: string, limits: Limits): Finding | undefined {
  const at = flowDepthAt(text, limits.depth) ?? indentDepthAt(text, limits.depth)
  return at === undefined ? undefined : { ...nestingFinding(limits), stretch: at }
}

/** Also for the parser's own, exact count. */
export function nestingFinding(limits: Limits): Omit<Finding, 'stretch'> {
  return {
    code: 'LG0002',
    message: `lists and mappings are nested deeper than ${limits.depth} levels`,
  }
}

/** Values larger than any schema takes: not handed to checks whose work grows with them. */
export function oversized(value: unknown, limits: Limits, pointer = ''): Problem[] {
  if (typeof value === 'string')
    return value.length > limits.textLength
      ? [
          tooBig(
            pointer,
            `the text has ${value.length} characters; at most ${limits.textLength} are read`,
          ),
        ]
      : []
  if (typeof value !== 'object' || value === null) return []
  const entries = Object.entries(value)
  if (entries.length > limits.items)
    return [
      tooBig(pointer, `there are ${entries.length} entries; at most ${limits.items} are read`),
    ]
  return entries.flatMap(([key, item]) =>
    typeof item === 'object' || typeof item === 'string'
      ? oversized(item, limits, below(pointer, key))
      : [],
  )
}

function tooBig(pointer: string, message: string): Problem {
  return { code: 'LG0002', pointer, on: 'value', message }
}
