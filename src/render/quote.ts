/** Text for one position of HAProxy's grammar: in goes any value, out comes what stands for exactly it, or a refusal. */
import { isIP, isIPv4, isIPv6 } from 'node:net'

/** The value cannot stand at this position in any spelling. */
export class QuoteError extends Error {
  override readonly name = 'QuoteError'
}

/** The value in the language of a position, before the quoting of the configuration file itself. */
export type Encoder = (value: string) => string

// Controls, bidi and zero-width marks, line separators, lone surrogates: some end a line, none can be reviewed.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
/** Characters that mean themselves to HAProxy's lexer, quoted or not. */
const BARE = /^[A-Za-z0-9_./:@%+=,!*?~[\]-]+$/

/**
 * The word as HAProxy's lexer reads it back. Strong quotes, because weak ones expand variables; bare where
 * nothing needs quoting, because people read the file.
 */
export function quote(text: string): string {
  return BARE.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Any text as one word. */
export function word(value: string): string {
  // HAProxy 2.6 takes an empty word for the end of the line and drops what follows.
  if (value === '') throw new QuoteError('is empty')
  if (UNPRINTABLE.test(value)) throw new QuoteError('contains control or invisible characters')
  return value
}

/** Literal text where HAProxy evaluates a log-format. */
export function logformat(value: string): string {
  return word(value).replaceAll('%', '%%')
}

/** A pattern of an ACL, after its `--`: any text but the word that ends an anonymous ACL. */
export function pattern(value: string): string {
  if (value === '}') throw new QuoteError('would end the condition')
  return word(value)
}

/** The name of a section, listener, server or map. */
export function name(value: string): string {
  return matching(value, /^[A-Za-z0-9][A-Za-z0-9_.-]{0,126}$/, 'a name')
}

/** The name of an HTTP header: a token, so that it stays one name inside `hdr(…)` too. */
export function header(value: string): string {
  return matching(value, /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/, 'the name of a header')
}

/** An absolute path; no `$`, which addresses expand, and nothing that ends an argument of a converter. */
export function path(value: string): string {
  return matching(
    value,
    /^\/[A-Za-z0-9._@+~=/-]{0,4095}$/,
    'an absolute path of A-Z a-z 0-9 . _ @ + ~ = -',
  )
}

/** RFC 1123, lower case, with a letter in the last label: `127.1` is a number in disguise. */
const HOSTNAME =
  /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/

/**
 * An IP address, a host name or `*`, with a port where one is given. HAProxy expands variables in
 * addresses however they are quoted, so that nothing else may get there.
 */
export function address(value: string, port?: number): string {
  const suffix = port === undefined ? '' : `:${portNumber(port)}`
  if (value === '*' || isIPv4(value) || HOSTNAME.test(value)) return `${value}${suffix}`
  if (isIPv6(value) && !value.includes('%'))
    return port === undefined ? value : `[${value}]${suffix}`
  throw new QuoteError('is neither an IP address nor a host name')
}

/** Where logs go: `stdout`, `stderr`, a socket's path, or an IP address with or without port. */
export function logTarget(value: string): string {
  if (value === 'stdout' || value === 'stderr') return value
  if (value.startsWith('/')) return path(value)
  const [, six, host = six ?? value, port] =
    /^(?:\[([^[\]]+)\](?=:)|([^:[\]]+))(?::(\d{1,5}))?$/.exec(value) ?? []
  if (isIP(host) === 0) throw new QuoteError('is no place for logs')
  // HAProxy takes what follows the last colon for the port, so that IPv6 needs one: syslog's.
  const implied = isIPv6(host) ? 514 : undefined
  return address(host, port === undefined ? implied : Number(port))
}

/** An argument of a sample fetch or converter, as in `str(…)`: quoted a second time, inside the word. */
export function argument(value: string): string {
  if (/^[A-Za-z0-9_./-]+$/.test(value)) return value
  return `"${word(value).replaceAll(/[\\"]/g, String.raw`\$&`)}"`
}

/** The realm of `http-request auth`, which HAProxy puts between quotes as it is. */
export function realm(value: string): string {
  return word(value).replaceAll(/[\\"]/g, String.raw`\$&`)
}

/** Several plain words joined by commas into one. */
export function list(values: readonly string[]): string {
  if (values.length === 0) throw new QuoteError('is an empty list')
  return values
    .map((value) => matching(value, /^[A-Za-z0-9_.@/-]{1,127}$/, 'a plain word'))
    .join(',')
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** Milliseconds in the largest unit that keeps them whole: `5s`, `200ms`. */
export function time(ms: number): string {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new QuoteError('is not a time')
  if (ms === 0) return '0'
  for (const [unit, size] of UNITS) if (ms % size === 0) return `${ms / size}${unit}`
  return `${ms}ms`
}

/** The key of a map file's line. There is no quoting in map files: it ends at the first blank. */
export function mapKey(value: string): string {
  if (/\s/.test(word(value)) || value.startsWith('#'))
    throw new QuoteError('is not the key of a map')
  return value
}

/** The value of a map file's line, which HAProxy trims. */
export function mapValue(value: string): string {
  if (word(value).trim() !== value) throw new QuoteError('begins or ends with a blank')
  return value
}

function portNumber(port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new QuoteError('has no usable port')
  return port
}

function matching(value: string, form: RegExp, what: string): string {
  if (!form.test(value)) throw new QuoteError(`is not ${what}`)
  return value
}
