import { expect, test } from 'vitest'
import { parseAddress } from '../../src/consul/address.ts'

test.each([
  ['127.0.0.1:8500', 'http://127.0.0.1:8500', false, { host: '127.0.0.1', port: 8500 }],
  ['consul://10.0.0.1:8500', 'http://10.0.0.1:8500', false, { host: '10.0.0.1', port: 8500 }],
  ['localhost:8500', 'http://localhost:8500', false, { host: 'localhost', port: 8500 }],
  ['http://consul/', 'http://consul', false, { host: 'consul', port: 80 }],
  [
    'https://Consul.Example/',
    'https://consul.example',
    true,
    { host: 'consul.example', port: 443 },
  ],
  ['https://[::1]:8501', 'https://[::1]:8501', true, { host: '::1', port: 8501 }],
  ['unix:///run/c.sock', 'unix:///run/c.sock', false, { socketPath: '/run/c.sock' }],
])('%s', (text, name, tls, connect) => {
  expect(parseAddress(text)).toEqual({ ok: true, value: { name, tls, connect, prefix: '' } })
})

test('a path is a prefix', () => {
  expect(parseAddress('https://proxy/consul/')).toMatchObject({
    value: { name: 'https://proxy/consul', prefix: '/consul' },
  })
})

test.each(['', 'ftp://x', 'http://', 'unix://relative', 'http://x?token=1', 'http://x:99999'])(
  '%j is refused with a remedy',
  (text) => {
    expect(parseAddress(text)).toMatchObject({
      ok: false,
      failure: { hint: expect.any(String), transient: false },
    })
  },
)

test.each(['http://user:hunter2@consul:8500', 'http://user:hunter 2@consul'])(
  'a password in the address is not shown: %j',
  (text) => {
    const refused = parseAddress(text)
    expect(refused).toMatchObject({ failure: { hint: expect.stringContaining('tokenFile') } })
    expect(JSON.stringify(refused)).not.toContain('hunter')
  },
)

test('control characters are not repeated', () => {
  expect(JSON.stringify(parseAddress('ftp://\u001b[31m'))).not.toContain('\\u001b')
})
