/** Takes a path and a text; the file then holds the old text or the new one, whole, whatever happens. */
import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import type { Writer } from '../model/ports.ts'
import { describeTrouble, errorCode } from './trouble.ts'

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
const DEFAULT_MODE = 0o640
const FOLDER_MODE = 0o750

/** `.<name>.<pid>.<random>.tmp`; the first half of the random part is the same for one process. */
const TEMP_NAME = /^\..+\.(?<pid>\d{1,10})\.(?<run>[0-9a-f]{8})[0-9a-f]{8}\.tmp$/
/** Tells this process from an earlier one with its pid: in a container every Legate may be pid 1. */
const RUN = randomBytes(4).toString('hex')

export function createWriter(): Writer {
  return { write: writeWhole, remove: removeFile }
}

/** Removes what killed writers left in the folder; returns the names. */
export async function sweepOrphans(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const orphans = entries.filter((e) => e.isFile() && isOrphan(e.name)).map((e) => e.name)
  // One that cannot be removed does no harm: HAProxy reads no file of that name.
  await Promise.all(orphans.map((name) => rm(join(folder, name)).catch(() => undefined)))
  return orphans.toSorted()
}

async function writeWhole(path: string, text: string, mode = DEFAULT_MODE): Promise<Result<void>> {
  try {
    const target = await findTarget(resolve(path))
    if (!target.ok) return target
    const folder = dirname(target.value.path)
    await makeFolder(folder)
    const temp = join(folder, tempName(basename(target.value.path)))
    try {
      await writeTemp(temp, { text, mode, old: target.value.old })
      await rename(temp, target.value.path)
    } catch (error) {
      await rm(temp, { force: true }).catch(() => undefined)
      throw error
    }
    await syncFolder(folder)
    return ok(undefined)
  } catch (error) {
    return fail(writeFailed('write', path, error))
  }
}

async function removeFile(path: string): Promise<Result<void>> {
  try {
    await unlink(path)
    await syncFolder(dirname(resolve(path)))
    return ok(undefined)
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? ok(undefined) : fail(writeFailed('remove', path, error))
  }
}

interface Target {
  readonly path: string
  /** What is there now. */
  readonly old: Stats | undefined
}

/** Follows a symbolic link, so that the link stays; only a file, or nothing, may be at its end. */
async function findTarget(path: string): Promise<Result<Target>> {
  const link = await statOrUndefined(lstat(path))
  if (link === undefined) return ok({ path, old: undefined })
  const real = link.isSymbolicLink() ? await statOrUndefined(realpath(path)) : path
  if (real === undefined) return fail(refuse(path, 'it is a symbolic link to nothing'))
  const old = await stat(real)
  return old.isFile() ? ok({ path: real, old }) : fail(refuse(path, 'it is not a regular file'))
}

async function statOrUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

interface Content {
  readonly text: string
  readonly mode: number
  readonly old: Stats | undefined
}

async function writeTemp(temp: string, { text, mode, old }: Content): Promise<void> {
  // Nobody else may read it before it has the right owner.
  const file = await open(temp, NEW_FILE, 0o600)
  try {
    if (old !== undefined) await keepOwner(file, old)
    await file.chmod(mode)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

interface Ownable {
  stat(): Promise<Stats>
  chown(uid: number, gid: number): Promise<void>
}

/** Root keeps owner and group; others keep the group where they are members of it. */
async function keepOwner(file: Ownable, old: Stats): Promise<void> {
  const mine = await file.stat()
  if (mine.uid === old.uid && mine.gid === old.gid) return
  const root = process.geteuid?.() === 0
  try {
    await file.chown(root ? old.uid : mine.uid, old.gid)
  } catch (error) {
    if (root) throw error
  }
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
  if (first === undefined) return
  const parents = [dirname(first)]
  for (let at = dirname(folder); at.length >= first.length; at = dirname(at)) parents.push(at)
  await Promise.all(parents.map(syncFolder))
}

/** A rename is only certain to outlive a power cut once its folder is on the disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } catch (error) {
    // Some file systems cannot do it for folders.
    if (errorCode(error) !== 'EINVAL') throw error
  } finally {
    await handle.close()
  }
}

function tempName(name: string): string {
  // A name may have 255 bytes; 60 characters have at most 180.
  return `.${name.slice(0, 60)}.${process.pid}.${RUN}${randomBytes(4).toString('hex')}.tmp`
}

function isOrphan(name: string): boolean {
  const { pid, run } = TEMP_NAME.exec(name)?.groups ?? {}
  if (pid === undefined) return false
  return Number(pid) === process.pid ? run !== RUN : !isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

function refuse(path: string, why: string): Failure {
  return {
    reason: 'write-failed',
    message: `cannot write ${printable(path)}: ${why}`,
    hint: 'remove it, or name another file',
    transient: false,
  }
}

function writeFailed(verb: 'write' | 'remove', path: string, error: unknown): Failure {
  const { why, hint, transient } = describeTrouble(error)
  return {
    reason: 'write-failed',
    message: `cannot ${verb} ${printable(path)}: ${why}`,
    ...(hint !== undefined && { hint }),
    transient,
  }
}
