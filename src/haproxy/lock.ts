/**
 * The path of a target goes in, the only lock on it comes out: one reconciler per haproxy.cfg.
 *
 * The lock is an abstract UNIX socket: the kernel frees it with its holder, kill -9 included, and it
 * leaves nothing on the disk. It is known within one network namespace; Legates in several containers
 * that share a folder but no network do not see each other.
 */
import { hash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { basename, dirname, join, resolve } from 'node:path'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'

export interface Lock {
  release(): Promise<void>
}

const RETRY_MS = 50
const ANSWER_TIMEOUT_MS = 500
/** Length of an address; Node 20 fills the name up with NUL, later ones do not. */
const ADDRESS_BYTES = 108

/** Fails with `locked`, naming the holder, when another process keeps the lock for `waitMs`. */
export async function acquireLock(target: string, waitMs: number): Promise<Result<Lock>> {
  const path = await realTarget(target)
  const address = lockAddress(path)
  const end = performance.now() + waitMs
  const attempt = async (): Promise<Result<Lock>> => {
    const server = await listen(address, path)
    if (server !== undefined) return ok({ release: () => close(server) })
    if (performance.now() >= end) return fail(locked(path, await askHolder(address)))
    await new Promise((tick) => setTimeout(tick, RETRY_MS))
    return attempt()
  }
  return attempt()
}

/** The file's real path, where it or at least its folder exists: two names of one file are one target. */
async function realTarget(target: string): Promise<string> {
  const path = resolve(target)
  try {
    return await realpath(path)
  } catch {
    const folder = await realpath(dirname(path)).catch(() => dirname(path))
    return join(folder, basename(path))
  }
}

function lockAddress(path: string): string {
  const digest = hash('sha256', path)
  return `\0legate-${digest}`.padEnd(ADDRESS_BYTES, '\0')
}

/** Undefined when somebody else listens there. */
function listen(address: string, target: string): Promise<Server | undefined> {
  return new Promise((done, refuse) => {
    const server = createServer((asker) => {
      asker.on('error', () => asker.destroy())
      // An asker that never closes its end must not keep the lock, nor this process, alive.
      asker.end(JSON.stringify({ pid: process.pid, target }), () => asker.destroy())
      asker.unref()
    })
    server.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : refuse(error),
    )
    server.listen(address, () => done(server.unref()))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
  })
}

/** The pid that the holder says it has; undefined when it says nothing. */
function askHolder(address: string): Promise<number | undefined> {
  return new Promise((done) => {
    let text = ''
    const socket = connect(address)
    const timer = setTimeout(() => socket.destroy(), ANSWER_TIMEOUT_MS)
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      // Anybody may listen at an abstract address: a long answer is not the holder's.
      if (text.length > 10_000) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(timer)
      done(readPid(text))
    })
  })
}

function readPid(text: string): number | undefined {
  const pid = /^\{"pid":(\d{1,10}),/.exec(text)?.[1]
  return pid === undefined ? undefined : Number(pid)
}

function locked(path: string, pid: number | undefined): Failure {
  const holder = pid === undefined ? 'another process, which does not answer' : `process ${pid}`
  return {
    reason: 'locked',
    message: `another Legate is at work on ${printable(path)}: ${holder}`,
    hint: 'wait for it to end, or let Legate wait with `lockWait`',
    transient: true,
  }
}
