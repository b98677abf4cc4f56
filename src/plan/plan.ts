/** What is desired × what is there → what must be done, with a reason for each part. */
import type { Actual, RunningProcess } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Plan, Reason } from '../model/plan.ts'
import { compareFile } from './file-reasons.ts'
import { planLive } from './process-changes.ts'
import type { PlanRules } from './rules.ts'

export type { PlanRules } from './rules.ts'

/** A reload brings everything; the Runtime API the live state; and the file follows the process. */
export function plan(bundle: Bundle, actual: Actual, rules: PlanRules): Plan {
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
  return planProcess(bundle, actual, running.process, rules)
}

function planProcess(bundle: Bundle, actual: Actual, seen: RunningProcess, rules: PlanRules): Plan {
  if (seen.structure !== bundle.structure)
    return {
      action: 'reload',
      reasons: explain(compareFile(bundle, actual), otherStructure(seen)),
    }
  const { changes, waiting, reasons, cannot } = planLive(bundle, seen.live, rules)
  const left = waiting.length === 0 ? {} : { waiting }
  if (cannot.length > 0) return { action: 'reload', reasons: [...cannot, ...reasons] }
  if (changes.length > 0) return { action: 'runtime', reasons, changes, ...left }
  return { ...writeFor(compareFile(bundle, actual)), ...left }
}

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
