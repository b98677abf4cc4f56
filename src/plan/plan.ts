/** What is desired × what is there → what must be done, with a reason for each part. */
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Plan, Reason } from '../model/plan.ts'
import { compareFile } from './file-reasons.ts'
import { compareProcess } from './process-reasons.ts'

export function plan(bundle: Bundle, actual: Actual): Plan {
  const fileReasons = compareFile(bundle, actual)
  const { running } = actual
  if (running.state === 'not-held' || running.state === 'unknown') return writeFor(fileReasons)
  if (running.state === 'down')
    return {
      action: 'start',
      reasons: [{ code: 'first-start', message: 'HAProxy is not running' }, ...fileReasons],
    }
  const processReasons = compareProcess(bundle, running.process)
  return processReasons.length === 0
    ? writeFor(fileReasons)
    : { action: 'reload', reasons: explain(fileReasons, processReasons) }
}

function writeFor(reasons: readonly Reason[]): Plan {
  return reasons.length === 0 ? { action: 'in-sync' } : { action: 'write', reasons }
}

/** The changes in the file explain what the process lacks; without any, the process itself is the reason. */
function explain(file: readonly Reason[], seen: readonly Reason[]): readonly Reason[] {
  const said = file.some((r) => r.code !== 'file-edited' && r.code !== 'file-missing')
  return said ? file : [...seen, ...file]
}
