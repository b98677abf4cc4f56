/** The rendered files × those on disk → why they must be written. */
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Reason } from '../model/plan.ts'
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

function compareText(text: string, bundle: Bundle): Reason[] {
  const [before, after] = [sectionsOf(text), sectionsOf(bundle.config)]
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

/** Whether the file reads a map of that name, but with other content. */
function readsOther(text: string, path: string, name: string): boolean {
  return !text.includes(path) && text.includes(`/${name.replace(/\.map$/, '')}.`)
}
