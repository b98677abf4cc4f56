/** What lies between two revisions, resource by resource. */
import { expect, test } from 'vitest'
import { compareResources } from '../../src/reconcile/compare.ts'
import { backendYaml, FRONTEND_YAML, manifestsOf } from '../builders.ts'

const before = manifestsOf(`${FRONTEND_YAML}${backendYaml('api')}${backendYaml('web')}`)

function changes(yaml: string): string[] {
  return compareResources(before, manifestsOf(yaml)).map(({ change, id }) => `${change} ${id}`)
}

test('what is new, changed and gone, by name', () => {
  const changed = backendYaml('api', ', retries: 1')
  expect(changes(`${FRONTEND_YAML}${changed}${backendYaml('pay')}`)).toEqual([
    'changed Backend/default/api',
    'added Backend/default/pay',
    'removed Backend/default/web',
  ])
})

test('what moved, and what is only written otherwise, has not changed', () => {
  const web =
    'kind: Backend\napiVersion: legate/v1\nmetadata:\n  name: web\nspec:\n  source:\n    consul:\n      service: web\n  retries: 3\n'
  const yaml = `${backendYaml('api')}${FRONTEND_YAML}---\n# moved\n${web.replace('  retries: 3\n', '')}`
  expect(changes(yaml)).toEqual([])
  expect(changes(yaml.replace('service: web\n', 'service: web\n  retries: 3\n'))).toEqual([
    'changed Backend/default/web',
  ])
})
