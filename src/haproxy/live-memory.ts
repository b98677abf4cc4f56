/**
 * Answers about a worker's live state go in, the state comes out; what did not change since the last
 * answer is the very same object as then, so that whoever compares need not look into it.
 */
import { withEntries } from '../model/remember.ts'
import type { RunningMap, RunningServer, RunningState } from '../model/runtime.ts'
import { logicalName, parseMapContent } from './show-map.ts'
import {
  NO_SERVERS,
  parseServersState,
  type BackendRows,
  type SeenServers,
} from './show-servers.ts'

/** What was asked about some backends, maps and certificates; the rest is as it was. */
export interface LiveParts {
  readonly servers: SeenServers
  /** By path: the answers of `show map PATH`. */
  readonly maps: ReadonlyMap<string, string>
  /** By backend in which a server is out: its sessions by server. */
  readonly sessions: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly certificates: ReadonlyMap<string, string>
}

/** What was asked about all of them. */
export interface LiveAnswers extends LiveParts {
  /** Of `show backend`; one without servers is in no other answer. */
  readonly backends: readonly string[]
}

/** A server that takes no requests: since when, and since when it has had no sessions. */
interface Out {
  readonly outSince: number
  readonly idleSince: number | undefined
}

/** `sessions` of its backend; undefined where nobody has asked: then all is as it was. */
function outOf(
  now: number,
  name: string,
  sessions: ReadonlyMap<string, number> | undefined,
  before: Out | undefined,
): Out {
  if (sessions === undefined && before !== undefined) return before
  const outSince = before?.outSince ?? now
  return { outSince, idleSince: sessions?.get(name) === 0 ? (before?.idleSince ?? now) : undefined }
}

export class LiveMemory {
  readonly #now: () => number
  readonly #maps = new Map<string, { readonly answer: string; readonly map: RunningMap }>()
  /** By backend and server, those that are out. */
  readonly #outSince = new Map<string, ReadonlyMap<string, Out>>()
  #servers = NO_SERVERS
  #state: RunningState | undefined

  /** `now`: milliseconds that only grow. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** As it was put together last. */
  get state(): RunningState | undefined {
    return this.#state
  }

  /** Undefined when the answer is not that of `show servers state`. */
  readServers(answer: string): SeenServers | undefined {
    const seen = parseServersState(answer, this.#servers)
    this.#servers = seen ?? this.#servers
    return seen
  }

  /** As `readServers`, where backends were asked about one by one; answers by name. */
  readBackends(answers: ReadonlyMap<string, string>): SeenServers | undefined {
    const found: [string, BackendRows][] = []
    for (const [name, answer] of answers) {
      const before = this.#servers.backends.get(name)
      const seen = parseServersState(answer, { backends: new Map(before && [[name, before]]) })
      if (seen === undefined) return undefined
      found.push([name, seen.backends.get(name) ?? { rows: [], servers: [] }])
    }
    this.#servers = { backends: withChanged(this.#servers.backends, found) }
    return { backends: new Map(found) }
  }

  /** The whole state; undefined when an answer about a map is none. */
  assemble(answers: LiveAnswers): RunningState | undefined {
    const { certificates } = answers
    const maps = this.#readMaps(answers.maps)
    if (maps === undefined) return undefined
    const servers = new Map(
      answers.backends.map((name) => {
        const seen = answers.servers.backends.get(name)?.servers ?? NOBODY
        return [name, this.#dress(name, seen, answers.sessions.get(name))] as const
      }),
    )
    keepOnly(this.#outSince, servers)
    keepOnly(this.#maps, answers.maps)
    this.#state = keepParts(this.#state, { servers, maps, certificates })
    return this.#state
  }

  /** The state with some of its parts as they are now; undefined as for `assemble`. */
  merge(state: RunningState, parts: LiveParts): RunningState | undefined {
    const maps = this.#readMaps(parts.maps)
    if (maps === undefined) return undefined
    const changed = [...parts.servers.backends].map(
      ([name, { servers }]) =>
        [name, this.#dress(name, servers, parts.sessions.get(name))] as const,
    )
    this.#state = {
      servers: withChanged(state.servers, changed),
      maps: withChanged(state.maps, maps),
      certificates: withChanged(state.certificates, parts.certificates),
    }
    return this.#state
  }

  /** With sessions and time for those that are out. */
  #dress(
    backend: string,
    servers: readonly RunningServer[],
    sessions: ReadonlyMap<string, number> | undefined,
  ): readonly RunningServer[] {
    const out = servers.filter((server) => server.admin !== 'ready')
    if (out.length === 0) {
      this.#outSince.delete(backend)
      return servers
    }
    const now = this.#now()
    const before = this.#outSince.get(backend)
    const since = new Map(
      out.map(({ name }) => [name, outOf(now, name, sessions, before?.get(name))]),
    )
    this.#outSince.set(backend, since)
    return servers.map((server) => {
      const began = since.get(server.name)
      if (began === undefined) return server
      return {
        ...server,
        sessions: sessions?.get(server.name),
        outForMs: Math.round(now - began.outSince),
        idleForMs: began.idleSince === undefined ? undefined : Math.round(now - began.idleSince),
      }
    })
  }

  #readMaps(answers: ReadonlyMap<string, string>): ReadonlyMap<string, RunningMap> | undefined {
    const maps = new Map<string, RunningMap>()
    for (const [path, answer] of answers) {
      const map = this.#readMap(path, answer)
      if (map === undefined) return undefined
      maps.set(logicalName(path) ?? path, map)
    }
    return maps
  }

  #readMap(path: string, answer: string): RunningMap | undefined {
    const last = this.#maps.get(path)
    if (last?.answer === answer) return last.map
    const content = parseMapContent(answer)
    if (content === undefined) return undefined
    const map = last?.map.text === content.text ? last.map : { path, ...content }
    this.#maps.set(path, { answer, map })
    return map
  }
}

/** One list for all backends without servers: it is the same the next time. */
const NOBODY: readonly RunningServer[] = []

function keepOnly(kept: Map<string, unknown>, all: ReadonlyMap<string, unknown>): void {
  for (const name of kept.keys()) if (!all.has(name)) kept.delete(name)
}

function keepParts(last: RunningState | undefined, now: RunningState): RunningState {
  if (last === undefined) return now
  const servers = sameEntries(last.servers, now.servers) ? last.servers : now.servers
  const maps = sameEntries(last.maps, now.maps) ? last.maps : now.maps
  const certificates = sameEntries(last.certificates, now.certificates)
    ? last.certificates
    : now.certificates
  const isSame =
    servers === last.servers && maps === last.maps && certificates === last.certificates
  return isSame ? last : { servers, maps, certificates }
}

/** The same map, when nothing changes in it. */
function withChanged<V>(
  map: ReadonlyMap<string, V>,
  entries: Iterable<readonly [string, V]>,
): ReadonlyMap<string, V> {
  return withEntries(
    map,
    [...entries].filter(([key, value]) => map.get(key) !== value),
  )
}

function sameEntries<V>(a: ReadonlyMap<string, V>, b: ReadonlyMap<string, V>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (b.get(key) !== value) return false
  return true
}
