/** Whether to use colour, and how words are coloured. */

/** `--color` beats NO_COLOR, that beats FORCE_COLOR, that beats what the stream is. */
export function wantsColor(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isTty: boolean | undefined,
): boolean {
  if (flag === 'always') return true
  if (flag === 'never') return false
  if (isSet(env['NO_COLOR'])) return false
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0'
  return isTty === true && env['TERM'] !== 'dumb'
}

/** An empty variable says nothing. */
function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

export type Style = 'error' | 'warning' | 'note' | 'frame' | 'strong'

const SGR: Readonly<Record<Style, string>> = {
  error: '1;31',
  warning: '1;33',
  note: '1;36',
  frame: '1;34',
  strong: '1',
}

export type Paint = (style: Style, text: string) => string

export function painter(color: boolean): Paint {
  if (!color) return (_style, text) => text
  return (style, text) => (text === '' ? '' : `\u001B[${SGR[style]}m${text}\u001B[0m`)
}
