/** The two lines that make haproxy.cfg Legate's: in goes a text, out comes whose it is. */
import { createHash } from 'node:crypto'

const NOTICE = '# Managed by Legate: changes made here are undone. Edit the manifests instead.'
const SEAL = '# legate sha256='

export type Ownership = 'ours' | 'edited' | 'foreign'

/**
 * The configuration with its header: a notice for people, and the digest of all that follows it. The texts
 * stand one below the other; put together once, because of a thousand backends they are a megabyte.
 */
export function sealConfig(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const [place, text] of texts.entries()) hash.update(place === 0 ? text : `\n${text}`)
  return [NOTICE, `${SEAL}${hash.digest('hex')}`, ...texts].join('\n')
}

/**
 * `ours`: the seal holds. `edited`: a header is there and the text is not what it sealed. `foreign`:
 * there is no header. A header that was moved, changed in part or given CRLF counts as edited.
 */
export function readTarget(text: string): Ownership {
  const body = text.split('\n').slice(2).join('\n')
  if (text === sealConfig([body])) return 'ours'
  const first = text.split('\n', 20).map((line) => line.trim())
  return first.some((line) => line === NOTICE || line.startsWith(SEAL)) ? 'edited' : 'foreign'
}
