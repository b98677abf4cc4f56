/** Takes arguments for git and what it is to read; gives what it prints, or how it ended. */
import { execFile } from 'node:child_process'
import { printable, type Failure } from '../model/failure.ts'
import { describeTrouble } from './trouble.ts'

const TIMEOUT_MS = 20_000
const MAX_BYTES = 134_217_728

/** Variables that would make git look at another repository than the folder's. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
])

export interface GitRun {
  readonly folder: string
  readonly input?: string
  readonly timeoutMs?: number
}

export type GitEnd =
  | { readonly state: 'done'; readonly stdout: Buffer }
  /** Git ran and said no; its own words, printable. */
  | { readonly state: 'refused'; readonly words: readonly string[] }
  /** Git is not there, or did not end in time. */
  | { readonly state: 'not-run'; readonly failure: Failure }

export async function runGit(args: readonly string[], run: GitRun): Promise<GitEnd> {
  const options = {
    encoding: 'buffer',
    timeout: run.timeoutMs ?? TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_BYTES,
    env: gitEnvironment(),
  } as const
  const all = ['-C', run.folder, '--literal-pathspecs', ...args]
  return new Promise((resolve) => {
    const child = execFile('git', all, options, (error, stdout, stderr) => {
      resolve(error === null ? { state: 'done', stdout } : describeEnd(error, stderr))
    })
    // Git may end before it has read everything; how it ended says why.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(run.input ?? '')
  })
}

function gitEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !ELSEWHERE.has(name))
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    // Reading never writes, never asks and never goes to the network.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
  }
}

interface ExecError extends Error {
  readonly code?: string | number | null
  readonly killed?: boolean
}

function describeEnd(error: ExecError, stderr: Buffer): GitEnd {
  const words = stderr.toString().split('\n').filter(Boolean).slice(0, 5)
  if (typeof error.code === 'number')
    return { state: 'refused', words: words.map((line) => printable(line)) }
  return { state: 'not-run', failure: describeNoRun(error) }
}

function describeNoRun(error: ExecError): Failure {
  if (error.code === 'ENOENT') {
    const hint = 'install git, or compare with a folder'
    return { reason: 'files-unreadable', message: 'git is not installed', hint, transient: false }
  }
  if (typeof error.code === 'string') {
    const { why, transient } = describeTrouble(error)
    return { reason: 'files-unreadable', message: `git cannot be used: ${why}`, transient }
  }
  return error.killed === true
    ? { reason: 'timeout', message: 'git did not end in time', transient: true }
    : { reason: 'files-unreadable', message: 'git was killed', transient: true }
}
