/** IP literals and networks → whether they are that, and in the one form that names them. */
import { isIP } from 'node:net'

export type Literal =
  | { readonly state: 'canonical' }
  | { readonly state: 'not-canonical'; readonly canonical: string }
  | { readonly state: 'invalid' }

/** An address without zone, port or brackets. */
export function readAddress(text: string): Literal {
  if (text.includes('%')) return { state: 'invalid' }
  const version = isIP(text)
  if (version === 0) return { state: 'invalid' }
  return comparedWith(text, version === 4 ? text : canonicalV6(text))
}

/** `10.0.0.0/8`; bits behind the length may be set. */
export function readNetwork(text: string): Literal {
  const slash = text.lastIndexOf('/')
  const address = readAddress(text.slice(0, Math.max(0, slash)))
  const length = text.slice(slash + 1)
  if (slash < 0 || address.state === 'invalid' || !/^\d{1,3}$/.test(length))
    return { state: 'invalid' }
  if (Number(length) > (text.includes(':') ? 128 : 32)) return { state: 'invalid' }
  const base = address.state === 'canonical' ? text.slice(0, slash) : address.canonical
  return comparedWith(text, `${base}/${Number(length)}`)
}

function comparedWith(text: string, canonical: string): Literal {
  return text === canonical ? { state: 'canonical' } : { state: 'not-canonical', canonical }
}

/** As RFC 5952 says, and an IPv4 address in disguise as what it is. */
function canonicalV6(text: string): string {
  const compressed = new URL(`http://[${text}]/`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(compressed)
  if (mapped === null) return compressed
  const bytes = [mapped[1], mapped[2]].flatMap((half) => {
    const number = Number.parseInt(half ?? '0', 16)
    return [number >> 8, number & 255]
  })
  return bytes.join('.')
}
