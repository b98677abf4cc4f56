/** Takes what node:fs throws; gives the words a person needs: what is wrong, what to do, does waiting help. */
import { printable } from '../model/failure.ts'

interface Trouble {
  /** Why, as the end of a sentence: `the disk is full`. */
  readonly why: string
  readonly hint?: string
  readonly transient: boolean
}

const BUSY: Trouble = { why: 'too many files are open', transient: true }
const FULL: Trouble = {
  why: 'the disk is full',
  hint: 'make room on that disk, or give the user a larger quota',
  transient: true,
}
const DENIED: Trouble = {
  why: 'permission denied',
  hint: 'give the user that Legate runs as the right to it',
  transient: false,
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  ENOSPC: FULL,
  EDQUOT: { ...FULL, why: 'the disk quota is used up' },
  EFBIG: {
    why: 'the file would be larger than the limit on file sizes',
    hint: 'raise the limit on file sizes (ulimit -f, LimitFSIZE=)',
    transient: false,
  },
  EROFS: {
    why: 'the file system is read-only',
    hint: 'mount it for writing; in a systemd unit, name the folder in ReadWritePaths=',
    transient: false,
  },
  EACCES: DENIED,
  EPERM: DENIED,
  ENOENT: { why: 'it does not exist', transient: false },
  ENOTDIR: { why: 'a part of the path is not a folder', transient: false },
  EISDIR: { why: 'it is a folder', transient: false },
  ELOOP: { why: 'its symbolic links go in a circle', transient: false },
  ENAMETOOLONG: { why: 'the name is too long', transient: false },
  EIO: { why: 'the disk reports an error', hint: 'look at the kernel log', transient: true },
  EMFILE: BUSY,
  ENFILE: BUSY,
}

/** The error's code (`ENOENT`), or an empty string for what is not an error of the system. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

/** Throws what is not an error of the system: that is a bug, and not the world's. */
export function describeTrouble(error: unknown): Trouble {
  const code = errorCode(error)
  if (code === '' || !(error instanceof Error)) throw error
  return TROUBLES[code] ?? { why: printable(error.message), transient: false }
}
