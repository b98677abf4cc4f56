/** What is otherwise than Legate left it, because somebody else changed it. */

/**
 * Three places: the file against what is desired, the process against the file, and the process against
 * what is desired, there by what it is about; `admin` is maintenance or drain that a person has set.
 */
export type DriftKind =
  'file' | 'process' | 'servers' | 'addresses' | 'weights' | 'maps' | 'certificates' | 'admin'

export interface Drift {
  readonly kind: DriftKind
  /** What it is about, for telling one from the other: a path, `backend api/i-0123456789ab`, a map. */
  readonly object: string
  /** One sentence for a person, with names made printable. */
  readonly message: string
  /** What becomes of it. */
  readonly policy: 'Revert' | 'Report' | 'Adopt'
}
