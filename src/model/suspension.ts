/** That Legate is told to change nothing: who said so, when and why. */
export interface Suspension {
  /** Printable. */
  readonly by: string
  /** ISO 8601; empty where the flag does not tell. */
  readonly at: string
  /** Printable. */
  readonly reason: string
}
