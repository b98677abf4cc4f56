/** What is desired × what is there → what must be done, with a reason for each part. */
import type { Actual, RunningProcess } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Plan, Reason } from '../model/plan.ts'
import { compareFile } from './file-reasons.ts'
import { planMeanwhile } from './meanwhile.ts'
import { planLive, whyNotMoved } from './process-changes.ts'
import type { PlanRules } from './rules.ts'

export type { PlanRules } from './rules.ts'

/** A reload brings everything; the Runtime API the live state; and the file follows the process. */
/** `proven` is the bundle that the process was last proven with, where that is known. */
export function plan(bundle: Bundle, actual: Actual, rules: PlanRules, proven?: Bundle): Plan {
  const { running } = actual
  if (running.state === 'not-held' || running.state === 'unknown')
    return writeFor(compareFile(bundle, actual))
  if (running.state === 'down')
    return {
      action: 'start',
      reasons: [
        { code: 'first-start', message: 'HAProxy is not running' },
        ...compareFile(bundle, actual),
      ],
    }
  return planProcess({ bundle, actual, rules, proven }, running.process)
}

interface Asked {
  readonly bundle: Bundle
  readonly actual: Actual
  readonly rules: PlanRules
  readonly proven: Bundle | undefined
}

function planProcess({ bundle, actual, rules, proven }: Asked, seen: RunningProcess): Plan {
  if (seen.structure !== bundle.structure) {
    if (rules.live === 'Report' && proven?.structure === bundle.structure)
      return { action: 'in-sync' }
    const reasons = explain(compareFile(bundle, actual), otherStructure(seen))
    const meanwhile = planMeanwhile(bundle, seen, rules, proven)
    return { action: 'reload', reasons, ...(meanwhile.length > 0 && { meanwhile }) }
  }
  const { changes, waiting, reasons, cannot } = planLive(bundle, seen.live, rules, proven)
  const stuck = [...cannot, ...whyNotMoved(bundle, changes, seen.version)]
  if (stuck.length > 0) return { action: 'reload', reasons: [...stuck, ...reasons] }
  const left = waiting.length === 0 ? {} : { waiting }
  if (changes.length > 0) return { action: 'runtime', reasons, changes, ...left }
  return { ...planFile({ bundle, actual, rules, proven }), ...left }
}

function planFile({ bundle, actual, rules, proven }: Asked): Plan {
  const isLeft = rules.file === 'Report' && actual.config.state === 'edited'
  if (isLeft && proven?.config === bundle.config) return IN_SYNC
  return writeFor(compareFile(bundle, actual))
}

const IN_SYNC: Plan = { action: 'in-sync' }

function otherStructure({ structure }: RunningProcess): Reason[] {
  const message =
    structure === undefined
      ? 'the running HAProxy was not started from a file of Legate'
      : 'the running HAProxy has another structure than the manifests ask for'
  return [{ code: 'process-differs', message }]
}

function writeFor(reasons: readonly Reason[]): Plan {
  return reasons.length === 0 ? { action: 'in-sync' } : { action: 'write', reasons }
}

/** The changes in the file explain what the process lacks; without any, the process itself is the reason. */
function explain(file: readonly Reason[], seen: readonly Reason[]): readonly Reason[] {
  const said = file.some((r) => r.code !== 'file-edited' && r.code !== 'file-missing')
  return said ? file : [...seen, ...file]
}
