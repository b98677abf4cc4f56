/** How long and how often: little in every run, the full measure of the requirements where `LEGATE_SOAK=1`. */

export const SOAK: boolean = process.env['LEGATE_SOAK'] === '1'

export function inSoak<T>(full: T, short: T): T {
  return SOAK ? full : short
}

/** What took how long, for whoever runs the soak. */
export function tell(what: string): void {
  process.stderr.write(`${what}\n`)
}
