/** A plan → the text that people read in a terminal or a pull request. */
import { printable } from '../model/failure.ts'
import type { Plan, Reason, Waiting } from '../model/plan.ts'
import type { RuntimeChange } from '../model/runtime.ts'

const ACTIONS: Readonly<Record<Plan['action'], string>> = {
  'in-sync': 'none: in sync',
  write: 'write: the running HAProxy has it already; only files are written',
  runtime: 'runtime: through the Runtime API, without a reload',
  reload: 'reload',
  start: 'start HAProxy',
}

/** More reasons, or commands, of one kind than this are counted, not listed. */
const MOST = 20

export function printPlan(plan: Plan): string {
  const waiting = 'waiting' in plan ? (plan.waiting ?? []) : []
  return [
    `Action: ${ACTIONS[plan.action]}`,
    ...('reasons' in plan ? someOf(plan.reasons.map(reasonLine), 'reasons') : []),
    ...(plan.action === 'runtime' ? someOf(plan.changes.map(changeLine), 'commands') : []),
    ...(waiting.length === 0 ? [] : [`  then ${printWaiting(waiting)}`]),
    '',
  ].join('\n')
}

function someOf(lines: readonly string[], what: string): string[] {
  const more = lines.length - MOST
  return more > 0 ? [...lines.slice(0, MOST), `  … and ${more} more ${what}`] : [...lines]
}

function reasonLine(reason: Reason): string {
  return `  because ${printReason(reason)}`
}

export function printReason(reason: Reason): string {
  return `${reason.message}${whereOf(reason)}`
}

function whereOf({ at, service }: Reason): string {
  if (service !== undefined) return ` (Consul service "${service}")`
  return at === undefined ? '' : ` (${at.file}:${at.line})`
}

function changeLine(change: RuntimeChange): string {
  return `  > ${commandOf(change)}`
}

/** The command that matters, as HAProxy is given it, less what every one of its kind has around it. */
function commandOf(change: RuntimeChange): string {
  if (change.kind === 'set-map')
    return `commit map ${printable(change.map)} (${count(change.text)} entries)`
  if (change.kind === 'set-certificate') return `commit ssl cert ${printable(change.path)}`
  if (change.kind === 'add-server') return printAddition(change)
  if (change.kind === 'replace-server') {
    const { isForced, ...rest } = change
    const why = `${atStake(change)}${atLast({ isForced })}`
    const { backend, server } = change
    return `del server ${backend}/${server.name}${why}, then ${printAddition({ ...rest, kind: 'add-server' })}`
  }
  const server = `${change.backend}/${change.server}`
  switch (change.kind) {
    case 'set-weight':
      return `set server ${server} weight ${change.weight}`
    case 'set-address':
      return `set server ${server} addr ${change.address} port ${change.port}`
    case 'set-state':
      return `set server ${server} state ${STATES[change.state]}`
    case 'drain-server':
      return `set server ${server} state drain${atStake(change)}`
    case 'delete-server':
      return `del server ${server}${atLast(change)}`
  }
}

function printAddition({
  backend,
  server,
  admit,
}: Extract<RuntimeChange, { kind: 'add-server' }>): string {
  const { name, address, port, words } = server
  const at = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  const when = admit === 'checked' ? ' (weight 0 until its check has passed)' : ''
  return printable(`add server ${backend}/${name} ${at} ${words.join(' ')}${when}`, 1000)
}

const STATES = { ready: 'ready', drain: 'drain', maintenance: 'maint' } as const

function atLast({ isForced }: { readonly isForced: boolean }): string {
  return isForced ? ' (its time is over)' : ''
}

function atStake({ sessions }: { readonly sessions?: number }): string {
  if (sessions === undefined) return ''
  return sessions === 1 ? ' (1 session goes on)' : ` (${sessions} sessions go on)`
}

function count(text: string): number {
  return text === '' ? 0 : text.split('\n').length - 1
}

/** One line about servers on their way in or out. */
export function printWaiting(waiting: readonly Waiting[]): string {
  const draining = waiting.filter(({ kind }) => kind === 'draining')
  const admitting = waiting.length - draining.length
  const sessions = draining.reduce((sum, { sessions: n = 0 }) => sum + n, 0)
  const parts = [
    ...(draining.length === 0
      ? []
      : [
          `${servers(draining.length)} to drain${sessions === 0 ? '' : ` (sessions: ${sessions})`}`,
        ]),
    ...(admitting === 0 ? [] : [`the first check of ${servers(admitting)}`]),
  ]
  return `waits for ${parts.join(' and ')}`
}

function servers(n: number): string {
  return n === 1 ? '1 server' : `${n} servers`
}
