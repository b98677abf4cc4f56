import { expect, test } from 'vitest'
import { explainLine, fieldOf } from '../../src/render/explain-line.ts'
import { aFullTopology, bundleOf } from './sample.ts'

const bundle = bundleOf(aFullTopology())
const lines = bundle.config.split('\n')

function explain(begin: string, after = ''): unknown {
  const from = after === '' ? 0 : lines.findIndex((line) => line.startsWith(after))
  const index = lines.findIndex((line, i) => i >= from && line.trim().startsWith(begin))
  expect(index).toBeGreaterThan(0)
  return explainLine(bundle, index + 1)
}

test.each([
  ['global', '', 'Global/default/main', '/spec'],
  ['nbthread', '', 'Global/default/main', '/spec/threads'],
  ['timeout client', 'defaults', 'Defaults/default/web', '/spec/timeouts'],
  ['user bob', '', 'Userlist/default/admins', '/spec/users'],
  ['bind *', '', 'Frontend/default/http', '/spec/listeners'],
  ['http-response del', '', 'Frontend/default/http', '/spec/filters'],
  ['http-request auth', '', 'Frontend/default/stats', '/spec/stats/userlistRef'],
  ['# Backend/default/api', '', 'Backend/default/api', '/spec'],
  ['backend api', '', 'Backend/default/api', '/spec/defaultsRef'],
  ['balance', 'backend api', 'Backend/default/api', '/spec/balance'],
  ['timeout check', '', 'Backend/default/api', '/spec/check/timeout'],
  ['server i-', '', 'Backend/default/api', '/spec/source'],
  ['balance', 'backend team.web', 'Backend/team/web', '/spec/balance'],
  ['server i-', 'backend web', 'Backend/default/web', '/spec/source'],
])('%s %s', (begin, after, resource, pointer) => {
  expect(explain(begin, after)).toEqual({ resource, pointer })
})

test("lines of Legate's own and lines between sections have no resource", () => {
  expect(explain('backend legate_unrouted')).toEqual({ pointer: '/spec/defaultsRef' })
  for (const line of [0, 1, 2, 3, lines.length, 99_999])
    expect(explainLine(bundle, line)).toEqual({ pointer: '/spec' })
})

test('the field behind the words of a line', () => {
  expect(fieldOf('backend', 'timeout check')).toBe('/spec/check/timeout')
  expect(fieldOf('backend', 'timeout server')).toBe('/spec/timeouts')
  expect(fieldOf('frontend', 'bind')).toBe('/spec/listeners')
  expect(fieldOf('frontend', 'unheard-of')).toBe('/spec')
  expect(fieldOf('certificate', 'x')).toBe('/spec')
})
