/** What `haproxy -c` printed goes in, its errors and warnings with their lines come out, fit to be shown. */
import { printable } from '../model/failure.ts'
import type { HaproxyMessage } from '../model/ports.ts'

export interface CheckedText {
  /** The path HAProxy was given; it is temporary and not shown. */
  readonly path: string
  /** Values that HAProxy may quote and nobody may see. */
  readonly secrets: readonly string[]
}

const MAX_MESSAGES = 100
const MAX_TEXT = 600

/**
 *     [ALERT]    (13890) : config : parsing [/path:8]: unmatched quote at position 18:
 *       acl x hdr(host) 'abc
 *                       ^
 *     [warning] 325/154118 (13971) : a Lua script says something
 *
 * Indented lines belong to the message before them. Lines without a severity are only of use when there is
 * nothing else (`Configuration file has no error but will not start …`): they come as errors then, if asked.
 */
export function parseCheckOutput(
  output: string,
  checked: CheckedText,
  accepted: boolean,
): HaproxyMessage[] {
  const { spoken, loose } = gather(output)
  const telling = spoken.filter((m) => m.severity !== 'notice' && !isSummary(m.text))
  // A refusal must have a reason, be it a poor one.
  const poor = accepted || telling.some((m) => m.severity === 'error') ? [] : loose
  return [...telling, ...poor].slice(0, MAX_MESSAGES).map(({ severity, text }) =>
    // What HAProxy starts with all the same is not an error.
    present(!accepted && severity === 'error' ? 'error' : 'warning', text, checked),
  )
}

interface Spoken {
  readonly severity: 'error' | 'warning' | 'notice'
  text: string
}

function gather(output: string): { spoken: Spoken[]; loose: Spoken[] } {
  const spoken: Spoken[] = []
  const loose: Spoken[] = []
  for (const line of output.split('\n')) {
    const [, word, text = ''] = /^\[([A-Za-z]+)\]\s+(?:\d+\/\d+ )?\(\d+\) : (.*)$/.exec(line) ?? []
    if (word !== undefined) spoken.push({ severity: severityOf(word), text })
    else if (/^\s/.test(line)) goOn(spoken.at(-1), line)
    else if (line !== '') loose.push({ severity: 'error', text: line })
  }
  return { spoken, loose }
}

/** An indented line, without the bar some have; a caret alone tells nothing once the line is moved. */
function goOn(message: Spoken | undefined, line: string): void {
  const more = line.replace(/^\s*(\| )?/, '').trim()
  if (message !== undefined && !/^\^?$/.test(more)) message.text += ` ${more}`
}

function severityOf(word: string): Spoken['severity'] {
  switch (word.toLowerCase()) {
    case 'notice':
    case 'info':
    case 'debug':
      return 'notice'
    case 'warning':
    case 'diag':
      return 'warning'
    default:
      return 'error'
  }
}

/** The last words of every refusal, which only say that there was one. */
function isSummary(text: string): boolean {
  return /^(config : )?(Error\(s\) found in configuration file|Fatal errors found in conf)/.test(
    text,
  )
}

function present(
  severity: HaproxyMessage['severity'],
  raw: string,
  { path, secrets }: CheckedText,
): HaproxyMessage {
  // Before anything is cut off: half a secret would not be found any more.
  const masked = secrets.reduce((text, secret) => hide(text, secret), raw)
  const place = new RegExp(`${escapeRegExp(path)}:(\\d+)`)
  const line = place.exec(masked)?.[1]
  const text = masked
    .replace(/^config : /, '')
    .replace(new RegExp(`^(parsing )?\\[${place.source}\\] ?: `), '')
    .replaceAll(path, 'haproxy.cfg')
  const shown = printable(text, MAX_TEXT)
  return line === undefined
    ? { severity, text: shown }
    : { severity, line: Number(line), text: shown }
}

function hide(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '(secret)')
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
