/** Applies the bundle on standard input once, as a run of Legate does; dies where it is told to. As built: it is started often. */
import { buffer } from 'node:stream/consumers'
import { deserialize } from 'node:v8'

const built = (path) => import(new URL(`../../../dist/${path}.js`, import.meta.url))
const [{ createWriter }, { createHold }, { plan }] = await Promise.all(
  ['files/writer', 'haproxy/hold', 'plan/plan'].map(built),
)

const { options, bundle, rules } = deserialize(await buffer(process.stdin))
const hold = createHold(options, createWriter())
const actual = await hold.observe(bundle)
process.stdout.write(JSON.stringify(await hold.apply(bundle, plan(bundle, actual, rules), actual)))
