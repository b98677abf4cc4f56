/** Applies the bundle of the JSON on standard input once, as a run of Legate does; dies where it is told to. */
import { RULES } from '../../plan/rules.ts'
import { text } from 'node:stream/consumers'
import { createWriter } from '../../../src/files/writer.ts'
import { createHold } from '../../../src/haproxy/hold.ts'
import type { HoldOptions } from '../../../src/haproxy/options.ts'
import { plan } from '../../../src/plan/plan.ts'
import { sketchBundle, type Sketch } from '../../tools/bundle.ts'

const { options, sketch }: { options: HoldOptions; sketch: Sketch } = JSON.parse(
  await text(process.stdin),
)
const bundle = sketchBundle(sketch)
const hold = createHold(options, createWriter())
const actual = await hold.observe(bundle)
process.stdout.write(JSON.stringify(await hold.apply(bundle, plan(bundle, actual, RULES), actual)))
