/** A plan and the files before and after it → what people read: the action, its reasons, the diff, no secrets. */
import { readFileSync } from 'node:fs'
import type { Actual } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Plan } from '../model/plan.ts'
import { maskSecrets } from '../render/mask.ts'
import { unifiedDiff } from '../report/diff.ts'
import { printPlan } from '../report/plan.ts'
import type { Console } from './context.ts'

export interface Shown {
  readonly plan: Plan
  /** What the files were, by logical name. */
  readonly texts: ReadonlyMap<string, string>
  readonly bundle: Bundle
  readonly label: string
}

export function showPlan(console: Console, { plan, texts, bundle, label }: Shown): void {
  console.out(printPlan(plan))
  const after = textsOf(bundle)
  for (const name of new Set([...texts.keys(), ...after.keys()])) {
    const diff = unifiedDiff({
      name,
      before: maskSecrets(texts.get(name) ?? '', bundle.secrets),
      after: after.get(name) ?? '',
      labels: [label, 'planned'],
    })
    if (diff !== '') console.out(`\n${diff}`)
  }
}

export function textsOf(bundle: Bundle): Map<string, string> {
  return new Map([
    ['haproxy.cfg', maskSecrets(bundle.config, bundle.secrets)],
    ...bundle.files.map((file) => [file.name, file.text] as const),
  ])
}

/** The configuration on the disk and its maps; what others wrote counts as well. */
export function textsOnDisk({ config }: Actual): Map<string, string> {
  const text = 'text' in config ? config.text : ''
  return new Map([['haproxy.cfg', text], ...mapsOf(text)])
}

/** The maps that a configuration of ours names, as far as they can be read. */
function mapsOf(config: string): [string, string][] {
  const paths = config.matchAll(/(\/[^\s,()']*\/([^\s/,()']+))\.[0-9a-f]{16}\.map/g)
  return [...paths].flatMap(([path, , name]): [string, string][] => {
    try {
      return [[`${name ?? ''}.map`, readFileSync(path, 'utf8')]]
    } catch {
      return []
    }
  })
}
