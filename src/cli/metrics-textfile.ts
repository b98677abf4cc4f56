/** One pass and a path → the metrics of the pass as a file for node_exporter's textfile collector. */
import { readFile } from 'node:fs/promises'
import { readVersion } from '../files/schemas.ts'
import { createWriter } from '../files/writer.ts'
import type { Watch } from '../model/feed.ts'
import type { Result } from '../model/failure.ts'
import type { Outcome } from '../reconcile/outcome.ts'
import { resultOf } from '../reconcile/pass-events.ts'
import type { World } from '../reconcile/world.ts'
import { Metrics } from '../report/metrics.ts'
import { systemClock } from './clock.ts'
import { doneBy, seenIn } from './metrics-facts.ts'
import { witnessOf } from './witness.ts'

/** Read by node_exporter, which is somebody else. */
const MODE = 0o644

export interface Measured {
  readonly outcome: Outcome
  /** Writes the file whole; what it counted before goes on. */
  write(): Promise<Result<void>>
}

export async function measure(
  world: World,
  run: (watched: World) => Promise<Outcome>,
  path: string,
): Promise<Measured> {
  const witness = witnessOf(world, nowMs)
  const beganMs = nowMs()
  witness.begin()
  const outcome = await run(witness.world)
  const [tookMs, witnessed] = [nowMs() - beganMs, witness.end()]
  const write = async (): Promise<Result<void>> => {
    const before = await readFile(path, 'utf8').catch(() => '')
    const metrics = new Metrics({ version: readVersion(), before })
    const atMs = systemClock.dateMs()
    metrics.onEvent({ type: 'pass-began', reasons: ['start'] }, atMs)
    metrics.onEvent({ type: 'pass-ended', result: resultOf(outcome), tookMs }, atMs)
    metrics.onPass(doneBy(outcome, witnessed), atMs)
    metrics.onSeen(seenIn(outcome, { stopped: stoppedBy(outcome, atMs) }, witnessed))
    metrics.follow(() => watchesOf(outcome, atMs))
    return createWriter().write(path, await metrics.text(), MODE)
  }
  return { outcome, write }
}

function nowMs(): number {
  return systemClock.monotonicMs()
}

function stoppedBy({ refusal }: Outcome, sinceMs: number): Parameters<typeof seenIn>[1]['stopped'] {
  return refusal && { guard: refusal.guard, message: refusal.message, sinceMs }
}

/** A single pass asks each question once. */
function watchesOf({ catalog }: Outcome, atMs: number): Watch[] {
  return [...(catalog ?? [])].map(([key, { query, answer }]) => {
    const watch = { key, query, confirming: false }
    return answer.state === 'failed'
      ? { ...watch, failure: answer.failure, failures: 1 }
      : { ...watch, lastSuccessMs: atMs, failures: 0 }
  })
}
