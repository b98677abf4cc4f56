/** `legate explain CODE | Kind.field | URL`: what a diagnostic means, what a field takes, where a request goes and why. */
import { readUrl } from '../../compile/asked-url.ts'
import { explainRoute } from '../../compile/explain-route.ts'
import { nearest } from '../../manifest/nearest.ts'
import { CODES } from '../../model/codes.ts'
import { hasErrors } from '../../model/diagnostic.ts'
import { printable } from '../../model/failure.ts'
import type { RouteExplanation } from '../../model/route-explanation.ts'
import { pass } from '../../reconcile/pass.ts'
import { explainCode } from '../../report/explain-codes.ts'
import { explainField } from '../../report/explain-field.ts'
import { printRoute } from '../../report/explain-route.ts'
import { askDaemon } from '../ask-daemon.ts'
import type { Context } from '../context.ts'
import { flag } from '../context.ts'
import { EXIT, exitCode } from '../exit-codes.ts'
import { reportOutcome } from '../report-outcome.ts'
import { wire } from '../wire.ts'

const FIELD_FORM = /^[A-Z][A-Za-z]+(\.[a-z][A-Za-z]*(\[\])?)*$/

export function explain(context: Context): Promise<number> {
  const [what, ...more] = context.asked.positionals
  if (what === undefined || more.length > 0)
    return refuse(context, 'explain takes one CODE, Kind.field or URL')
  if (/^lg\d+$/i.test(what)) return tellCode(context, what.toUpperCase())
  if (FIELD_FORM.test(what)) return tellField(context, what)
  if (!/[./:]/.test(what))
    return refuse(context, `"${printable(what)}" is no code (LG…), no Kind.field and no URL`)
  return tellRoute(context, what)
}

function tellCode(context: Context, code: string): Promise<number> {
  const text = explainCode(code)
  return text === undefined
    ? refuse(context, `there is no code ${code}${meant(code, Object.keys(CODES))}`)
    : say(context, text)
}

function tellField(context: Context, path: string): Promise<number> {
  const found = explainField(path, context.schemas)
  if (found.ok) return say(context, found.text)
  const { at, wanted, known } = found
  const where = at === '' ? 'there is no kind' : `${at} has no field`
  const names = known.length === 0 ? '' : `\nthere are: ${known.join(', ')}`
  return refuse(context, `${where} "${wanted}"${meant(wanted, known)}${names}`)
}

function meant(word: string, known: Iterable<string>): string {
  const candidate = nearest(word, known)
  return candidate === undefined ? '' : `; did you mean ${candidate}?`
}

/** Of the manifests that are named; where none are, of the daemon, if one answers. */
async function tellRoute(context: Context, text: string): Promise<number> {
  const url = readUrl(text)
  if (typeof url === 'string') return refuse(context, `${printable(text)}: ${url}`)
  const { flags } = context.asked
  if (!flags.has('manifests') && !flags.has('catalog')) {
    const { listen } = context.settings.values
    const path = `/api/v1/route?url=${encodeURIComponent(text)}`
    const answer = await askDaemon<RouteExplanation>(listen, path)
    if (answer.ok) return tell(context, answer.value, true)
    context.console.err('note: no daemon answers; explained by the manifests here\n')
  }
  return tellOffline(context, url)
}

async function tellOffline(
  context: Context,
  url: Exclude<ReturnType<typeof readUrl>, string>,
): Promise<number> {
  const isAsked = context.asked.flags.has('catalog')
  const { settings } = context
  const values = isAsked ? settings.values : { ...settings.values, catalog: 'none' }
  const asked = { ...context, settings: { ...settings, values } }
  const { world, close } = await wire(asked, { hold: false })
  const outcome = await pass(world, { until: 'topology' })
  await close()
  const { compiled, manifests, failure, diagnostics } = outcome
  if (compiled === undefined || manifests === undefined || hasErrors(diagnostics)) {
    await reportOutcome(context, outcome)
    return exitCode(outcome, { detailedExitcode: false, failOnWarnings: false })
  }
  if (failure !== undefined) await reportOutcome(context, { diagnostics: [], sources: [], failure })
  return tell(context, explainRoute(url, compiled.topology, manifests), isAsked)
}

function tell(
  context: Context,
  explained: RouteExplanation,
  knowsServers: boolean,
): Promise<number> {
  const asJson = flag(context, 'output') === 'json'
  return say(
    context,
    asJson ? `${JSON.stringify(explained, undefined, 2)}\n` : printRoute(explained, knowsServers),
  )
}

function say({ console }: Context, text: string): Promise<number> {
  console.out(text)
  return Promise.resolve(EXIT.ok)
}

function refuse({ console }: Context, message: string): Promise<number> {
  console.err(`legate: ${message}\n`)
  return Promise.resolve(EXIT.usage)
}
