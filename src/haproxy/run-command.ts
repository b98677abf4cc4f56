/** A command of the user's goes in, out comes whether it worked and what it said. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import { errorCode, openOutput } from './open-output.ts'
import type { HoldOptions } from './options.ts'

const MAX_LINES = 20

/**
 * Runs a reload or start command, without a shell. It must end by itself; HAProxy may go on in the
 * background. Its output goes to a file, because a pipe would end with Legate and HAProxy might still hold it.
 */
export async function runCommand(
  argv: readonly string[],
  { stateDir, reloadTimeoutMs }: HoldOptions,
): Promise<Result<void>> {
  const [program = '', ...args] = argv
  const output = join(stateDir, 'command.log')
  const file = await openOutput(output)
  if (!file.ok) return file
  const { fd } = file.value
  const env = ownEnvironment()
  const child = spawn(program, args, { cwd: '/', detached: true, env, stdio: ['ignore', fd, fd] })
  const timer = setTimeout(() => killGroup(child.pid), reloadTimeoutMs)
  try {
    const [code]: unknown[] = await once(child, 'exit')
    if (code === 0) return ok(undefined)
    const how = typeof code === 'number' ? `ended with ${code}` : 'was killed'
    return fail(failed(program, how, await readLines(output)))
  } catch (error) {
    return fail(failed(program, `cannot be run (${printable(errorCode(error))})`, []))
  } finally {
    clearTimeout(timer)
    await file.value.close()
  }
}

/** The commands are the user's and may need their environment, but not the keys to Consul in it. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env)
  return Object.fromEntries(entries.filter(([name]) => !/^(CONSUL|LEGATE)_/.test(name)))
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-MAX_LINES).map((line) => printable(line, 600))
}

function failed(program: string, how: string, detail: readonly string[]): Failure {
  return {
    reason: 'reload-failed',
    message: `the command ${printable(basename(program))} ${how}`,
    detail,
    transient: false,
  }
}
