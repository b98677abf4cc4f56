/** Answers of a worker's command line go in, what they say comes out; undefined where they do not say it. */
export interface ProcessInfo {
  readonly version: string
  readonly pid: number
  readonly uptimeSeconds: number
  /** True for a worker that a reload has told to leave. */
  readonly stopping: boolean
}

export function parseShowInfo(text: string): ProcessInfo | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]
  const version = field('Version')
  const pid = Number(field('Pid'))
  if (version === undefined || !Number.isSafeInteger(pid)) return undefined
  return {
    version,
    pid,
    uptimeSeconds: Number(field('Uptime_sec') ?? 0),
    stopping: field('Stopping') === '1',
  }
}

/** The text value of a variable: `proc.legate_structure: type=str value=<abc>`. */
export function parseGetVar(text: string): string | undefined {
  return /^\S+: type=str value=<([^>]*)>\s*$/.exec(text)?.[1]
}

/** Names of `show backend`, without HAProxy's own (`<HTTPCLIENT>`). */
export function parseShowBackend(text: string): string[] | undefined {
  const [heading, ...names] = text.split('\n')
  if (heading !== '# name') return undefined
  return names.filter((name) => name !== '' && !name.startsWith('<'))
}

/** Paths of `show ssl cert`; those of a transaction that is not committed (`*path`) are left out. */
export function parseCertificateList(text: string): string[] | undefined {
  const lines = text.split('\n')
  if (!lines.includes('# filename')) return text.trim() === '' ? [] : undefined
  return lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('*'))
}

/** SHA-1 of the leaf of `show ssl cert PATH`; undefined when HAProxy has no such certificate. */
export function parseCertificateFingerprint(text: string): string | undefined {
  return /^SHA1 FingerPrint: ([0-9A-F]{40})$/m.exec(text)?.[1]
}
