import { expect, test } from 'vitest'
import { consulEnvironment, consulEnvironmentWarnings } from '../../src/consul/settings.ts'

test("every variable of Consul's has its setting", () => {
  const env = {
    CONSUL_HTTP_ADDR: 'https://consul:8501',
    CONSUL_HTTP_TOKEN: 'secret',
    CONSUL_HTTP_TOKEN_FILE: '/t',
    CONSUL_HTTP_SSL_VERIFY: 'false',
    CONSUL_CACERT: '/ca',
    CONSUL_CLIENT_CERT: '/cert',
    CONSUL_CLIENT_KEY: '/key',
    CONSUL_TLS_SERVER_NAME: 'server.dc1.consul',
    CONSUL_NAMESPACE: 'team',
    CONSUL_PARTITION: 'blue',
  }
  const values = consulEnvironment(env)
  expect(Object.fromEntries(values.map(({ path, value }) => [path, value]))).toEqual({
    'consul.address': 'https://consul:8501',
    'consul.token': 'secret',
    'consul.tokenFile': '/t',
    'consul.tls.verify': 'None',
    'consul.tls.caFile': '/ca',
    'consul.tls.certFile': '/cert',
    'consul.tls.keyFile': '/key',
    'consul.tls.serverName': 'server.dc1.consul',
    'consul.namespace': 'team',
    'consul.partition': 'blue',
  })
  expect(values.map(({ from }) => from).toSorted()).toEqual(Object.keys(env).toSorted())
  expect(consulEnvironmentWarnings(env)).toEqual([])
})

test('absent and empty variables say nothing', () => {
  const names = ['ADDR', 'TOKEN', 'SSL', 'SSL_VERIFY', 'AUTH'].map((n) => `CONSUL_HTTP_${n}`)
  const env = Object.fromEntries([...names, 'CONSUL_CAPATH'].map((name) => [name, '']))
  expect(consulEnvironment({})).toEqual([])
  expect(consulEnvironment(env)).toEqual([])
  expect(consulEnvironmentWarnings(env)).toEqual([])
})

test.each([
  ['consul:8500', undefined, 'http://consul:8500'],
  ['consul:8500', 'true', 'https://consul:8500'],
  ['consul:8500', '0', 'http://consul:8500'],
  ['http://consul:8500', '1', 'https://consul:8500'],
  ['https://consul:8500', 'false', 'https://consul:8500'],
  ['unix:///run/c.sock', 'true', 'unix:///run/c.sock'],
])('CONSUL_HTTP_ADDR=%s with CONSUL_HTTP_SSL=%s', (address, ssl, value) => {
  const env = { CONSUL_HTTP_ADDR: address, ...(ssl !== undefined && { CONSUL_HTTP_SSL: ssl }) }
  expect(consulEnvironment(env)).toEqual([
    { path: 'consul.address', value, from: 'CONSUL_HTTP_ADDR' },
  ])
})

test('CONSUL_HTTP_SSL alone turns the address of the settings to https', () => {
  const from = 'CONSUL_HTTP_SSL'
  const env = { CONSUL_HTTP_SSL: 'true' }
  expect(consulEnvironment(env, 'http://consul.internal:8500')).toEqual([
    { path: 'consul.address', value: 'https://consul.internal:8500', from },
  ])
  expect(consulEnvironment(env)).toEqual([
    { path: 'consul.address', value: 'https://127.0.0.1:8500', from },
  ])
})

test('what is set and has no effect is said', () => {
  const env = {
    CONSUL_CAPATH: '/ca.d',
    CONSUL_HTTP_AUTH: 'user:hunter2',
    CONSUL_HTTP_SSL: 'yes',
    CONSUL_HTTP_SSL_VERIFY: 'no',
  }
  const warnings = consulEnvironmentWarnings(env)
  expect(warnings.map(({ from }) => from)).toEqual(Object.keys(env))
  expect(JSON.stringify(warnings)).not.toContain('hunter2')
  expect(consulEnvironment(env)).toEqual([])
})
