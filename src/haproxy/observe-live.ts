/** A way to ask a worker goes in, its live state comes out: servers, maps, certificates. */
import { ok, type Result } from '../model/failure.ts'
import type { RunningServer, RunningState } from '../model/runtime.ts'
import { escapeArgument } from './cli.ts'
import type { LiveMemory, LiveParts } from './live-memory.ts'
import { logicalName, parseShowMap } from './show-map.ts'
import type { SeenServers } from './show-servers.ts'
import { parseSessions } from './show-stat.ts'
import { parseCertificateFingerprint, parseShowBackend } from './show.ts'

/** One answer for each command, in order. */
export type Ask = (commands: readonly string[]) => Promise<Result<string[]>>

export interface WaysToAsk {
  readonly ask: Ask
  /** For many short questions: over one connection. */
  readonly askTogether: Ask
}

/** Undefined when something does not answer as HAProxy does. */
export async function askLive(
  { ask, askTogether }: WaysToAsk,
  memory: LiveMemory,
  certificates: readonly string[],
): Promise<Result<RunningState | undefined>> {
  const asked = await ask(['show backend', 'show servers state', 'show map'])
  if (!asked.ok) return asked
  const [backendText = '', serverText = '', mapText = ''] = asked.value
  const backends = parseShowBackend(backendText)
  const servers = memory.readServers(serverText)
  const maps = parseShowMap(mapText)?.filter((path) => logicalName(path) !== undefined)
  if (backends === undefined || servers === undefined || maps === undefined) return ok(undefined)
  const parts = await askParts(askTogether, { servers, maps, certificates })
  return parts.ok ? ok(memory.assemble({ backends, ...parts.value })) : parts
}

/** `maps` and `certificates` are paths. */
async function askParts(
  ask: Ask,
  {
    servers,
    maps,
    certificates,
  }: {
    readonly servers: SeenServers
    readonly maps: readonly string[]
    readonly certificates: readonly string[]
  },
): Promise<Result<LiveParts>> {
  // Counting sessions costs HAProxy much more than naming servers: only where somebody waits for their end.
  const out = [...servers.backends].flatMap(([name, each]) =>
    each.servers.some(isOut) ? [name] : [],
  )
  const asked = await ask([
    ...maps.map((path) => `show map ${escapeArgument(path)}`),
    ...out.map((name) => `show stat ${escapeArgument(name)} 4 -1`),
    ...certificates.map((path) => `show ssl cert ${escapeArgument(path)}`),
  ])
  if (!asked.ok) return asked
  const answers = asked.value.values()
  const next = (): string => answers.next().value ?? ''
  return ok({
    servers,
    maps: new Map(maps.map((path) => [path, next()])),
    sessions: new Map(out.map((name) => [name, parseSessions(next()) ?? new Map()])),
    // Those that the worker does not have are left out.
    certificates: new Map(
      certificates.flatMap((path): [string, string][] => {
        const fingerprint = parseCertificateFingerprint(next())
        return fingerprint === undefined ? [] : [[path, fingerprint]]
      }),
    ),
  })
}

function isOut({ admin }: RunningServer): boolean {
  return admin !== 'ready'
}
