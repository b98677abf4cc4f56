/** The rendered files × those on disk → why they must be written. */
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Reason } from '../model/plan.ts'
import { headerLength } from '../model/target-file.ts'
import { routeReasons } from './routes.ts'
import { compareSections } from './section-reasons.ts'
import { sectionsOf, stampOf } from './sections.ts'

export function compareFile(bundle: Bundle, { config, files }: Actual): Reason[] {
  if (config.state === 'absent')
    return [{ code: 'file-missing', message: 'the configuration file does not exist' }]
  if (config.text === bundle.config) return missingMaps(bundle, files)
  const edited: Reason[] =
    config.state === 'edited'
      ? [{ code: 'file-edited', message: 'the configuration file was changed by hand' }]
      : []
  const found = [...edited, ...compareText(config.text, bundle)]
  return found.length > 0
    ? found
    : [{ code: 'file-edited', message: 'comments or the order of the configuration file differ' }]
}

function missingMaps(bundle: Bundle, files: Actual['files']): Reason[] {
  const missing = bundle.files.filter((f) => !files.has(f.path)).length
  if (missing === 0) return []
  const message = `${missing} ${missing === 1 ? 'map file is' : 'map files are'} missing or damaged`
  return [{ code: 'file-missing', message }]
}

/** What stands at the beginning and at the end of the file as it is rendered has not changed. */
function compareText(text: string, bundle: Bundle): Reason[] {
  const [was, is] = withoutSame(text, bundle)
  const [before, after] = [sectionsOf(was), sectionsOf(is)]
  const found = [
    ...compareSections(before, after),
    ...routeReasons(bundle, ({ path, name }) => readsOther(text, path, name), 'its routes change'),
  ]
  if (found.length > 0) return found
  // The stamp covers the words of all lines in their order, which are the same, and the content of files.
  const isSameOrder = before.every(({ header }, i) => header === after[i]?.header)
  return isSameOrder && stampOf(text) !== stampOf(bundle.config)
    ? [{ code: 'structure-changed', message: 'the content of an error file or crt-list changes' }]
    : []
}

function withoutSame(text: string, { sections }: Bundle): [was: string, is: string] {
  const texts = sections.map((section) => section.text)
  const above = sameAbove(text, texts)
  const [rest, left] = [text.slice(above.at), texts.slice(above.count)]
  const below = sameBelow(rest, left)
  return [rest.slice(0, below.at), left.slice(0, left.length - below.count).join('\n')]
}

interface Same {
  /** How many texts are the same, and where those end, or begin. */
  readonly count: number
  readonly at: number
}

/** Below the header and a blank line. */
function sameAbove(text: string, texts: readonly string[]): Same {
  let at = headerLength(text) + 1
  let count = 0
  for (const each of texts) {
    if (!text.startsWith(`${each}\n`, at)) break
    at += each.length + 1
    count += 1
  }
  return count === 0 ? { count, at: 0 } : { count, at }
}

function sameBelow(text: string, texts: readonly string[]): Same {
  let at = text.length
  let count = 0
  for (const each of texts.toReversed()) {
    if (!text.endsWith(`\n${each}`, at)) break
    at -= each.length + 1
    count += 1
  }
  return { count, at }
}

/** Whether the file reads a map of that name, but with other content. */
function readsOther(text: string, path: string, name: string): boolean {
  return !text.includes(path) && text.includes(`/${name.replace(/\.map$/, '')}.`)
}
