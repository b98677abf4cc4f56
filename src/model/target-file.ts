/** The two lines that make haproxy.cfg Legate's: in goes a text, out comes whose it is. */
import { createHash, hash } from 'node:crypto'

const NOTICE = '# Managed by Legate: changes made here are undone. Edit the manifests instead.'
const SEAL = '# legate sha256='

export type Ownership = 'ours' | 'edited' | 'foreign'

/**
 * The configuration with its header: a notice for people, and the digest of all that follows it. The texts
 * stand one below the other; put together once, because of a thousand backends they are a megabyte.
 */
export function sealConfig(texts: readonly string[]): string {
  const sealed = createHash('sha256')
  for (const [place, text] of texts.entries()) sealed.update(place === 0 ? text : `\n${text}`)
  return [headerOf(sealed.digest('hex')), ...texts].join('\n')
}

function headerOf(digest: string): string {
  return `${NOTICE}\n${SEAL}${digest}`
}

/** Of the two lines that are the header where there is one, with their ends; 0 for a text that has not as many. */
export function headerLength(text: string): number {
  return text.indexOf('\n', text.indexOf('\n') + 1) + 1
}

/**
 * `ours`: the seal holds. `edited`: a header is there and the text is not what it sealed. `foreign`:
 * there is no header. A header that was moved, changed in part or given CRLF counts as edited.
 */
export function readTarget(text: string): Ownership {
  const length = headerLength(text)
  if (text.slice(0, length) === `${headerOf(hash('sha256', text.slice(length)))}\n`) return 'ours'
  const first = text.split('\n', 20).map((line) => line.trim())
  return first.some((line) => line === NOTICE || line.startsWith(SEAL)) ? 'edited' : 'foreign'
}
