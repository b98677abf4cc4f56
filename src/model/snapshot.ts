/** Everything a pass looks at, taken at one time; no later stage reads the world again. */
import type { Catalog } from './catalog.ts'
import type { SourceFile } from './resource.ts'
import type { Server } from './topology.ts'

/** A file that a manifest refers to (certificate, error file, password file), by absolute path. */
export type ReferencedFile =
  | {
      readonly state: 'present'
      readonly sha256: string
      /** UTF-8 text; kept for password files and error files only. */
      readonly text?: string
      readonly certificate?: CertificateFacts
    }
  | { readonly state: 'unreadable'; readonly why: string }

export interface CertificateFacts {
  /** SHA-1 of the leaf in upper-case hex without colons, as HAProxy prints it. */
  readonly fingerprintSha1: string
  readonly notAfterMs: number
  /** DNS names of the leaf, lower case; `*.` allowed. */
  readonly names: readonly string[]
  readonly hasKey: boolean
}

/** By absolute path. A reference without an entry was not looked at: only its shape was checked. */
export type ReferencedFiles = ReadonlyMap<string, ReferencedFile>

/** The last revision that HAProxy was proven with, and the answers it was made from. */
export interface LastGood {
  readonly revision: string
  readonly sources: readonly SourceFile[]
  readonly catalog: Catalog
  /** Query key to the time (ms since the epoch) since when its answer has been empty. */
  readonly emptySinceMs: ReadonlyMap<string, number>
  /** What it was rendered with; kept in memory only. */
  readonly templates?: Templates
  /** Backend id to the servers it has; kept in memory only. */
  readonly applied?: ReadonlyMap<string, AppliedServers>
}

/** What a Backend's next servers are held against. */
export interface AppliedServers {
  readonly servers: readonly Server[]
  /** Since when servers that left have been held back. */
  readonly departingSinceMs?: number
  /** Servers that left a short time ago; absent when there are none. */
  readonly left?: readonly { readonly name: string; readonly atMs: number }[]
  /** Instances that left and were not replaced; empty while the Backend is what it should be. */
  readonly missing: readonly Missing[]
}

export interface Missing {
  /** Of the instance, wherever it was. */
  readonly name: string
  /** Printable. */
  readonly instance: string
  readonly why: string
}

/** Template name (`backend.cfg.njk`) to text, overrides already applied. */
export type Templates = ReadonlyMap<string, string>
