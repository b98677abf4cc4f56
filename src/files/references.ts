/** Takes the paths that manifests refer to; gives of each file what Legate needs, and never a key. */
import { hash } from 'node:crypto'
import type { ReferencedFile, ReferencedFiles } from '../model/snapshot.ts'
import { hasPrivateKey, readCertificate } from './certificate.ts'
import { inParallel } from './in-parallel.ts'
import { decodeUtf8, readCapped } from './read-capped.ts'

export type ReferencePurpose = 'certificate' | 'crt-list' | 'error-file' | 'password'

export interface Reference {
  /** Absolute. */
  readonly path: string
  readonly purpose: ReferencePurpose
}

/** An error file has to fit into HAProxy's buffer (`tune.bufsize`); the others are merely bounded. */
const MAX_BYTES: Readonly<Record<ReferencePurpose, number>> = {
  certificate: 1_048_576,
  'crt-list': 16_777_216,
  'error-file': 16_384,
  password: 65_536,
}

/** All that reading it may look at. */
export function pathsOf({ path, purpose }: Reference): string[] {
  return purpose === 'certificate' ? [path, keyPathOf(path)] : [path]
}

/** HAProxy takes the key from this file beside the certificate where the certificate's has none. */
function keyPathOf(path: string): string {
  return `${path}.key`
}

/** A path that is referred to for several purposes is read for each, and has what all of them need. */
export async function readReferences(references: readonly Reference[]): Promise<ReferencedFiles> {
  const distinct = new Map(references.map((r) => [JSON.stringify([r.path, r.purpose]), r]))
  const read = await inParallel([...distinct.values()], async (reference) => ({
    path: reference.path,
    file: await readReference(reference),
  }))
  const files = new Map<string, ReferencedFile>()
  for (const { path, file } of read) files.set(path, merge(files.get(path), file))
  return files
}

function merge(a: ReferencedFile | undefined, b: ReferencedFile): ReferencedFile {
  if (a === undefined || b.state === 'unreadable') return b
  return a.state === 'unreadable' ? a : { ...a, ...b }
}

async function readReference({ path, purpose }: Reference): Promise<ReferencedFile> {
  const file = await readCapped(path, MAX_BYTES[purpose])
  if (file.state === 'unreadable') return file
  if (file.state === 'too-large') {
    return { state: 'unreadable', why: `it is larger than ${MAX_BYTES[purpose]} bytes` }
  }
  const sha256 = hash('sha256', file.bytes)
  if (purpose === 'crt-list') return { state: 'present', sha256 }
  if (purpose === 'certificate')
    return { state: 'present', sha256, ...(await facts(path, file.bytes)) }
  const text = decodeUtf8(file.bytes)
  if (text !== undefined) return { state: 'present', sha256, text }
  // HAProxy sends an error file byte for byte, in whatever encoding it is.
  return purpose === 'error-file'
    ? { state: 'present', sha256 }
    : { state: 'unreadable', why: 'it is not UTF-8' }
}

/** Nothing for a file without a certificate that can be read. */
async function facts(
  path: string,
  pem: Uint8Array,
): Promise<Pick<Extract<ReferencedFile, { state: 'present' }>, 'certificate'>> {
  const certificate = readCertificate(pem)
  if (certificate === undefined || certificate.hasKey) return certificate ? { certificate } : {}
  const key = await readCapped(keyPathOf(path), MAX_BYTES.certificate)
  return {
    certificate: { ...certificate, hasKey: key.state === 'read' && hasPrivateKey(key.bytes) },
  }
}
