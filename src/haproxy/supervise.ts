/** In go the settings of a HAProxy that Legate keeps itself, out comes one that runs on its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import { errorCode, openOutput } from './open-output.ts'
import type { HoldOptions } from './options.ts'
import { logPath } from './own-words.ts'

/** HAProxy makes its sockets, but not the folders they lie in. */
export async function makeFolders({ masterSocket, statsSocket }: HoldOptions): Promise<void> {
  const folders = [dirname(masterSocket), dirname(statsSocket)]
  // Where that fails, HAProxy says what it misses.
  await Promise.allSettled(folders.map((path) => mkdir(path, { recursive: true, mode: 0o750 })))
}

/** Starts the master; it has a session of its own and outlives Legate. That it works is not proven yet. */
export async function startSupervised(
  options: HoldOptions,
): Promise<Result<{ masterPid: number }>> {
  const { binary, configFile, masterSocket } = options
  const log = await openOutput(logPath(options), 'a')
  if (!log.ok) return log
  const { fd } = log.value
  // 600: who can talk to the master can do anything to HAProxy.
  const args = ['-W', '-S', `${masterSocket},mode,600`, '-f', configFile]
  const env = { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin' }
  const child = spawn(binary, args, { cwd: '/', detached: true, env, stdio: ['ignore', fd, fd] })
  try {
    await once(child, 'spawn')
    child.unref()
    return child.pid === undefined ? fail(notStarted(binary, '')) : ok({ masterPid: child.pid })
  } catch (error) {
    return fail(notStarted(binary, errorCode(error)))
  } finally {
    await log.value.close()
  }
}

function notStarted(binary: string, code: string): Failure {
  return {
    reason: 'haproxy-missing',
    message: `${printable(binary)} cannot be run (${printable(code)})`,
    hint: 'install HAProxy 2.6 or newer, or set haproxy.binary (or HAPROXY_BIN) to its path',
    transient: false,
  }
}
