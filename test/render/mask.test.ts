import { expect, test } from 'vitest'
import { maskSecrets } from '../../src/render/mask.ts'
import { aFullTopology, bundleOf } from './sample.ts'

test('a secret goes wherever it stands', () => {
  expect(maskSecrets('a $5$x b $5$x', ['$5$x'])).toBe('a <masked> b <masked>')
  expect(maskSecrets('abcd abc', ['abc', 'abcd'])).toBe('<masked> <masked>')
  expect(maskSecrets('nothing', ['', 'x'])).toBe('nothing')
})

test('also in the spelling of the configuration file', () => {
  expect(maskSecrets(String.raw`password 'it'\''s $1'`, ["it's $1"])).toBe("password '<masked>'")
})

test('no hash of a user is left in a configuration', () => {
  const topology = aFullTopology()
  const secrets = topology.userlists.flatMap(({ users }) => users.map((user) => user.passwordHash))
  const { config } = bundleOf({ ...topology, secrets })
  expect(secrets.every((secret) => config.includes(secret))).toBe(true)
  const masked = maskSecrets(config, secrets)
  expect(secrets.some((secret) => masked.includes(secret))).toBe(false)
})
