/** In goes a configuration, out comes a real HAProxy in master-worker mode that runs it, on sockets only. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { runCommands } from '../../src/haproxy/cli.ts'
import type { Processes } from '../../src/haproxy/show-proc.ts'
import { parseShowProc } from '../../src/haproxy/show-proc.ts'

export interface StartedHaproxy {
  readonly folder: string
  readonly configFile: string
  readonly masterSocket: string
  readonly statsSocket: string
  /** Whole answer of the master, or of its worker. */
  ask(command: string, target?: '@1'): Promise<string>
  /** Reloads and waits until the master has done it, well or not. */
  reload(): Promise<void>
  stop(): Promise<void>
}

export const TIMEOUTS = 'timeout client 5s\n  timeout server 5s\n  timeout connect 5s'

/** `configure` gets the folder, in which `@stats` and other sockets and files may lie. */
export async function startHaproxy(
  binary: string,
  configure: (folder: string) => string | Promise<string>,
): Promise<StartedHaproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'legate-'))
  const [configFile, masterSocket] = [join(folder, 'haproxy.cfg'), join(folder, 'master.sock')]
  await writeFile(configFile, await configure(folder))
  const child = spawn(binary, ['-W', '-S', `${masterSocket},mode,600`, '-f', configFile], {
    env: {},
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    // The master passes SIGINT on to its workers, old ones too, and they end at once.
    child.kill('SIGINT')
    await ended
    await rm(folder, { recursive: true })
  }
  const ask: StartedHaproxy['ask'] = async (command, target) => {
    const options = { timeoutMs: 5000, ...(target !== undefined && { target }) }
    const answer = await runCommands(masterSocket, [command], options)
    if (!answer.ok) throw new Error(answer.failure.message)
    return answer.value[0] ?? ''
  }
  const processes = async (): Promise<Processes | undefined> =>
    parseShowProc(await ask('show proc'))
  try {
    await vi.waitFor(() => ask('show info', '@1'), { timeout: 10_000 })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    folder,
    configFile,
    masterSocket,
    statsSocket: join(folder, 'stats.sock'),
    ask,
    async reload() {
      const before = (await processes())?.reloads ?? 0
      await ask('reload')
      await vi.waitFor(
        async () => {
          const now = await processes()
          if (now === undefined || now.reloads <= before) throw new Error('not reloaded yet')
        },
        { timeout: 10_000 },
      )
    },
    stop,
  }
}
