/** A daemon at its work: what changes in Consul, in the manifests and in files reaches HAProxy, and nobody notices. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { consulBackend, plainFrontend } from '../e2e/manifests.ts'
import { haproxy, shareConsul } from '../e2e/rig.ts'
import { makeCertificate, ROOT } from '../tools/site.ts'
import { inSoak } from './durations.ts'
import type { DaemonSite } from './rig.ts'
import { expectClean, makeDaemonSite, only, putWebs, startDaemon, underLoad } from './rig.ts'
import { put, remove } from './services.ts'

const shared = await shareConsul()
const consul = shared ?? { address: '', call: () => Promise.reject(new Error('no Consul')) }

const RENEWED = `---
apiVersion: legate/v1
kind: Frontend
metadata: { name: https }
spec:
  listeners:
    - name: tls
      address: 127.0.0.1
      port: TLS_PORT
      protocol: HTTPS
      tls: { certificateRefs: [{ name: farmer }] }
  defaultBackendRef: { name: app }
---
apiVersion: legate/v1
kind: Certificate
metadata: { name: farmer }
spec: { file: certs/farmer.pem }
`

/** For two minutes, once a second; or faster and shorter. */
const FLAPS = inSoak(120, 60)

describe.skipIf(haproxy === undefined || shared === undefined)('following', () => {
  test('instances come, fail and go; who left stays named until there are enough again', async () => {
    const app = 'come-and-go'
    await putWebs(consul, app, [1, 2, 3])
    const site = await makeDaemonSite(
      consul,
      (s) => plainFrontend(s) + consulBackend('app', app, ['capacity: { desired: 3, minimum: 2 }']),
    )
    const daemon = await startDaemon(site)
    await daemon.servers('app', 3)
    const seen = await underLoad(site, [only(app)], async () => {
      await remove(consul, `${app}-1`)
      await daemon.servers('app', 2)
      const [port = 0] = await putWebs(consul, app, [4])
      await daemon.servers('app', 3)
      await put(consul, { service: app, id: `${app}-4`, port, health: 'critical' })
      const { passes } = await daemon.servers('app', 2)
      await remove(consul, `${app}-2`)
      // Long after the pass that saw it leave.
      const status = await daemon.until(
        (s) => s.backends[0]?.available === 1 && passesOf(s) > passesOf({ passes }) + 2,
      )
      expect(status.backends[0]).toMatchObject({ level: 'BelowMinimum', desired: 3 })
      expect(status.backends[0]?.out.map((o) => `${o.instance.split(' ')[0]} ${o.why}`)).toEqual([
        `${app}-4 is critical: check "check of ${app}-4"`,
        `${app}-2 is no longer registered`,
      ])
      await put(consul, { service: app, id: `${app}-4`, port })
      await putWebs(consul, app, [5])
      const healthy = await daemon.servers('app', 3)
      expect(healthy.backends[0]).toMatchObject({ level: 'Healthy' })
      await daemon.until((s) => s.backends[0]?.out.length === 0)
    })
    expectClean(seen)
    expect(daemon.log).toMatch(
      /BelowDesired \(was Healthy\), 2 of 3 servers: come-and-go-1 on \S+ \(\S+\) is no longer registered$/m,
    )
    expect(daemon.log.match(/ is BelowMinimum /g)).toHaveLength(1)
    expect((await daemon.stop()).code).toBe(0)
  })

  test('a new template, a renewed certificate, a person who asks', async () => {
    const app = 'files'
    await putWebs(consul, app, [1])
    const site = await makeDaemonSite(
      consul,
      (s) =>
        plainFrontend(s) +
        consulBackend('app', app) +
        RENEWED.replace('TLS_PORT', String(s.tlsPort)),
      { templates: 'templates', loop: { look: '10m' } },
    )
    mkdirSync(site.path('files/certs'))
    mkdirSync(site.path('templates'))
    await makeCertificate(site.path('files/certs/farmer.pem'))
    const daemon = await startDaemon(site)
    await daemon.servers('app', 1)
    const seen = await underLoad(site, [only(app)], async () => {
      const before = await fingerprintAt(site.tlsPort)
      await makeCertificate(site.path('files/certs/farmer.pem'))
      await daemon.logged('farmer.pem is new')
      expect(await fingerprintAt(site.tlsPort)).not.toBe(before)

      const template = readFileSync(join(ROOT, 'templates/defaults.cfg.njk'), 'utf8')
      site.write(
        'templates/defaults.cfg.njk',
        template.replace(/^(defaults .*)$/m, '$1\n    # ours'),
      )
      await expect.poll(() => site.read('haproxy.cfg'), { timeout: 5000 }).toContain('# ours')
      await daemon.until((s) => s.sync === 'InSync')

      daemon.signal('SIGHUP')
      const asked = await daemon.until((s) => s.lastPass?.reasons.includes('SIGHUP') === true)
      expect(asked.lastPass?.result).toBe('in-sync')
    })
    expectClean(seen)
  })

  test('an instance that flaps: few passes, no failed request', { timeout: 300_000 }, async () => {
    const app = 'flapping'
    const [port = 0] = await putWebs(consul, app, [1, 2, 3])
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app))
    const daemon = await startDaemon(site)
    const before = passesOf(await daemon.servers('app', 3))
    const seen = await underLoad(site, [only(app)], async () => {
      for (let i = 0; i < FLAPS; i += 1) {
        const health = i % 2 === 0 ? 'critical' : 'passing'
        await put(consul, { service: app, id: `${app}-1`, port, health })
        await pause(inSoak(1_000, 30))
      }
      await put(consul, { service: app, id: `${app}-1`, port })
      await daemon.servers('app', 3)
    })
    expectClean(seen)
    expect(passesOf(await daemon.status()) - before).toBeLessThan(inSoak(2 * FLAPS + 300, 15))
  })

  test('300 changes in a row: what Consul has in the end, few passes, no descriptor more', async () => {
    const app = 'churn'
    const site = await makeDaemonSite(consul, (s) => plainFrontend(s) + consulBackend('app', app), {
      guards: { backendShare: 100, totalShare: 100 },
    })
    const here = new Set<number>()
    const toggle = async (number: number): Promise<void> => {
      const id = `${app}-${number}`
      if (here.delete(number)) return remove(consul, id)
      here.add(number)
      return put(consul, { service: app, id, port: 100 + number })
    }
    /** Of 23 instances in turn, by steps of 7. */
    const change = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i += 1) await toggle((i * 7) % 23)
      const ports = [...here].map((number) => 100 + number).toSorted((a, b) => a - b)
      await expect.poll(() => portsIn(site), { timeout: 10_000 }).toEqual(ports)
      await daemon.servers('app', ports.length)
    }
    await toggle(22)
    const daemon = await startDaemon(site)
    await daemon.servers('app', 1)
    await change(0, 20)
    const before = { passes: passesOf(await daemon.status()), descriptors: daemon.descriptors }

    await change(20, 320)

    expect(passesOf(await daemon.status()) - before.passes).toBeLessThan(30)
    await expect.poll(() => daemon.descriptors, { timeout: 5000 }).toBe(before.descriptors)
  })
})

function passesOf({ passes }: { readonly passes: Readonly<Record<string, number>> }): number {
  return Object.values(passes).reduce((sum, count) => sum + count, 0)
}

/** Ports of the servers that haproxy.cfg has. */
function portsIn(site: DaemonSite): number[] {
  const ports = site.read('haproxy.cfg').matchAll(/^ +server i-\S+ \S+?:(\d+)/gm)
  return [...ports].map((found) => Number(found[1])).toSorted((a, b) => a - b)
}

/** Of the certificate that HAProxy shows. */
function fingerprintAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })
}
