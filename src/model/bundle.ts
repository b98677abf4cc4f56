/** The rendered form: text for HAProxy, the files beside it, and the digests that name it. */

/** A piece of haproxy.cfg with the resource it came from. */
export interface RenderedSection {
  /** `global`, `defaults web`, `frontend https`, `backend api`: HAProxy's section line. */
  readonly header: string
  /** `Kind/namespace/name`, or undefined for sections that are Legate's own. */
  readonly resource: string | undefined
  readonly text: string
}

/** A map file. `name` is the logical name; the path on disk contains a digest of the content. */
export interface BundleFile {
  readonly name: string
  readonly text: string
  /** Absolute. */
  readonly path: string
}

export interface Bundle {
  /** Complete text of haproxy.cfg, header and checksum included. */
  readonly config: string
  readonly sections: readonly RenderedSection[]
  readonly files: readonly BundleFile[]
  /** Digest of all that only a reload can change; stamped into the process (hex). */
  readonly structure: string
  /** What the process must have beyond the structure, for comparing with what it has. */
  readonly live: LiveState
  /** HAProxy backends whose servers the Runtime API can neither add nor remove nor weigh, and why. */
  readonly fixed: ReadonlyMap<string, string>
  /** HAProxy backends that try a request more often than usual: `retries` (configuration.txt 4.2). */
  readonly retries?: ReadonlyMap<string, number>
  /** Values from secret files that occur in the text: masked wherever the text is shown. */
  readonly secrets: readonly string[]
}

export interface LiveServer {
  readonly name: string
  /** Canonical IP address, or the host name it is to be resolved from. */
  readonly address: string
  readonly port: number
  readonly weight: number
}

/** A server as its rendered line has it. */
export interface WantedServer extends LiveServer {
  /**
   * The words of its line after the address, unquoted: `weight`, `100`, `check`, … The same for the file
   * and for `add server`.
   */
  readonly words: readonly string[]
}

/** Servers, map entries, certificate contents: what the Runtime API can change, as it is wanted. */
export interface LiveState {
  /** By HAProxy backend name; servers sorted by name. */
  readonly servers: ReadonlyMap<string, readonly WantedServer[]>
  /** Logical map name to the first 16 hex digits of the SHA-256 of its content. */
  readonly maps: ReadonlyMap<string, string>
  /** Absolute certificate path to SHA-1 fingerprint in upper-case hex, as HAProxy's `show ssl cert` has it. */
  readonly certificates: ReadonlyMap<string, string>
}
