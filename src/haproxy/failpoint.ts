/** A named point goes in; there Legate dies, waits or throws as a bug would, where a test asked for it. */

import { existsSync } from 'node:fs'

export type Failpoint =
  | 'in-pass'
  | 'after-maps'
  | 'before-rename'
  | 'after-rename'
  | 'after-reload'
  | 'after-proof'
  | 'before-restore'
  | 'after-restore'

/**
 * `LEGATE_FAILPOINTS=after-maps:kill,before-rename:sleep(200)`, read only where `NODE_ENV` is `test`, and
 * acted upon only while the file `LEGATE_FAILPOINTS_WHILE` exists, where one is named.
 */
export async function failpoint(name: Failpoint): Promise<void> {
  if (process.env['NODE_ENV'] !== 'test') return
  const file = process.env['LEGATE_FAILPOINTS_WHILE']
  if (file !== undefined && !existsSync(file)) return
  for (const point of (process.env['LEGATE_FAILPOINTS'] ?? '').split(',')) {
    const [, at, action, ms] = /^([a-z-]+):(kill|throw|sleep\((\d{1,6})\))$/.exec(point) ?? []
    if (at !== name) continue
    if (action === 'kill') process.kill(process.pid, 'SIGKILL')
    if (action === 'throw') throw new Error(`a test asked for a bug at ${name}`)
    // oxlint-disable-next-line no-await-in-loop -- a test may ask for two waits at one point
    await new Promise((resolve) => setTimeout(resolve, Number(ms ?? 0)))
  }
}
