/**
 * A bundle goes in; out comes its being on the disk. Whatever happens, the configuration file is the old
 * one or the new one, and every map that it names is there: one rename is the commit.
 *
 *   copies of what others wrote → maps → previous.cfg → haproxy.cfg │ proof → previous.cfg and old maps go
 */
import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import { fail, ok, printable, type Result } from '../model/failure.ts'
import type { Writer } from '../model/ports.ts'
import { failpoint } from './failpoint.ts'
import { forgetPrevious, savePrevious, type Previous } from './journal.ts'
import { maskSecrets } from './mask.ts'
import type { Tools } from './options.ts'

/** On failure nothing has changed but for copies and maps that nobody names. */
export async function commit(
  tools: Tools,
  bundle: Bundle,
  actual: Actual,
  previous: Previous,
): Promise<Result<void>> {
  const { options, writer, files } = tools
  const kept = await keepCopy(tools, actual)
  if (!kept.ok) return kept
  const missing = bundle.files.filter((file) => !actual.files.has(file.path))
  const written = await Promise.all(
    missing.map((file) => writer.write(file.path, file.text, options.configMode)),
  )
  const broken = written.find((result) => !result.ok)
  if (broken !== undefined) return broken
  await failpoint('after-maps')
  const saved = await savePrevious(tools, previous)
  if (!saved.ok) return saved
  await failpoint('before-rename')
  const { configFile, configMode } = options
  const renamed = await writer.write(configFile, bundle.config, configMode)
  await failpoint('after-rename')
  if (renamed.ok) await files.wrote(configFile, bundle.config).catch(() => undefined)
  return renamed
}

/** Keeps what somebody else wrote, unless it changed since it was looked at: then nothing may be decided. */
async function keepCopy(
  { options, writer, files }: Tools,
  { config }: Actual,
): Promise<Result<void>> {
  const path = options.configFile
  const expected = config.state === 'absent' ? undefined : config.text
  if (!(await files.stillHas(path, expected))) return fail(changedMeanwhile(path))
  if (config.state === 'edited') return writer.write(`${path}.edited`, config.text, 0o600)
  if (config.state === 'foreign') return keepForeign(`${path}.before-legate`, config.text, writer)
  return ok(undefined)
}

/** What was there before the first takeover is worth more than what was there before the second. */
async function keepForeign(path: string, text: string, writer: Writer): Promise<Result<void>> {
  const first = await readFile(path, 'utf8').catch(() => text)
  const digest = hash('sha256', text).slice(0, 8)
  return writer.write(first === text ? path : `${path}.${digest}`, text, 0o600)
}

function changedMeanwhile(path: string): {
  readonly reason: 'interrupted'
  readonly message: string
  readonly hint: string
  readonly transient: true
} {
  return {
    reason: 'interrupted',
    message: `${printable(path)} was changed by somebody else while Legate was at work`,
    hint: 'nothing was written; run again',
    transient: true,
  }
}

const MAP_NAME = /^[A-Za-z0-9._-]+\.[0-9a-f]{16}\.map$/

/** After the proof: what only the configuration before needed goes. What cannot be removed does no harm. */
export async function cleanUp(tools: Tools, config: string): Promise<void> {
  await failpoint('after-proof')
  const { mapsDir } = tools.options
  await forgetPrevious(tools)
  const names = await readdir(mapsDir).catch(() => [])
  const old = names.filter((name) => MAP_NAME.test(name) && !config.includes(name))
  await Promise.all(old.map((name) => tools.writer.remove(join(mapsDir, name))))
}

/** Puts back what was there; the refused one is kept for people to look at, without its secrets. */
export async function restore(
  { options, writer }: Tools,
  bundle: Bundle,
  previous: Previous,
): Promise<Result<void>> {
  await failpoint('before-restore')
  const refused = maskSecrets(bundle.config, bundle.secrets)
  // The copy is a help and no more: the way back does not depend on it.
  await writer.write(rejectedPath(options.stateDir), refused, 0o600)
  const restored = await putBack({ options, writer }, previous)
  await failpoint('after-restore')
  return restored
}

async function putBack(
  { options, writer }: Pick<Tools, 'options' | 'writer'>,
  previous: Previous,
): Promise<Result<void>> {
  if (previous.state === 'same') return ok(undefined)
  if (previous.state === 'none') return writer.remove(options.configFile)
  return writer.write(options.configFile, previous.text, previous.mode)
}

export function rejectedPath(stateDir: string): string {
  return join(stateDir, 'haproxy.cfg.rejected')
}
