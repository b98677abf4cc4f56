/** Texts of manifest files → the resources they describe, and everything that is wrong with them. */
import { hash } from 'node:crypto'
import type { Diagnostic } from '../model/diagnostic.ts'
import { compare, inOrder } from '../model/diagnostic.ts'
import { remember } from '../model/remember.ts'
import type { Kind, Manifests, Resource, SourceFile } from '../model/resource.ts'
import type { Limits } from './bounds.ts'
import { LIMITS, tooMuchInAll } from './bounds.ts'
import { sameName } from './conflicts.ts'
import type { CheckedDocument } from './document.ts'
import { checkDocument } from './document.ts'
import type { Linked } from './linked.ts'
import { ofKind } from './linked.ts'
import { checkLinks } from './links.ts'
import { onePerPlace } from './problem.ts'
import type { Schemas } from './schema.ts'
import { readYaml } from './yaml.ts'

export type { Schemas } from './schema.ts'

export interface ParsedManifests {
  /** Documents without errors of their own; those with are named by a diagnostic. */
  readonly manifests: Manifests
  readonly diagnostics: readonly Diagnostic[]
}

export function parseManifests(
  files: readonly SourceFile[],
  schemas: Schemas,
  limits: Limits = LIMITS,
): ParsedManifests {
  const sorted = files.toSorted((a, b) => compare(a.path, b.path) || compare(a.text, b.text))
  const revision = revisionOf(sorted)
  const tooMuch = tooMuchInAll(sorted, limits)
  if (tooMuch !== undefined) return { manifests: assemble([], revision), diagnostics: [tooMuch] }
  const read = sorted.map((file) => readFile(file, schemas, limits))
  const documents = read.flatMap((file) => file.documents)
  const own = read.flatMap((file) => file.diagnostics)
  const { unique, diagnostics: doubles } = withoutDoubles(documents)
  const linked: Linked = {
    resources: unique.map(({ resource }) => resource),
    claims: documents.flatMap(({ resource, claim }) => (resource ? [] : (claim ?? []))),
    unread: read.flatMap((file) => file.unread),
    complete: own.length + doubles.length === 0,
  }
  const diagnostics = [...own, ...doubles, ...checkLinks(linked), ...emptyFiles(sorted, read)]
  const valid = unique.filter((document) => document.valid).map(({ resource }) => resource)
  return {
    manifests: assemble(valid, revision),
    diagnostics: limited(inOrder(onePerPlace(diagnostics)), limits),
  }
}

interface ReadFile {
  readonly documents: readonly CheckedDocument[]
  readonly diagnostics: readonly Diagnostic[]
  readonly unread: readonly string[]
}

/** A file that did not change is the same object, and costs nothing the second time. */
const readFile: (file: SourceFile, schemas: Schemas, limits: Limits) => ReadFile = remember(
  (file: SourceFile, schemas: Schemas, limits: Limits): ReadFile => {
    const yaml = readYaml(file, limits)
    const documents = yaml.documents.map((document) => checkDocument(document, schemas, limits))
    const diagnostics = [...yaml.diagnostics, ...documents.flatMap((d) => d.diagnostics)]
    // One more than is shown, so that it is known that there are more.
    const kept = limits.problemsPerFile + 1
    return { documents, diagnostics: diagnostics.slice(0, kept), unread: yaml.unread }
  },
)

const digestOf: (file: SourceFile) => string = remember((file: SourceFile) =>
  hash('sha256', file.text),
)

/** The digest of what `sha256sum` would print of the files. */
function revisionOf(sorted: readonly SourceFile[]): string {
  return hash('sha256', sorted.map((file) => `${digestOf(file)}  ${file.path}\n`).join(''))
}

interface NamedDocument extends CheckedDocument {
  readonly resource: Resource
}

/** Sorted by what they are called, and by place where that is the same. */
function withoutDoubles(documents: readonly CheckedDocument[]): {
  readonly unique: readonly NamedDocument[]
  readonly diagnostics: readonly Diagnostic[]
} {
  const named = documents.filter((d): d is NamedDocument => d.resource !== undefined)
  const sorted = named.toSorted((a, b) => compareNames(a.resource, b.resource))
  const first = new Map<string, NamedDocument>()
  const diagnostics: Diagnostic[] = []
  for (const document of sorted) {
    const before = first.get(document.resource.id)
    if (before === undefined) first.set(document.resource.id, document)
    else diagnostics.push(sameName(before.resource, document.resource))
  }
  return { unique: [...first.values()], diagnostics }
}

function compareNames(a: Resource, b: Resource): number {
  return compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(a.kind, b.kind)
}

/**
 * A file without a manifest may be one that is being written. Nothing at all is an error: it never means
 * that everything is to be removed.
 */
function emptyFiles(files: readonly SourceFile[], read: readonly ReadFile[]): Diagnostic[] {
  const empty = files.filter((_, i) => {
    const { documents = [], diagnostics = [] } = read[i] ?? {}
    return documents.length + diagnostics.length === 0
  })
  const isAll = empty.length === files.length
  return empty.slice(0, isAll ? 1 : undefined).map(({ path }) => ({
    code: 'LG0007',
    severity: isAll ? 'error' : 'warning',
    message: isAll ? 'no file has a manifest in it' : 'the file has no manifest in it',
    at: { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 },
  }))
}

function assemble(resources: readonly Resource[], revision: string): Manifests {
  const all: Linked = { resources, claims: [], unread: [], complete: true }
  const list = <K extends Kind>(kind: K): readonly Resource<K>[] => ofKind(all, kind)
  return {
    Global: list('Global'),
    Defaults: list('Defaults'),
    Frontend: list('Frontend'),
    HostRoute: list('HostRoute'),
    Backend: list('Backend'),
    Certificate: list('Certificate'),
    Userlist: list('Userlist'),
    revision,
  }
}

/** The first problems of each file, and one more that says there are more. */
function limited(diagnostics: readonly Diagnostic[], limits: Limits): readonly Diagnostic[] {
  const counts = new Map<string, number>()
  return diagnostics.flatMap((diagnostic) => {
    const { at } = diagnostic
    if (at === undefined) return [diagnostic]
    const count = (counts.get(at.file) ?? 0) + 1
    counts.set(at.file, count)
    if (count <= limits.problemsPerFile) return [diagnostic]
    if (count > limits.problemsPerFile + 1) return []
    const message = `the file has more than ${limits.problemsPerFile} problems; the rest is not shown`
    return [{ code: 'LG0002', severity: 'error', message, at }]
  })
}
