/** Gives each test a hold on a real HAProxy of its own, in a temporary folder; both are gone at its end. */
import { RULES } from '../plan/rules.ts'
import { request } from 'node:http'
import { onTestFinished } from 'vitest'
import { createWriter } from '../../src/files/writer.ts'
import { runCommands } from '../../src/haproxy/cli.ts'
import { createHold } from '../../src/haproxy/hold.ts'
import { look, type Seen } from '../../src/haproxy/look.ts'
import type { HoldOptions } from '../../src/haproxy/options.ts'
import { stopSupervised } from '../../src/haproxy/stop.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import type { Failure } from '../../src/model/failure.ts'
import type { ApplyOutcome, Hold } from '../../src/model/ports.ts'
import { plan } from '../../src/plan/plan.ts'
import { tempFolder } from '../files/temp-folder.ts'
import { findHaproxy } from '../tools/binaries.ts'
import { sketchBundle, type Sketch } from '../tools/bundle.ts'
import { holdOptionsFor } from '../tools/hold-options.ts'

export const haproxy: string | undefined = await findHaproxy({ fetch: true })

export interface Rig {
  readonly folder: string
  readonly options: HoldOptions
  readonly hold: Hold
  /** A hold on the same HAProxy with other settings. */
  with(changes: Partial<HoldOptions>): Rig
  bundle(sketch: Omit<Sketch, 'statsSocket' | 'mapsDir'>): Bundle
  /** Looks, plans and applies, as a pass does. */
  apply(bundle: Bundle): Promise<ApplyOutcome>
  seen(): Promise<Seen>
  ask(command: string): Promise<string>
}

export async function makeRig(changes: Partial<HoldOptions> = {}): Promise<Rig> {
  const folder = await tempFolder()
  const options = holdOptionsFor(folder, { binary: haproxy ?? '', ...changes })
  onTestFinished(async () => {
    await stopSupervised({ ...options, stopTimeoutMs: 0 })
  })
  return rigWith(folder, options)
}

function rigWith(folder: string, options: HoldOptions): Rig {
  const hold = createHold(options, createWriter())
  const { statsSocket, mapsDir, socketTimeoutMs: timeoutMs } = options
  return {
    folder,
    options,
    hold,
    with: (changes) => rigWith(folder, { ...options, ...changes }),
    bundle: (sketch) => sketchBundle({ ...sketch, statsSocket, mapsDir }),
    async apply(bundle) {
      const actual = await hold.observe(bundle)
      return hold.apply(bundle, plan(bundle, actual, RULES), actual)
    },
    async seen() {
      const seen = await look({ ...options, mode: 'supervise' })
      if (!seen.ok) throw new Error(seen.failure.message)
      return seen.value
    },
    async ask(command) {
      const answer = await runCommands(options.masterSocket, [command], { timeoutMs, target: '@1' })
      if (!answer.ok) throw new Error(answer.failure.message)
      return answer.value[0] ?? ''
    },
  }
}

export function failureOf(outcome: ApplyOutcome): Failure & { readonly rolledBack: boolean } {
  if (outcome.state !== 'failed' || outcome.result.ok) throw new Error(JSON.stringify(outcome))
  return { ...outcome.result.failure, rolledBack: outcome.rolledBack }
}

/** A frontend that answers by itself with the word. */
export function answering(port: number, word: string): string {
  return `frontend web\n  bind 127.0.0.1:${port}\n  http-request return status 200 content-type text/plain string ${word}\n`
}

/** The body of the answer; the error's code when there is none. */
export function fetchWord(port: number): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, agent: false }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        body += chunk
      })
      answer.on('end', () => resolve(body))
    })
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    asked.end()
  })
}
