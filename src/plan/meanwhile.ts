/** A structure that only a reload brings × the process that waits for it → what of its servers can change at once. */
import type { RunningProcess } from '../model/actual.ts'
import type { Bundle, RenderedSection } from '../model/bundle.ts'
import { isHostName } from '../model/host-name.ts'
import type { RuntimeChange } from '../model/runtime.ts'
import { inOrder, NO_RETRIES } from './process-changes.ts'
import type { PlanRules } from './rules.ts'
import { rememberBusy } from './servers.ts'

const busyBackends = rememberBusy()

/**
 * A reload may be put off for minutes, until old workers have ended: instances come and go all the same in
 * the backends that are the same, but for their servers, as the process was `proven` with.
 */
export function planMeanwhile(
  { live, fixed, retries = NO_RETRIES, sections }: Bundle,
  seen: RunningProcess,
  rules: PlanRules,
  proven: Bundle | undefined,
): readonly RuntimeChange[] {
  if (proven === undefined || proven.structure !== seen.structure) return []
  const before = new Map(proven.sections.map((section) => [section.header, section]))
  const same = new Set(
    sections.filter((section) => isSame(before.get(section.header), section)).map((s) => s.header),
  )
  const servers = new Map(
    [...live.servers].filter(([name]) => same.has(`backend ${name}`) && !fixed.has(name)),
  )
  const busy = busyBackends(servers, seen.live.servers, fixed, retries, rules)
  return inOrder([...busy.values()].flatMap(({ changes }) => changes).filter(isPlain))
}

/** Servers under host names, and those that keep their name and move, are left to the reload. */
function isPlain(change: RuntimeChange): boolean {
  if (change.kind === 'add-server') return !isHostName(change.server.address)
  return change.kind !== 'set-address' && change.kind !== 'replace-server'
}

function isSame(before: RenderedSection | undefined, now: RenderedSection): boolean {
  return before === now || (before !== undefined && withoutServers(before) === withoutServers(now))
}

function withoutServers({ text }: RenderedSection): string {
  return text.replaceAll(/^\s*server .*$/gm, '').replaceAll(/\n{2,}/g, '\n')
}
