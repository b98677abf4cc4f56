/** What a plan may do to a process, as the settings say. */
export interface PlanRules {
  /** How long the sessions of a server that leaves may go on, in milliseconds. */
  readonly drainMs: number
  /** Whether a server that joins others waits with weight 0 until HAProxy's check of it has passed. */
  readonly admission: 'Checked' | 'AtOnce'
  /** What becomes of a file that was edited, and of a process that was changed, past Legate. */
  readonly file: 'Revert' | 'Report'
  readonly live: 'Revert' | 'Report'
  /** What becomes of maintenance and drain that a person has set: ended, left, or left for `adoptMs`. */
  readonly adminState: 'Revert' | 'Report' | 'Adopt'
  readonly adoptMs: number
}
