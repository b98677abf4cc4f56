/** The files that manifests refer to, held against what is needed in their place. */
import type { Diagnostic } from '../model/diagnostic.ts'
import type { ReferencedFile, ReferencedFiles } from '../model/snapshot.ts'
import type { FileNeed } from './needs.ts'

/** A certificate that ends within this time is worth a warning. */
const SOON_MS = 14 * 24 * 3_600_000

export function fileDiagnostics(
  needs: readonly FileNeed[],
  files: ReferencedFiles,
  atMs: number,
): Diagnostic[] {
  return needs.flatMap((need) => {
    const file = files.get(need.path)
    if (file === undefined) return []
    if (file.state === 'unreadable') return [unreadable(need, file.why)]
    return need.purpose === 'certificate' ? certificateDiagnostics(need, file, atMs) : []
  })
}

/** Paths of error files with the digest of what is in them: their content is part of the structure. */
export function errorFileDigests(
  needs: readonly FileNeed[],
  files: ReferencedFiles,
): ReadonlyMap<string, string> {
  return digests(needs, (need) => {
    const file = files.get(need.path)
    const counts = need.purpose === 'error-file' || need.purpose === 'crt-list'
    return counts && file?.state === 'present' ? file.sha256 : undefined
  })
}

export function certificateFingerprints(
  needs: readonly FileNeed[],
  files: ReferencedFiles,
): ReadonlyMap<string, string> {
  return digests(needs, (need) => {
    const file = files.get(need.path)
    return need.purpose === 'certificate' && file?.state === 'present'
      ? file.certificate?.fingerprintSha1
      : undefined
  })
}

function digests(
  needs: readonly FileNeed[],
  digestOf: (need: FileNeed) => string | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    needs
      .flatMap((need) => {
        const digest = digestOf(need)
        return digest === undefined ? [] : [[need.path, digest] as const]
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function unreadable(need: FileNeed, why: string): Diagnostic {
  return {
    code: 'LG2005',
    severity: 'error',
    message: `${need.resource.id}: ${need.path} cannot be read: ${why}`,
    hint: 'mend the path, or the rights of the file; relative paths are below the files root (filesRoot, --files-root)',
    at: need.resource.places.value(need.pointer),
    pointer: need.pointer,
  }
}

type PresentFile = Extract<ReferencedFile, { state: 'present' }>

function certificateDiagnostics(need: FileNeed, file: PresentFile, atMs: number): Diagnostic[] {
  const at = need.resource.places.value(need.pointer)
  const facts = file.certificate
  const of = (
    code: Diagnostic['code'],
    severity: Diagnostic['severity'],
    message: string,
    hint: string,
  ): Diagnostic => ({
    code,
    severity,
    message: `${need.resource.id}: ${message}`,
    hint,
    at,
    pointer: need.pointer,
  })
  if (facts === undefined)
    return [
      of(
        'LG2007',
        'error',
        `${need.path} holds no PEM certificate`,
        'HAProxy wants certificate, chain and key in one PEM file',
      ),
    ]
  if (!facts.hasKey)
    return [
      of('LG2007', 'error', `${need.path} holds no private key`, 'append the key to the PEM file'),
    ]
  const day = new Date(facts.notAfterMs).toISOString().slice(0, 10)
  if (facts.notAfterMs < atMs)
    return [
      of(
        'LG4005',
        'warning',
        `the certificate ended on ${day}`,
        'renew it; clients refuse it already',
      ),
    ]
  if (facts.notAfterMs - atMs < SOON_MS)
    return [of('LG4005', 'warning', `the certificate ends on ${day}`, 'renew it')]
  return []
}
