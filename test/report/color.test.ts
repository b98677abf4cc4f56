import { expect, test } from 'vitest'
import { wantsColor } from '../../src/report/color.ts'

test.each([
  { flag: 'always', env: { NO_COLOR: '1' }, isTty: false, expected: true },
  { flag: 'never', env: { FORCE_COLOR: '1' }, isTty: true, expected: false },
  { flag: 'auto', env: { NO_COLOR: '1', FORCE_COLOR: '1' }, isTty: true, expected: false },
  { flag: 'auto', env: { NO_COLOR: '', FORCE_COLOR: '1' }, isTty: false, expected: true },
  { flag: 'auto', env: { FORCE_COLOR: '0' }, isTty: true, expected: false },
  { flag: 'auto', env: { FORCE_COLOR: '' }, isTty: true, expected: true },
  { flag: 'auto', env: { TERM: 'dumb' }, isTty: true, expected: false },
  { flag: undefined, env: {}, isTty: true, expected: true },
  { flag: undefined, env: {}, isTty: undefined, expected: false },
])('--color $flag, $env, terminal $isTty: $expected', ({ flag, env, isTty, expected }) => {
  expect(wantsColor(flag, env, isTty)).toBe(expected)
})
