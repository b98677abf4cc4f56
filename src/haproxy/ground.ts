/** The words of the checks before a reload: what HAProxy will stand on, and what was found wrong there. */

export interface Ground {
  /** Processes of the running HAProxy, the master first; none before a start. */
  readonly pids: readonly number[]
  /** The configuration they were started from, where Legate knows it. */
  readonly runs?: string | undefined
  /** True when Legate starts HAProxy itself, which then has Legate's own limits and rights. */
  readonly supervised: boolean
}

export interface Finding {
  readonly message: string
  readonly hint: string
}
