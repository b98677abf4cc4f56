/** Applies the bundle on standard input once, as a run of Legate does; dies where it is told to. */
import { buffer } from 'node:stream/consumers'
import { deserialize } from 'node:v8'
import { createWriter } from '../../../src/files/writer.ts'
import { createHold } from '../../../src/haproxy/hold.ts'
import type { HoldOptions } from '../../../src/haproxy/options.ts'
import type { Bundle } from '../../../src/model/bundle.ts'
import { plan, type PlanRules } from '../../../src/plan/plan.ts'

interface Told {
  readonly options: HoldOptions
  readonly bundle: Bundle
  readonly rules: PlanRules
}

const { options, bundle, rules } = deserialize(await buffer(process.stdin)) as Told
const hold = createHold(options, createWriter())
const actual = await hold.observe(bundle)
process.stdout.write(JSON.stringify(await hold.apply(bundle, plan(bundle, actual, rules), actual)))
