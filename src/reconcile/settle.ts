/** A pass, and others after it until every server has come or gone that was on its way: for who does not stay. */
import type { Waiting } from '../model/plan.ts'
import type { Intent, Outcome } from './outcome.ts'
import { pass } from './pass.ts'
import { waitingOf } from './waiting.ts'
import type { World } from './world.ts'

export interface SettlePorts {
  readonly sleep: (ms: number) => Promise<void>
  /** Called when the wait begins, with what is waited for. */
  readonly onWait: (waiting: readonly Waiting[]) => void
  /** True when somebody wants it to end: what is on its way then stays so. */
  readonly isEnding: () => boolean
}

const STEP_MS = 250
/** Beyond the time that sessions of a leaving server may take, for the steps themselves. */
const GRACE_MS = 10_000

/**
 * The first pass says what was done; of those after it, what stood in their way. Ends at the latest when
 * the time for draining is over.
 */
export async function passUntilSettled(
  world: World,
  intent: Intent,
  ports: SettlePorts,
): Promise<Outcome> {
  const first = await pass(world, intent)
  const waiting = waitingOf(first)
  if (first.applied?.state !== 'applied' || waiting.length === 0) return first
  ports.onWait(waiting)
  let last = first
  const steps = Math.ceil((world.planRules.drainMs + GRACE_MS) / STEP_MS)
  for (let step = 0; step < steps && isGoingOn(last, ports); step++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    await ports.sleep(STEP_MS)
    // oxlint-disable-next-line no-await-in-loop
    last = await pass(world, intent)
  }
  const { failure, diagnostics } = last
  return { ...first, diagnostics, ...(failure !== undefined && { failure }) }
}

function isGoingOn(last: Outcome, { isEnding }: SettlePorts): boolean {
  return waitingOf(last).length > 0 && last.failure === undefined && !isEnding()
}
