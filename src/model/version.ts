/** What `haproxy -v` prints goes in, the version and how it compares come out. */

/** The oldest branch that Legate works with: what is planned for no process in particular must be right for it. */
export const OLDEST_VERSION = '2.6'

/** `2.6.12-1+deb12u4`; undefined when the text is not HAProxy's. */
export function parseVersion(text: string): string | undefined {
  return /^HA-?Proxy version (\d+\.\d\S*)/m.exec(text)?.[1]
}

/** Whether a version (`2.6.12-1+deb12u4`, `3.5-dev4`) is of the branch (`2.6`) or of a later one. */
export function atLeast(version: string, branch: string): boolean {
  const [major, minor] = numbers(version)
  const [wantedMajor, wantedMinor] = numbers(branch)
  return major === wantedMajor ? minor >= wantedMinor : major > wantedMajor
}

/** A development version counts as its branch: it is used by people who know what it lacks. */
function numbers(version: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)/.exec(version)
  if (match === null) throw new Error(`not a version of HAProxy: ${version}`)
  return [Number(match[1]), Number(match[2])]
}
