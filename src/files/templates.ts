/** Takes the shipped folder of templates and the user's; gives one set, the user's file before the shipped. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { compare } from '../model/diagnostic.ts'
import { fail, ok, printable, type Failure, type Result } from '../model/failure.ts'
import type { Templates } from '../model/snapshot.ts'
import { inParallel } from './in-parallel.ts'
import { decodeUtf8, readCapped } from './read-capped.ts'
import { describeTrouble } from './trouble.ts'

const MAX_BYTES = 1_048_576
const MAX_FILES = 1000

export function isTemplateName(name: string): boolean {
  return name.endsWith('.njk') && !name.startsWith('.')
}

/** A file in `override` that replaces none is there to be included. */
export async function readTemplates(
  shipped: string,
  override?: string,
): Promise<Result<Templates>> {
  const folders = override === undefined ? [shipped] : [shipped, override]
  const read = await Promise.all(folders.map(readFolder))
  const failed = read.find((result) => !result.ok)
  if (failed !== undefined) return failed
  const files = read.flatMap((result) => (result.ok ? result.value : []))
  return ok(new Map([...new Map(files)].toSorted(([a], [b]) => compare(a, b))))
}

type NamedText = readonly [name: string, text: string]

async function readFolder(folder: string): Promise<Result<readonly NamedText[]>> {
  const names = await readNames(folder)
  if (!names.ok) return names
  const files = await inParallel(names.value, (name) => readTemplate(folder, name))
  return (
    files.find((file) => !file.ok) ?? ok(files.flatMap((file) => (file.ok ? [file.value] : [])))
  )
}

async function readNames(folder: string): Promise<Result<readonly string[]>> {
  try {
    const names = (await readdir(folder)).filter(isTemplateName)
    return names.length > MAX_FILES
      ? fail(unreadable(folder, `it has more than ${MAX_FILES} of them`))
      : ok(names.toSorted(compare))
  } catch (error) {
    const { why, transient } = describeTrouble(error)
    return fail({ ...unreadable(folder, why), transient })
  }
}

async function readTemplate(folder: string, name: string): Promise<Result<NamedText>> {
  const path = join(folder, name)
  const file = await readCapped(path, MAX_BYTES)
  if (file.state === 'unreadable') return fail(unreadable(path, file.why))
  if (file.state === 'too-large')
    return fail(unreadable(path, `it is larger than ${MAX_BYTES} bytes`))
  const text = decodeUtf8(file.bytes)
  return text === undefined ? fail(unreadable(path, 'it is not UTF-8')) : ok([name, text])
}

function unreadable(path: string, why: string): Failure {
  return {
    reason: 'files-unreadable',
    message: `cannot read templates from ${printable(path)}: ${why}`,
    hint: 'templates are the files *.njk in the folder of --templates DIR, not in folders below it',
    transient: false,
  }
}
