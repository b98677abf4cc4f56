/** Takes what is wrong with a file as such, before anybody reads it as YAML; gives the diagnostic. */
import { isUtf8 } from 'node:buffer'
import type { Diagnostic, Position } from '../model/diagnostic.ts'
import { printable } from '../model/failure.ts'

interface Unreadable {
  readonly shown: string
  /** Ends a sentence about the file. */
  readonly why: string
  readonly hint?: string
}

export function cannotRead({ shown, why, hint }: Unreadable): Diagnostic {
  return {
    code: 'LG0006',
    severity: 'error',
    message: `cannot read ${printable(shown)}: ${why}`,
    hint: hint ?? 'manifests are regular files that the user of Legate can read',
    at: startOf(shown),
  }
}

/** `what` is the beginning of a sentence: `the file is`. */
export function tooLarge(shown: string, what: string, maxBytes: number): Diagnostic {
  return {
    code: 'LG0002',
    severity: 'error',
    message: `${what} larger than ${maxBytes} bytes`,
    hint: 'split it, or keep what is not a manifest elsewhere',
    at: startOf(shown),
  }
}

export function tooMany(shown: string, maxFiles: number): Diagnostic {
  return {
    code: 'LG0002',
    severity: 'error',
    message: `there are more than ${maxFiles} manifest files`,
    hint: 'is this the right folder?',
    at: startOf(shown),
  }
}

/** No folder stands for "delete everything". */
export function noManifests(shown?: string): Diagnostic {
  return {
    code: 'LG0007',
    severity: 'error',
    message: shown === undefined ? 'no manifests are given' : `no manifests in ${printable(shown)}`,
    hint: 'manifests are files that end in .yaml or .yml; hidden files and folders are not read',
    ...(shown !== undefined && { at: startOf(shown) }),
  }
}

export function notUtf8(shown: string, bytes: Uint8Array): Diagnostic {
  const { line, column } = findNotUtf8(bytes)
  return {
    code: 'LG0003',
    severity: 'error',
    message: 'the file is not UTF-8',
    hint: 'save it as UTF-8',
    at: { file: shown, line, column, endLine: line, endColumn: column + 1 },
  }
}

/** The byte of a line feed is part of no other character, so each line can be looked at by itself. */
function findNotUtf8(bytes: Uint8Array): { line: number; column: number } {
  let start = 0
  for (let line = 1; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(0x0a, start)
    const end = feed === -1 ? bytes.length : feed
    const text = bytes.subarray(start, end)
    if (!isUtf8(text)) return { line, column: new TextDecoder().decode(text).indexOf('\ufffd') + 1 }
    start = end + 1
  }
  return { line: 1, column: 1 }
}

function startOf(file: string): Position {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
}
