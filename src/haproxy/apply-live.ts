/** Changes of a plan go in, they are made in the running worker; out comes what a pass is told. No file is written. */
import type { Actual, RunningProcess } from '../model/actual.ts'
import { fail, type Failure } from '../model/failure.ts'
import type { ApplyOutcome } from '../model/ports.ts'
import type { RuntimeChange } from '../model/runtime.ts'
import type { Tools } from './options.ts'
import { isAlive } from './proc.ts'
import { explainRefusals, runChanges } from './runtime.ts'
import { replaced } from './session.ts'

export async function applyLive(
  tools: Tools,
  changes: readonly RuntimeChange[],
  actual: Actual,
): Promise<ApplyOutcome> {
  const { running } = actual
  if (running.state !== 'running') throw new Error(`a runtime change to what is ${running.state}`)
  const began = tools.clock.now()
  const run = await runChanges(tools, running.process, changes)
  const { done: ran, postponed, live, refused } = run
  const now: Actual | undefined =
    live === undefined
      ? undefined
      : { ...actual, running: { state: 'running', process: { ...running.process, live } } }
  const seen = now === undefined ? {} : { actual: now }
  const failure =
    run.failure === undefined ? explainRefusals(refused) : explain(run.failure, running.process)
  if (failure !== undefined)
    return { state: 'failed', result: fail(failure), rolledBack: false, ran, ...seen }
  return {
    state: 'applied',
    action: 'runtime',
    tookMs: Math.round(tools.clock.now() - began),
    workerPid: running.process.worker.pid,
    ran,
    ...(postponed.length > 0 && { postponed }),
    ...seen,
  }
}

/** While a master loads its program anew, nobody listens at its socket for about a second. */
function explain(failure: Failure, { masterPid, worker }: RunningProcess): Failure {
  if (failure.reason !== 'haproxy-down') return failure
  return isAlive(masterPid === 0 ? worker.pid : masterPid) ? replaced() : failure
}
