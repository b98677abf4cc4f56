/** In go a program, its arguments and a deadline, out comes how it ended; no child outlives the call. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'

export interface ProgramOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** The whole environment of the child; nothing is inherited. Default: empty. */
  readonly env?: Readonly<Record<string, string>>
}

export type ProgramEnd =
  | {
      readonly state: 'ended'
      readonly exitCode: number | undefined
      /** Name of the signal that killed it, when not this module's own. */
      readonly killedBy: string | undefined
      /** Cut at 1 MiB, as is `stdout`. Hostile: may hold anything the program has read. */
      readonly stderr: string
      readonly stdout: string
    }
  /** It could not be started: `code` is the system's word, as `ENOENT`. */
  | { readonly state: 'not-started'; readonly code: string }
  /** It was killed, with all of its process group. */
  | { readonly state: 'deadline' }
  | { readonly state: 'aborted' }

const MAX_OUTPUT_BYTES = 1024 * 1024

/** `file` is an absolute path: with an empty environment there is no PATH to search. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramEnd> {
  if (options.signal?.aborted === true) return Promise.resolve({ state: 'aborted' })
  return new Promise((resolve) => {
    // A group of its own, so that the deadline reaches what the program starts.
    const child = spawn(file, args, {
      cwd: '/',
      detached: true,
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
    const settle = (end: ProgramEnd): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
      resolve(end)
    }
    const kill = (state: 'deadline' | 'aborted'): void => {
      killGroup(child)
      settle({ state })
    }
    const onAbort = (): void => kill('aborted')
    const timer = setTimeout(() => kill('deadline'), options.timeoutMs)
    options.signal?.addEventListener('abort', onAbort)
    child.on('error', (error: NodeJS.ErrnoException) =>
      settle({ state: 'not-started', code: error.code ?? error.message }),
    )
    child.on('close', (code, killedBy) =>
      settle({
        state: 'ended',
        exitCode: code ?? undefined,
        killedBy: killedBy ?? undefined,
        stdout: stdout(),
        stderr: stderr(),
      }),
    )
  })
}

function killGroup(child: ChildProcess): void {
  // A grandchild that left the group could hold the pipes open for ever.
  child.stdout?.destroy()
  child.stderr?.destroy()
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

/** Reads to the end, so that the child never waits for us, and keeps the first part. */
function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = []
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    if (bytes < MAX_OUTPUT_BYTES) chunks.push(chunk.subarray(0, MAX_OUTPUT_BYTES - bytes))
    bytes += chunk.length
  })
  return () => Buffer.concat(chunks).toString('utf8')
}
