/** What an idle daemon costs: CPU and memory of a minute in which nothing happens. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Daemon } from './daemon.ts'
import { withDaemon } from './daemon.ts'
import { cpuMs, rssMb } from './machine.ts'

const IDLE_MS = Number(process.env['LEGATE_BENCH_IDLE_MS'] ?? 60_000)

export interface Idle {
  readonly cpuPercent: number
  readonly rssMb: number
}

export function measureIdle(haproxy: string): Promise<Idle> {
  return withDaemon({ haproxy }, watchIdle)
}

async function watchIdle({ pid }: Daemon): Promise<Idle> {
  const before = cpuMs(pid)
  await pause(IDLE_MS)
  const spentMs = cpuMs(pid) - before
  return { cpuPercent: (spentMs / IDLE_MS) * 100, rssMb: rssMb(pid) }
}
