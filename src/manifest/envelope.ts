/** The head of a document (apiVersion, kind, status) → its kind, checked before any schema is chosen. */
import { printable } from '../model/failure.ts'
import type { Kind } from '../model/resource.ts'
import { KINDS } from '../model/resource.ts'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'

const API_VERSION = 'legate/v1'

export interface Envelope {
  /** Undefined when the document has none that can be worked with. */
  readonly kind: Kind | undefined
  readonly problems: readonly Problem[]
}

export function readEnvelope(document: unknown): Envelope {
  if (!isMapping(document)) return { kind: undefined, problems: [noMapping()] }
  const { kind, problems } = readKind(document)
  return {
    kind,
    problems: [...statusProblems(document), ...versionProblems(document), ...problems],
  }
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function noMapping(): Problem {
  return {
    code: 'LG1003',
    pointer: '',
    on: 'value',
    message: 'the document is no mapping with fields',
    hint: 'a manifest has the fields apiVersion, kind, metadata and spec',
  }
}

function statusProblems(document: Readonly<Record<string, unknown>>): Problem[] {
  if (!Object.hasOwn(document, 'status')) return []
  return [
    {
      code: 'LG1091',
      pointer: '/status',
      on: 'key',
      message: 'a manifest has no status: git holds the spec, Legate serves the status',
      hint: 'remove it',
    },
  ]
}

/** An apiVersion that is missing or no text is the schema's to tell. */
export function versionProblems(document: Readonly<Record<string, unknown>>): Problem[] {
  const version = document['apiVersion']
  if (typeof version !== 'string' || version === API_VERSION) return []
  return [
    {
      code: 'LG1092',
      pointer: '/apiVersion',
      on: 'value',
      message: `apiVersion "${printable(version, 60)}" is not supported`,
      hint: `write ${API_VERSION}`,
    },
  ]
}

function readKind(document: Readonly<Record<string, unknown>>): Envelope {
  const kind = document['kind']
  const known = KINDS.find((name) => name === kind)
  if (known !== undefined) return { kind: known, problems: [] }
  if (kind === undefined) {
    const message = '"kind" is missing in the document'
    return { kind: undefined, problems: [{ code: 'LG1001', pointer: '', on: 'value', message }] }
  }
  const shown = typeof kind === 'string' ? `"${printable(kind, 60)}"` : 'what stands here'
  const problem: Problem = {
    code: 'LG1090',
    pointer: '/kind',
    on: 'value',
    message: `${shown} is no kind of manifest`,
    hint: hintForKind(kind),
  }
  return { kind: undefined, problems: [problem] }
}

function hintForKind(kind: unknown): string {
  if (kind === 'Settings') return 'settings have a file of their own: legate.yaml, or --config FILE'
  const near = typeof kind === 'string' ? nearest(kind, KINDS) : undefined
  return near === undefined ? `known kinds: ${KINDS.join(', ')}` : `did you mean "${near}"?`
}
