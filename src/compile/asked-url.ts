/** What a person typed as a URL → host and path as HAProxy will see them, or what is wrong with it. */

export interface AskedUrl {
  /** Lower case, without port and trailing dots. */
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** As it stands in the request: nothing is decoded, and no `..` followed. */
  readonly path: string
  /** With its `?`; empty without one. */
  readonly query: string
}

const LONGEST = 8192
const URL_FORM =
  /^(?:(https?):\/\/)?((?:[^\s/?#@:[\]]*|\[[0-9a-f:.]+\]))(?::([0-9]{1,5}))?(\/[^\s?#]*)?(\?[^\s#]*)?(#.*)?$/i

/** Without a scheme it is HTTPS, unless the port is 80 or 8080. A message where it is no URL. */
export function readUrl(text: string): AskedUrl | string {
  const trimmed = text.trim()
  const found = trimmed.length > LONGEST ? null : URL_FORM.exec(trimmed)
  if (found === null) return 'this is no URL: write it as https://host/path'
  const [, scheme, host = '', digits, path = '/', query = ''] = found
  if (host === '') return 'the URL names no host: write it as https://host/path'
  const { port, tls } = portOf(scheme?.toLowerCase(), digits)
  if (port < 1 || port > 65_535) return `there is no port ${port}`
  return { host: host.toLowerCase().replace(/\.+$/, ''), port, tls, path, query }
}

function portOf(
  scheme: string | undefined,
  digits: string | undefined,
): Pick<AskedUrl, 'port' | 'tls'> {
  const isPlain = scheme === undefined ? /^(80|8080)$/.test(digits ?? '') : scheme === 'http'
  if (digits !== undefined) return { port: Number(digits), tls: !isPlain }
  return { port: isPlain ? 80 : 443, tls: !isPlain }
}
