/** The explanation of a route → the text that `legate explain URL` prints. */
import type {
  FrontendExplanation,
  LostRule,
  RouteAnswer,
  RouteExplanation,
  RuleExplanation,
  TargetExplanation,
} from '../model/route-explanation.ts'

/** Servers of one backend, and rules that lost, beyond these are counted. */
const MOST = 20

/** Where Consul was not asked, nobody knows the servers. */
export function printRoute(explained: RouteExplanation, knowsServers: boolean): string {
  const { host, path, note, frontends } = explained
  return [
    `host ${host}  path ${path}`,
    ...(note === undefined ? [] : [`note: ${note}`]),
    ...(frontends.length === 0 ? ['no frontend takes this URL'] : []),
    ...frontends.flatMap((f) => ['', ...printFrontend(f, knowsServers)]),
    '',
  ].join('\n')
}

function printFrontend(frontend: FrontendExplanation, knowsServers: boolean): string[] {
  const { resource, listeners, site, winner, lost, answer } = frontend
  const hidden = lost.length - MOST
  return [
    `${resource} on ${listeners.join(', ')}`,
    ...(site === undefined ? [] : [`  site     ${site}`]),
    ...(winner === undefined ? [] : [`  wins     ${describeRule(winner)}`]),
    ...lost.slice(0, MOST).map((rule) => `  loses    ${describeLost(rule)}`),
    ...(hidden > 0 ? [`  loses    … and ${hidden} more`] : []),
    ...printAnswer(answer, knowsServers),
  ]
}

function describeRule({ route, rule, hostname, type, path, at }: RuleExplanation): string {
  const where = at === undefined ? '' : ` (${at.file}:${at.line})`
  const number = rule.slice(rule.lastIndexOf('/') + 1)
  return `${route} rule ${number}: ${hostname} ${type} ${path}${where}`
}

function describeLost(lost: LostRule): string {
  return `${describeRule(lost)}: ${lost.why}`
}

function printAnswer(answer: RouteAnswer, knowsServers: boolean): string[] {
  if (answer.kind !== 'backends' && answer.kind !== 'default-backend')
    return [`  answer   ${describeAnswer(answer)}`]
  const word = answer.kind === 'backends' ? 'backend' : 'default'
  return answer.targets.flatMap((target) => [
    printTarget(word, target),
    ...(knowsServers ? printServers(target) : []),
  ])
}

/** Of answers that no backend gives. */
export function describeAnswer(
  answer: Exclude<RouteAnswer, { readonly kind: 'backends' | 'default-backend' }>,
): string {
  if (answer.kind === 'redirect') return `redirect ${answer.status} to ${answer.location}`
  return answer.kind === 'stats' ? 'HAProxy’s statistics page' : `${answer.status}: ${answer.why}`
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share * 1000 === Math.round(share * 100) * 10 ? 0 : 1)} %`
}

function printTarget(word: string, { resource, backend, share }: TargetExplanation): string {
  const part = share === 1 ? '' : `  ${percent(share)} of the requests`
  return `  ${word.padEnd(8)} ${resource ?? backend}${part}`
}

function printServers({ servers }: TargetExplanation): string[] {
  if (servers.length === 0) return ['             no server: requests get 503']
  const hidden = servers.length - MOST
  return [
    ...servers
      .slice(0, MOST)
      .map((s) => `             ${s.name}  ${s.address}:${s.port}  weight ${s.weight}`),
    ...(hidden > 0 ? [`             … and ${hidden} more servers`] : []),
  ]
}
