/** In goes a moment, out comes what HAProxy has said since: of a reload it tells nobody but its own log. */
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { printable } from '../model/failure.ts'
import { runCommands } from './cli.ts'
import { maskSecrets } from './mask.ts'
import type { HoldOptions } from './options.ts'

const MAX_LINES = 20
const MAX_BYTES = 256 * 1024

/** What HAProxy prints under `supervise`. */
export function logPath({ stateDir }: Pick<HoldOptions, 'stateDir'>): string {
  return join(stateDir, 'haproxy.log')
}

/** Where the log ends now. */
export async function markLog(options: HoldOptions): Promise<number> {
  if (options.mode !== 'supervise') return 0
  return (await stat(logPath(options)).catch(() => undefined))?.size ?? 0
}

/** Empty where HAProxy's words go elsewhere, as on 2.6 under systemd. */
export async function readWords(options: HoldOptions, mark: number): Promise<string[]> {
  if (options.mode === 'supervise') return selectLines(await readFrom(logPath(options), mark))
  if (options.mode !== 'master-socket') return []
  const { masterSocket, socketTimeoutMs: timeoutMs } = options
  const logs = await runCommands(masterSocket, ['show startup-logs'], { timeoutMs })
  const text = logs.ok ? (logs.value[0] ?? '') : ''
  // 2.6 does not know the command and answers with the list of those it knows.
  return text.startsWith('[') ? selectLines(text) : []
}

/** The alerts, where there are any: the rest is about servers and what started well. */
export function selectLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const alerts = lines.filter((line) => /^\[ALERT\]/i.test(line))
  return (alerts.length > 0 ? alerts : lines).slice(-MAX_LINES)
}

export function showWords(words: readonly string[], secrets: readonly string[]): string[] {
  return words.map((line) => printable(maskSecrets(line, secrets), 600))
}

async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return ''
  try {
    const { size } = await file.stat()
    // HAProxy may have said much since; what it said last tells why it failed.
    const from = Math.max(start, size - MAX_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, size - from)), {
      position: from,
    })
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
