/** Two passes over different manifests with the same catalog → what lies between them. */
import type { Actual } from '../model/actual.ts'
import type { Bundle, WantedServer } from '../model/bundle.ts'
import type { Manifests, Resource } from '../model/resource.ts'
import { KINDS } from '../model/resource.ts'
import type { RunningServer, RunningState } from '../model/runtime.ts'
import { compare } from '../model/diagnostic.ts'
import { OLDEST_VERSION } from '../model/version.ts'

export interface ResourceChange {
  readonly change: 'added' | 'changed' | 'removed'
  readonly id: string
  readonly resource: Resource
}

/** Sorted by id. A resource that only moved within its file, or into another one, has not changed. */
export function compareResources(before: Manifests, after: Manifests): ResourceChange[] {
  const old = byId(before)
  const now = byId(after)
  const found: ResourceChange[] = []
  for (const [id, resource] of now) {
    const was = old.get(id)
    if (was === undefined) found.push({ change: 'added', id, resource })
    else if (JSON.stringify(was.spec) !== JSON.stringify(resource.spec))
      found.push({ change: 'changed', id, resource })
  }
  for (const [id, resource] of old)
    if (!now.has(id)) found.push({ change: 'removed', id, resource })
  return found.toSorted((a, b) => compare(a.id, b.id))
}

function byId(manifests: Manifests): Map<string, Resource> {
  const all = KINDS.flatMap((kind): readonly Resource[] => manifests[kind])
  return new Map(all.map((resource) => [resource.id, resource]))
}

/** The state of a machine that runs `before`, as far as it matters for going on to `after`. */
export function asIfApplied(before: Bundle, after: Bundle): Actual {
  return {
    config: { state: 'ours', text: before.config },
    files: new Set([...before.files, ...after.files].map((f) => f.path)),
    running: {
      state: 'running',
      process: {
        version: OLDEST_VERSION,
        masterPid: 0,
        reloads: 0,
        failedReloads: 0,
        worker: { pid: 0, reloads: 0, uptimeSeconds: 0 },
        oldWorkers: [],
        structure: before.structure,
        live: asRunning(before),
      },
    },
  }
}

function asRunning({ live, files }: Bundle): RunningState {
  const { certificates } = live
  return {
    servers: new Map([...live.servers].map(([name, servers]) => [name, servers.map(asRun)])),
    maps: new Map(
      files.map(({ name, path, text }) => [
        name,
        { path, text, digest: live.maps.get(name) ?? '' },
      ]),
    ),
    certificates,
  }
}

function asRun({ name, address, port, weight }: WantedServer): RunningServer {
  return { name, address, port, weight, admin: 'ready', check: 'passed' }
}
