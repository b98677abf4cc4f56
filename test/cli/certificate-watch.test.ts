/** Certificates that are about to end, have ended, or are renewed: each told once. */
import { expect, test } from 'vitest'
import { CertificateWatch } from '../../src/cli/certificate-watch.ts'

const DAY = 24 * 3_600_000

test('a certificate from fresh to renewed', () => {
  const watch = new CertificateWatch()
  const look = (endsInDays: number): string[] =>
    watch
      .look(new Map([['default/shop', endsInDays * DAY]]), 0)
      .map((e) => (e.type === 'certificate-expiring' ? `${e.type} ${e.isOver}` : e.type))
  expect([15, 14, 13, 13, 0, -1, 300, 300].map(look)).toEqual([
    [],
    [],
    ['certificate-expiring false'],
    [],
    ['certificate-expiring true'],
    [],
    ['certificate-renewed'],
    [],
  ])
})

test('one that is no longer declared is no trouble any more', () => {
  const watch = new CertificateWatch()
  expect(watch.look(new Map([['default/shop', DAY]]), 0)).toEqual([
    {
      type: 'certificate-expiring',
      resource: 'Certificate/default/shop',
      notAfterMs: DAY,
      isOver: false,
    },
  ])
  expect(watch.look(new Map(), 0)).toEqual([
    { type: 'certificate-renewed', resource: 'Certificate/default/shop' },
  ])
})
