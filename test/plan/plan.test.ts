import { expect, test } from 'vitest'
import type { Actual } from '../../src/model/actual.ts'
import type { Plan } from '../../src/model/plan.ts'
import { aBundle, planOf, running } from './parts.ts'

const bundle = aBundle()

function reasons(planned: Plan): [code: string, message: string][] {
  return planned.action === 'in-sync'
    ? []
    : planned.reasons.map(({ code, message }) => [code, message])
}

test('what is there already is in sync', () => {
  expect(planOf(bundle, running(bundle))).toEqual({ action: 'in-sync' })
})

test('a process that is down is started', () => {
  const planned = planOf(bundle, { ...running(bundle), running: { state: 'down' } })
  expect(planned.action).toBe('start')
  expect(reasons(planned)).toEqual([['first-start', 'HAProxy is not running']])
})

test('the very first time the file is missing too', () => {
  const nothing: Actual = {
    config: { state: 'absent' },
    files: new Set(),
    running: { state: 'down' },
  }
  expect(reasons(planOf(bundle, nothing))).toEqual([
    ['first-start', 'HAProxy is not running'],
    ['file-missing', 'the configuration file does not exist'],
  ])
})

test('a file that is gone while the process has all of it is written, and nothing is reloaded', () => {
  const planned = planOf(bundle, { ...running(bundle), config: { state: 'absent' } })
  expect(planned.action).toBe('write')
  expect(reasons(planned)).toEqual([['file-missing', 'the configuration file does not exist']])
})

test('maps that are missing or damaged on disk are written', () => {
  const planned = planOf(bundle, { ...running(bundle), files: new Set() })
  expect(planned.action).toBe('write')
  expect(reasons(planned)).toEqual([['file-missing', '2 map files are missing or damaged']])
  const [first] = bundle.files.map((f) => f.path)
  const one = planOf(bundle, { ...running(bundle), files: new Set([first ?? '']) })
  expect(reasons(one)).toEqual([['file-missing', '1 map file is missing or damaged']])
})

test('a file that was edited by hand is written again, with what differs', () => {
  const edited = aBundle({
    backend: ['timeout server 1s', 'server one 10.0.0.1:80', 'server two 10.0.0.2:80'],
  })
  const planned = planOf(bundle, {
    ...running(bundle),
    config: { state: 'edited', text: edited.config },
  })
  expect(planned.action).toBe('write')
  expect(reasons(planned)).toEqual([
    ['file-edited', 'the configuration file was changed by hand'],
    ['structure-changed', 'backend api: "timeout server" changes'],
  ])
})

test('a comment by hand is an edit, and all there is to say', () => {
  const text = `${bundle.config}# mine\n`
  const planned = planOf(bundle, { ...running(bundle), config: { state: 'edited', text } })
  expect(reasons(planned)).toEqual([['file-edited', 'the configuration file was changed by hand']])
})

test('the file of another Legate that says the same in other comments is written', () => {
  const text = bundle.config.replace('# Frontend/default/web', '# Frontend/default/web\n# hello')
  const planned = planOf(bundle, { ...running(bundle), config: { state: 'ours', text } })
  expect(planned.action).toBe('write')
  expect(reasons(planned)).toEqual([
    ['file-edited', 'comments or the order of the configuration file differ'],
  ])
})

test('a foreign file and process are replaced, section by section', () => {
  const text = 'global\n  daemon\n\nlisten old\n  bind :80\n'
  const seen = running(bundle, { structure: undefined })
  const planned = planOf(bundle, { ...seen, config: { state: 'foreign', text } })
  expect(planned.action).toBe('reload')
  expect(reasons(planned)).toEqual([
    ['structure-changed', 'global: "set-var proc.legate_structure" changes'],
    ['structure-changed', 'frontend web is new'],
    ['structure-changed', 'backend api is new'],
    ['structure-changed', 'listen old is gone'],
  ])
})

test('a process that lacks what the file has is reloaded', () => {
  const planned = planOf(bundle, running(bundle, { structure: 'b'.repeat(64) }))
  expect(planned.action).toBe('reload')
  expect(reasons(planned)).toEqual([
    ['process-differs', 'the running HAProxy has another structure than the manifests ask for'],
  ])
  expect(reasons(planOf(bundle, running(bundle, { structure: undefined })))).toEqual([
    ['process-differs', 'the running HAProxy was not started from a file of Legate'],
  ])
})

test('a process that differs is named before the damage to files', () => {
  const planned = planOf(bundle, {
    ...running(bundle, { structure: 'b'.repeat(64) }),
    files: new Set(),
  })
  expect(reasons(planned).map(([code]) => code)).toEqual(['process-differs', 'file-missing'])
})

test('nobody is asked and nothing is held: only files are compared', () => {
  const failure = { reason: 'haproxy-unreachable', message: 'x', transient: true } as const
  for (const state of [{ state: 'not-held' }, { state: 'unknown', failure }] as const) {
    expect(planOf(bundle, { ...running(bundle), running: state })).toEqual({ action: 'in-sync' })
    const planned = planOf(bundle, {
      ...running(bundle),
      config: { state: 'absent' },
      running: state,
    })
    expect(planned.action).toBe('write')
  }
})
