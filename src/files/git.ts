/** Takes paths of manifests; gives the label of their commit, or the manifests of a revision of git. */
import { stat } from 'node:fs/promises'
import { dirname, normalize, relative, resolve } from 'node:path'
import { compare } from '../model/diagnostic.ts'
import { fail, ok, printable, type Result } from '../model/failure.ts'
import type { SourceFile } from '../model/resource.ts'
import { parseBatch, parseTree, type Blob, type Tree } from './git-tree.ts'
import { MANIFEST_LIMITS } from './manifests.ts'
import { decodeUtf8 } from './read-capped.ts'
import { runGit, type GitEnd, type GitRun } from './run-git.ts'

/** The commit of the path's work tree, short, for people; undefined where there is none. */
export async function gitHead(path: string, timeoutMs = 5000): Promise<string | undefined> {
  const folder = await nearestFolder(resolve(path))
  const args = ['rev-parse', '--verify', '--quiet', '--short', 'HEAD']
  const end = await runGit(args, { folder, timeoutMs })
  const label = end.state === 'done' ? end.stdout.toString().trim() : ''
  return /^[0-9a-f]{4,64}$/.test(label) ? label : undefined
}

/** The manifests below the paths as they were in `revision`; work tree and index are not looked at. */
export async function readRevision(
  paths: readonly string[],
  revision: string,
): Promise<Result<readonly SourceFile[]>> {
  const read = await Promise.all(paths.map((path) => readPath(path, revision)))
  const failed = read.find((result) => !result.ok)
  if (failed !== undefined) return failed
  const sources = read.flatMap((result) => (result.ok ? result.value : []))
  const distinct = new Map(sources.map((source) => [source.path, source]))
  return ok([...distinct.values()].toSorted((a, b) => compare(a.path, b.path)))
}

async function readPath(path: string, revision: string): Promise<Result<readonly SourceFile[]>> {
  const folder = await nearestFolder(resolve(path))
  const commit = await findCommit(folder, revision)
  if (!commit.ok) return commit
  const within = relative(folder, resolve(path))
  const below = within === '' ? [] : ['--', within]
  const listing = await print(['ls-tree', '-r', '-z', '--long', commit.value, ...below], { folder })
  if (!listing.ok) return listing
  const tree = parseTree(listing.value.toString(), { within, typed: normalize(path) })
  const refusal = refuse(tree)
  if (refusal !== undefined) return cannotRead(revision, refusal)
  const input = tree.blobs.map((blob) => `${blob.id}\n`).join('')
  const batch = await print(['cat-file', '--batch'], { folder, input })
  if (!batch.ok) return batch
  return toSources(tree.blobs, parseBatch(batch.value), revision)
}

/** The path itself may exist in the revision only. */
async function nearestFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  return found?.isDirectory() === true || path === '/' ? path : nearestFolder(dirname(path))
}

async function findCommit(folder: string, revision: string): Promise<Result<string>> {
  // What begins with `-` would be an option.
  if (!/^[^-\p{Cc}][^\p{Cc}]{0,255}$/u.test(revision)) return unknownCommit(revision)
  const args = ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]
  const end = await runGit(args, { folder })
  if (end.state === 'refused' && end.words.length === 0) return unknownCommit(revision)
  const printed = toResult(end)
  if (!printed.ok) return printed
  const commit = printed.value.toString().trim()
  return /^[0-9a-f]{40,64}$/.test(commit) ? ok(commit) : unknownCommit(revision)
}

function unknownCommit(revision: string): Result<never> {
  return fail({
    reason: 'files-unreadable',
    message: `git knows no commit ${printable(revision)}`,
    hint: 'name a commit, a branch or a tag; in CI, fetch it first',
    transient: false,
  })
}

async function print(args: readonly string[], run: GitRun): Promise<Result<Buffer>> {
  return toResult(await runGit(args, run))
}

function toResult(end: GitEnd): Result<Buffer> {
  if (end.state === 'done') return ok(end.stdout)
  if (end.state === 'not-run') return fail(end.failure)
  return fail({
    reason: 'files-unreadable',
    message: 'git cannot read the manifests',
    hint: 'is the folder of the manifests part of a git repository that this user may read?',
    detail: end.words,
    transient: false,
  })
}

/** Why the tree cannot stand for a set of manifests. */
function refuse({ blobs, unfollowed }: Tree): string | undefined {
  const [link] = unfollowed
  if (link !== undefined)
    return `${printable(link)} is a symbolic link or a submodule, which are not followed in git`
  if (blobs.length > MANIFEST_LIMITS.maxFiles)
    return `there are more than ${MANIFEST_LIMITS.maxFiles} files`
  const large = blobs.find((blob) => blob.bytes > MANIFEST_LIMITS.maxFileBytes)
  if (large !== undefined)
    return `${printable(large.path)} is larger than ${MANIFEST_LIMITS.maxFileBytes} bytes`
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes, 0)
  return bytes > MANIFEST_LIMITS.maxBytes
    ? `they are larger than ${MANIFEST_LIMITS.maxBytes} bytes together`
    : undefined
}

function cannotRead(revision: string, why: string): Result<never> {
  return fail({
    reason: 'files-unreadable',
    message: `cannot read the manifests of git revision ${printable(revision)}: ${why}`,
    transient: false,
  })
}

function toSources(
  blobs: readonly Blob[],
  contents: readonly (Buffer | undefined)[],
  revision: string,
): Result<readonly SourceFile[]> {
  const sources: SourceFile[] = []
  for (const [i, { path }] of blobs.entries()) {
    const content = contents[i]
    const text = content && decodeUtf8(content)
    if (text === undefined) {
      const why = content === undefined ? 'is not in this clone' : 'is not UTF-8'
      return cannotRead(revision, `${printable(path)} ${why}`)
    }
    sources.push({ path, text })
  }
  return ok(sources)
}
