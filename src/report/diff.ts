/** Two texts of HAProxy's configuration → a unified diff without noise and without secrets. */
import { createTwoFilesPatch } from 'diff'

export interface TwoTexts {
  readonly name: string
  readonly before: string
  readonly after: string
  /** What the two sides are, as `running` and `planned`. */
  readonly labels: readonly [before: string, after: string]
}

/** Empty when nothing but Legate's own marks differs. */
export function unifiedDiff({ name, before, after, labels }: TwoTexts): string {
  const [a, b] = [quietText(before), quietText(after)]
  if (a === b) return ''
  const patch = createTwoFilesPatch(name, name, a, b, labels[0], labels[1], { context: 3 })
  return patch.replace(/^Index: .*\n=+\n/, '')
}

/** Checksum and stamp change with every change, and a map's name with its content: they only repeat it. */
export function quietText(text: string): string {
  return maskCredentials(text)
    .replaceAll(/^# legate sha256=.*\n/gm, '')
    .replaceAll(/(set-var proc\.legate_structure) .*/g, '$1 …')
    .replaceAll(/(\/[^\s,()']*\/[^\s/,()']+)\.[0-9a-f]{16}\.map/g, '$1.map')
}

/** Values after HAProxy's words for credentials, also in files that Legate did not write. */
function maskCredentials(text: string): string {
  return text
    .replaceAll(/^(\s*user\s+\S+\s+(?:password|insecure-password)\s+)\S.*$/gm, '$1<masked>')
    .replaceAll(/^(\s*stats\s+auth\s+[^\s:]+:).*$/gm, '$1<masked>')
}
