/** The master's `show proc` goes in, the processes it holds come out. */
import type { Worker } from '../model/actual.ts'

export interface Processes {
  readonly masterPid: number
  /** HAProxy's version, as `2.6.12-1+deb12u4`. */
  readonly version: string
  readonly reloads: number
  /** How many of the last reloads failed in a row. */
  readonly failedReloads: number
  /** The worker that takes new connections; undefined while there is none. */
  readonly worker: Worker | undefined
  /** Workers that only finish what they have. */
  readonly oldWorkers: readonly Worker[]
}

/**
 *     #<PID>   <type>   <reloads>       <uptime>      <version>
 *     10248    master   2 [failed: 1]   0d00h00m06s   2.6.12-1+deb12u4
 *     # workers
 *     10403    worker   1               0d00h00m04s   2.6.12-1+deb12u4
 *     # old workers
 *     …
 *     # programs
 *
 * Undefined when the text is not that. From 3.1 on, the worker that serves stands among the old ones
 * after a failed reload, and nothing stands under `# workers`: the youngest old one is it then.
 */
export function parseShowProc(text: string): Processes | undefined {
  let master: Omit<Processes, 'worker' | 'oldWorkers'> | undefined
  const current: Worker[] = []
  const old: Worker[] = []
  let heading = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) heading = line.trim()
    master ??= parseMaster(line)
    const worker = parseWorker(line)
    if (worker !== undefined) (heading === '# workers' ? current : old).push(worker)
  }
  if (master === undefined) return undefined
  old.sort((a, b) => a.reloads - b.reloads)
  const worker = current[0] ?? (master.failedReloads > 0 ? old.shift() : undefined)
  return { ...master, worker, oldWorkers: old }
}

function parseMaster(line: string): Omit<Processes, 'worker' | 'oldWorkers'> | undefined {
  const match = /^(\d+)\s+master\s+(\d+)\s+\[failed: (\d+)\]\s+\S+\s+(\S+)\s*$/.exec(line)
  if (match === null) return undefined
  const [, pid, reloads, failed, version] = match
  return {
    masterPid: Number(pid),
    reloads: Number(reloads),
    failedReloads: Number(failed),
    version: version ?? '',
  }
}

function parseWorker(line: string): Worker | undefined {
  const match = /^(\d+)\s+worker\s+(\d+)\s+(\d+)d(\d+)h(\d+)m(\d+)s/.exec(line)
  if (match === null) return undefined
  const [pid, reloads, days, hours, minutes, seconds] = match.slice(1).map(Number)
  const uptime = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)
  return { pid: pid ?? 0, reloads: reloads ?? 0, uptimeSeconds: uptime }
}
