/** What the machine says of a process: for all parts of the bench. */
import { readFileSync } from 'node:fs'

/** As /proc/<pid>/stat counts. */
const TICK_MS = 10

/** Of the process itself, without its children. */
export function cpuMs(pid: number): number {
  const [own] = timesOf(pid)
  return own
}

/** With the children that have ended and that it has waited for, and with theirs. */
export function cpuWithChildrenMs(pid: number): number {
  const [own, children] = timesOf(pid)
  return own + children
}

function timesOf(pid: number): readonly [own: number, children: number] {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number)
  return [
    ((user ?? 0) + (system ?? 0)) * TICK_MS,
    ((childUser ?? 0) + (childSystem ?? 0)) * TICK_MS,
  ]
}

export function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
