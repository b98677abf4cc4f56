/** Backends about which nothing is known: what to tell, and whether going on would take servers away from HAProxy. */
import type { Compiled } from '../compile/compile.ts'
import { sectionName } from '../compile/names.ts'
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Catalog } from '../model/catalog.ts'
import type { Failure } from '../model/failure.ts'
import type { RunningServer } from '../model/runtime.ts'
import { staying } from './guard.ts'

const NO_SERVERS: readonly RunningServer[] = []

/** Nothing is known about a Backend, and HAProxy, or the file it starts with, may have servers for it. */
export function wouldForget(
  { unanswered }: Compiled,
  { live }: Bundle,
  { config, running }: Actual,
): boolean {
  if (unanswered.length === 0) return false
  if (running.state !== 'running') return config.state !== 'absent'
  const now = running.process.live.servers
  return unanswered.some(({ backend }) => {
    const name = sectionName(backend)
    return (live.servers.get(name)?.length ?? 0) < staying(now.get(name) ?? NO_SERVERS).length
  })
}

export function unansweredFailure({ unanswered }: Compiled, catalog: Catalog): Failure {
  const [first] = unanswered
  const answer = first === undefined ? undefined : catalog.get(first.key)?.answer
  const failure: Failure =
    answer?.state === 'failed'
      ? answer.failure
      : { reason: 'consul-unreachable', message: 'no answer', transient: true }
  const others = unanswered.length > 1 ? ` and ${unanswered.length - 1} more` : ''
  const hint = failure.hint === undefined ? '' : `; ${failure.hint}`
  return {
    ...failure,
    message: `${first?.backend.id ?? ''}${others}: ${failure.message}`,
    hint: `nothing was written, and no earlier answer is remembered${hint}`,
  }
}
