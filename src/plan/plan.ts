/** What is desired × what is there → what must be done, with a reason for each part. */
import type { Actual, RunningProcess } from '../model/actual.ts'
import type { Bundle } from '../model/bundle.ts'
import { sameServers } from '../model/live-servers.ts'
import type { Plan, Reason } from '../model/plan.ts'
import type { Section } from './sections.ts'
import { sectionsOf } from './sections.ts'

export function plan(bundle: Bundle, actual: Actual): Plan {
  const fileReasons = compareFile(bundle, actual)
  const { running } = actual
  if (running.state === 'not-held' || running.state === 'unknown')
    return fileReasons.length === 0
      ? { action: 'in-sync' }
      : { action: 'write', reasons: fileReasons }
  if (running.state === 'down')
    return {
      action: 'start',
      reasons: [{ code: 'first-start', message: 'HAProxy is not running' }, ...fileReasons],
    }
  const processReasons = compareProcess(bundle, running.process)
  if (processReasons.length > 0)
    return { action: 'reload', reasons: explain(fileReasons, processReasons) }
  return fileReasons.length === 0
    ? { action: 'in-sync' }
    : { action: 'write', reasons: fileReasons }
}

/** The changes in the file explain what the process lacks; without any, the process itself is the reason. */
function explain(file: readonly Reason[], seen: readonly Reason[]): readonly Reason[] {
  const said = file.some((r) => r.code !== 'file-edited' && r.code !== 'file-missing')
  return said ? file : [...seen, ...file]
}

function compareFile(bundle: Bundle, actual: Actual): Reason[] {
  const { config } = actual
  const missing = bundle.files.filter((f) => !actual.files.has(f.path))
  if (config.state === 'absent')
    return [{ code: 'file-missing', message: 'the configuration file does not exist' }]
  if (config.text === bundle.config)
    return missing.length === 0
      ? []
      : [{ code: 'file-missing', message: `${missing.length} map files are missing or damaged` }]
  const edited: Reason[] =
    config.state === 'edited'
      ? [{ code: 'file-edited', message: 'the configuration file was changed by hand' }]
      : []
  const sections = compareSections(sectionsOf(config.text), sectionsOf(bundle.config))
  const routes = compareMaps(config.text, bundle)
  const found = [...edited, ...sections, ...routes]
  return found.length > 0
    ? found
    : [{ code: 'file-edited', message: 'comments or the order of the configuration file differ' }]
}

function compareSections(before: readonly Section[], after: readonly Section[]): Reason[] {
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

function ofSection(section: Section, code: Reason['code'], message: string, line?: string): Reason {
  return {
    code,
    message,
    ...(section.resource !== undefined && { resource: section.resource }),
    ...(line !== undefined && { directive: firstWords(line) }),
  }
}

function changes(was: Section, is: Section): Reason[] {
  const before = new Set(was.lines)
  const after = new Set(is.lines)
  const gone = was.lines.filter((l) => !after.has(l))
  const come = is.lines.filter((l) => !before.has(l))
  const found: Reason[] = []
  const line = [...come, ...gone].find((l) => !isServer(l))
  if (line !== undefined)
    found.push(
      ofSection(is, 'structure-changed', `${is.header}: "${firstWords(line)}" changes`, line),
    )
  const servers = { come: names(come.filter(isServer)), gone: names(gone.filter(isServer)) }
  if (servers.come.length + servers.gone.length > 0)
    found.push(ofSection(is, 'servers-changed', `${is.header}: ${serverSentence(servers)}`))
  if (found.length === 0 && was.lines.join('\n') !== is.lines.join('\n'))
    found.push(ofSection(is, 'structure-changed', `${is.header}: the order of its lines changes`))
  return found
}

function isServer(line: string): boolean {
  return line.startsWith('server ')
}

function names(lines: readonly string[]): string[] {
  return lines.map((l) => l.split(/\s+/)[1] ?? '')
}

function serverSentence({
  come,
  gone,
}: {
  come: readonly string[]
  gone: readonly string[]
}): string {
  const changed = come.filter((n) => gone.includes(n))
  const parts = [
    [come.filter((n) => !changed.includes(n)), 'joined'] as const,
    [gone.filter((n) => !changed.includes(n)), 'left'] as const,
    [changed, 'changed'] as const,
  ]
  return parts
    .filter(([list]) => list.length > 0)
    .map(([list, verb]) => `${list.length} ${list.length === 1 ? 'server' : 'servers'} ${verb}`)
    .join(', ')
}

/** Enough of a line to know it, never a secret: the words before the first value. */
function firstWords(line: string): string {
  return line.split(/\s+/).slice(0, 2).join(' ')
}

function compareMaps(before: string, bundle: Bundle): Reason[] {
  return bundle.files
    .filter((file) => !before.includes(file.path))
    .filter((file) => before.includes(`/${file.name.replace(/\.map$/, '')}.`))
    .map((file) => ({ code: 'routes-changed', message: `the map ${file.name} changes` }))
}

function compareProcess(bundle: Bundle, seen: RunningProcess): Reason[] {
  if (seen.structure !== bundle.structure)
    return [
      {
        code: 'process-differs',
        message:
          seen.structure === undefined
            ? 'the running HAProxy was not started from a file of Legate'
            : 'the running HAProxy has another structure than the manifests ask for',
      },
    ]
  return [
    ...compareServers(bundle, seen),
    ...compareLiveMaps(bundle, seen),
    ...compareCertificates(bundle, seen),
  ]
}

function compareServers(bundle: Bundle, seen: RunningProcess): Reason[] {
  return [...bundle.live.servers].flatMap(([backend, servers]): Reason[] =>
    sameServers(servers, seen.live.servers.get(backend) ?? [])
      ? []
      : [
          {
            code: 'servers-changed',
            message: `backend ${backend}: the servers of the running HAProxy differ`,
          },
        ],
  )
}

function compareLiveMaps(bundle: Bundle, seen: RunningProcess): Reason[] {
  return [...bundle.live.maps]
    .filter(([name, digest]) => seen.live.maps.get(name) !== digest)
    .map(([name]) => ({
      code: 'routes-changed',
      message: `the running HAProxy has another ${name}`,
    }))
}

function compareCertificates(bundle: Bundle, seen: RunningProcess): Reason[] {
  return [...bundle.live.certificates]
    .filter(([path, fingerprint]) => seen.live.certificates.get(path) !== fingerprint)
    .map(([path]) => ({ code: 'certificates-changed', message: `the certificate ${path} is new` }))
}
