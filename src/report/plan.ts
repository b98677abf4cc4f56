/** A plan → the text that people read in a terminal or a pull request. */
import type { Plan, Reason } from '../model/plan.ts'

const ACTIONS: Readonly<Record<Plan['action'], string>> = {
  'in-sync': 'none: in sync',
  write: 'write: the running HAProxy has it already; only files are written',
  runtime: 'runtime: through the Runtime API, without a reload',
  reload: 'reload',
  start: 'start HAProxy',
}

/** More reasons of one kind than this are counted, not listed. */
const MOST = 20

export function printPlan(plan: Plan): string {
  if (plan.action === 'in-sync') return `Action: ${ACTIONS['in-sync']}\n`
  const shown = plan.reasons.slice(0, MOST).map((r) => `  because ${printReason(r)}`)
  const more = plan.reasons.length - shown.length
  return [
    `Action: ${ACTIONS[plan.action]}`,
    ...shown,
    ...(more > 0 ? [`  … and ${more} more reasons`] : []),
    '',
  ].join('\n')
}

export function printReason(reason: Reason): string {
  return `${reason.message}${whereOf(reason)}`
}

function whereOf({ at, service }: Reason): string {
  if (service !== undefined) return ` (Consul service "${service}")`
  return at === undefined ? '' : ` (${at.file}:${at.line})`
}
