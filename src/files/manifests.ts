/** Takes the paths of manifests; gives the texts of all their files, and what could not be read as text. */
import { realpath, stat } from 'node:fs/promises'
import { normalize } from 'node:path'
import { compare, type Diagnostic } from '../model/diagnostic.ts'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import type { SourceFile } from '../model/resource.ts'
import { findManifests, type Found, type Place, type Walk } from './find-manifests.ts'
import { cannotRead, noManifests, notUtf8, tooLarge, tooMany } from './manifest-diagnostics.ts'
import { inParallel } from './in-parallel.ts'
import { decodeUtf8, readCapped } from './read-capped.ts'
import { describeTrouble } from './trouble.ts'

export interface ManifestLimits {
  readonly maxFiles: number
  readonly maxFileBytes: number
  /** Of all files together. */
  readonly maxBytes: number
}

export const MANIFEST_LIMITS: ManifestLimits = {
  maxFiles: 10_000,
  maxFileBytes: 1_048_576,
  maxBytes: 67_108_864,
}

export interface ReadManifests {
  /** Sorted by path; a file that two paths lead to is there once. */
  readonly sources: readonly SourceFile[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A file of the manifests, or what is wrong with it; its bytes count whatever it is. */
export interface ReadFile {
  readonly result: SourceFile | Diagnostic
  readonly bytes: number
}

/** Fails only when one of the given paths is not there; what is wrong below them is a diagnostic. */
export async function readManifests(
  paths: readonly string[],
  limits: ManifestLimits = MANIFEST_LIMITS,
  read: (place: Place) => Promise<ReadFile> = (place) => readFile(place, limits),
): Promise<Result<ReadManifests>> {
  const looked = await Promise.all(paths.map(lookAtGiven))
  const missing = looked.find((result) => !result.ok)
  if (missing !== undefined) return missing
  const given = looked.flatMap((result) => (result.ok ? [result.value] : []))
  if (given.length === 0) return ok({ sources: [], diagnostics: [noManifests()] })
  const { found, diagnostics } = await findAll(given, limits.maxFiles)
  const all = await readAll(found, limits, read)
  return ok({ sources: all.sources, diagnostics: [...diagnostics, ...all.diagnostics] })
}

export interface Given extends Place {
  readonly isFolder: boolean
}

/** A link among the given paths is resolved once, so that all files come from the same folder. */
async function lookAtGiven(path: string): Promise<Result<Given>> {
  const shown = normalize(path)
  try {
    const real = await realpath(path)
    return ok({ shown, real, isFolder: (await stat(real)).isDirectory() })
  } catch (error) {
    return fail(unreadable(shown, error))
  }
}

function unreadable(shown: string, error: unknown): Failure {
  const { why, transient } = describeTrouble(error)
  return {
    reason: 'files-unreadable',
    message: `cannot read manifests from ${printable(shown)}: ${why}`,
    hint: 'name the folder of the manifests with --manifests DIR, or `manifests` in the settings',
    transient,
  }
}

interface FoundAll {
  readonly found: readonly Place[]
  readonly diagnostics: readonly Diagnostic[]
  /** What was met on the way. */
  readonly walk: Walk
}

export async function findAll(given: readonly Given[], maxFiles: number): Promise<FoundAll> {
  const byReal = new Map<string, Place>()
  const diagnostics: Diagnostic[] = []
  const walk: Walk = { roots: given.map((g) => g.real), seen: new Set(), links: new Set() }
  for await (const found of findBelow(given, walk)) {
    if (found.type === 'trouble') diagnostics.push(cannotRead(found))
    else if (found.type === 'empty') diagnostics.push(noManifests(found.shown))
    else if (!byReal.has(found.place.real)) byReal.set(found.place.real, found.place)
    if (byReal.size > maxFiles)
      return { found: [], diagnostics: [tooMany(given[0]?.shown ?? '', maxFiles)], walk }
  }
  const found = [...byReal.values()].toSorted((a, b) => compare(a.shown, b.shown))
  return { found, diagnostics, walk }
}

type FoundBelow = Found | { readonly type: 'empty'; readonly shown: string }

async function* findBelow(given: readonly Given[], walk: Walk): AsyncGenerator<FoundBelow> {
  for (const { shown, real, isFolder } of given.toSorted((a, b) => compare(a.shown, b.shown))) {
    if (!isFolder) yield { type: 'file', place: { shown, real } }
    else if (!walk.seen.has(real)) yield* findInFolder({ shown, real }, walk)
  }
}

async function* findInFolder(folder: Place, walk: Walk): AsyncGenerator<FoundBelow> {
  let empty = true
  for await (const found of findManifests(folder, walk)) {
    empty = false
    yield found
  }
  if (empty) yield { type: 'empty', shown: folder.shown }
}

async function readAll(
  found: readonly Place[],
  limits: ManifestLimits,
  read: (place: Place) => Promise<ReadFile>,
): Promise<ReadManifests> {
  let bytes = 0
  const files = await inParallel(found, async (place) => {
    if (bytes > limits.maxBytes) return undefined
    const file = await read(place)
    bytes += file.bytes
    return file.result
  })
  if (bytes > limits.maxBytes) {
    const over = tooLarge(found[0]?.shown ?? '', 'all manifests together are', limits.maxBytes)
    return { sources: [], diagnostics: [over] }
  }
  return {
    sources: files.flatMap((file) => (file !== undefined && 'path' in file ? [file] : [])),
    diagnostics: files.flatMap((file) => (file !== undefined && 'code' in file ? [file] : [])),
  }
}

export async function readFile(
  { shown, real }: Place,
  { maxFileBytes }: ManifestLimits,
): Promise<ReadFile> {
  const file = await readCapped(real, maxFileBytes)
  if (file.state === 'too-large')
    return { result: tooLarge(shown, 'the file is', maxFileBytes), bytes: 0 }
  if (file.state === 'unreadable') return { result: cannotRead({ shown, why: file.why }), bytes: 0 }
  const text = decodeUtf8(file.bytes)
  const result = text === undefined ? notUtf8(shown, file.bytes) : { path: shown, text }
  return { result, bytes: file.bytes.length }
}
