/** Sections of two configuration files → what changes from one to the other. */
import type { Reason } from '../model/plan.ts'
import type { Section } from './sections.ts'

export function compareSections(before: readonly Section[], after: readonly Section[]): Reason[] {
  const old = new Map(before.map((s) => [s.header, s]))
  const now = new Map(after.map((s) => [s.header, s]))
  return [
    ...after.flatMap((section) => {
      const was = old.get(section.header)
      return was === undefined ? [added(section)] : changes(was, section)
    }),
    ...before.filter((s) => !now.has(s.header)).map(removed),
  ]
}

function added(section: Section): Reason {
  return ofSection(section, 'structure-changed', `${section.header} is new`)
}

function removed(section: Section): Reason {
  return ofSection(section, 'structure-changed', `${section.header} is gone`)
}

function ofSection(
  section: Section,
  code: Reason['code'],
  message: string,
  directive?: string,
): Reason {
  return {
    code,
    message,
    ...(section.resource !== undefined && { resource: section.resource }),
    ...(directive !== undefined && { directive }),
  }
}

function changes(was: Section, is: Section): Reason[] {
  const before = new Set(was.lines)
  const after = new Set(is.lines)
  const gone = was.lines.filter((l) => !after.has(l))
  const come = is.lines.filter((l) => !before.has(l))
  const found: Reason[] = []
  const line = [...come, ...gone].find((l) => !isServer(l))
  if (line !== undefined) found.push(changed(is, line))
  const servers = { come: names(come.filter(isServer)), gone: names(gone.filter(isServer)) }
  if (servers.come.length + servers.gone.length > 0)
    found.push(
      ofSection(is, 'servers-changed', `${is.header}: ${serverSentence(servers)}`, 'server'),
    )
  if (found.length === 0 && was.lines.join('\n') !== is.lines.join('\n'))
    found.push(ofSection(is, 'structure-changed', `${is.header}: the order of its lines changes`))
  return found
}

function changed(section: Section, line: string): Reason {
  const { header } = section
  if (line.startsWith('from '))
    return ofSection(section, 'structure-changed', `${header}: its defaults change`, header)
  const words = firstWords(line)
  return ofSection(section, 'structure-changed', `${header}: "${words}" changes`, words)
}

function isServer(line: string): boolean {
  return line.startsWith('server ')
}

function names(lines: readonly string[]): string[] {
  return lines.map((l) => l.split(/\s+/)[1] ?? '')
}

function serverSentence(servers: {
  readonly come: readonly string[]
  readonly gone: readonly string[]
}): string {
  const { come, gone } = servers
  const both = new Set(come.filter((n) => gone.includes(n)))
  const parts = [
    [come.filter((n) => !both.has(n)).length, 'joined'] as const,
    [gone.filter((n) => !both.has(n)).length, 'left'] as const,
    [both.size, 'changed'] as const,
  ]
  return parts
    .filter(([count]) => count > 0)
    .map(([count, verb]) => `${count} ${count === 1 ? 'server' : 'servers'} ${verb}`)
    .join(', ')
}

/** Enough of a line to know it, never a secret: the words before the first value. */
function firstWords(line: string): string {
  return line.split(/\s+/).slice(0, 2).join(' ')
}
