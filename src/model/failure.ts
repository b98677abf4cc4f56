/** What the world refused: a returned value with a reason, never thrown. */

export type FailureReason =
  | 'consul-unreachable'
  | 'consul-refused'
  | 'consul-answer-unusable'
  | 'catalog-missing'
  | 'files-unreadable'
  | 'write-failed'
  | 'locked'
  | 'takeover-needed'
  | 'haproxy-missing'
  | 'haproxy-unreachable'
  | 'haproxy-rejected'
  | 'preflight-failed'
  | 'reload-failed'
  | 'reload-unproven'
  | 'haproxy-down'
  | 'timeout'
  | 'interrupted'
  /** HAProxy understands a runtime command and will not do it; a reload would. */
  | 'runtime-refused'

export interface Failure {
  readonly reason: FailureReason
  /** One sentence for a person, with names and paths made printable. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  /** Lines from elsewhere (HAProxy's own words), made printable. */
  readonly detail?: readonly string[]
  /** True when trying again later may help without anybody doing anything. */
  readonly transient: boolean
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function fail<T>(failure: Failure): Result<T> {
  return { ok: false, failure }
}

/**
 * The text with everything that is not a printable character shown as an escape, cut at `limit`
 * characters: safe in a log line, on a terminal and in a config comment.
 */
export function printable(text: string, limit = 200): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text
  return cut.replaceAll(
    // Controls, line separators, bidi and zero-width marks, lone surrogates.
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
