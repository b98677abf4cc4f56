/** Who goes along with the daemon's loop and is told what happens: notifications, Consul's view of it, systemd, the watch over certificates. */
import { hash } from 'node:crypto'
import { durationMs } from '../compile/duration.ts'
import { registerDaemon, type Health, type Registration } from '../consul/registration.ts'
import { readVersion } from '../files/schemas.ts'
import type { Event } from '../model/event.ts'
import type { Notifier } from '../notify/notifier.ts'
import { sentenceOf } from '../report/log.ts'
import type { Metrics } from '../report/metrics.ts'
import type { Seen } from '../report/metrics-input.ts'
import type { Status } from '../report/status.ts'
import { CertificateWatch } from './certificate-watch.ts'
import { systemClock } from './clock.ts'
import type { NotifierMemory } from './daemon-notify.ts'
import { openNotifier } from './daemon-notify.ts'
import { LoopHealth } from './loop-health.ts'
import type { SettingsValues } from './settings.ts'
import { openSystemd, saySystemd, type Systemd } from './systemd.ts'
import { consulAccess } from './wire.ts'

export interface CompanionPorts {
  readonly values: SettingsValues
  readonly metrics: Metrics
  readonly status: () => Status
  /** What they have to say themselves. */
  readonly emit: (event: Event) => void
  readonly complain: (message: string) => void
  readonly notified: NotifierMemory
}

export class Companions {
  readonly #ports: CompanionPorts
  readonly #notifier: Notifier
  readonly #certificates = new CertificateWatch()
  readonly #health: LoopHealth
  readonly #systemd: Systemd | undefined
  readonly #registration: Registration | undefined

  constructor(ports: CompanionPorts) {
    const { values, metrics, emit, status, complain, notified } = ports
    this.#ports = ports
    this.#notifier = openNotifier(values, metrics, emit, notified)
    this.#health = new LoopHealth(healthLimits(values), systemClock.monotonicMs())
    this.#systemd = openSystemd({
      env: process.env,
      pid: process.pid,
      clock: systemClock,
      say: saySystemd,
      isAlive: () => this.#health.isAlive(systemClock.monotonicMs()),
      status: () => inWords(status()),
      complain,
    })
    this.#registration = register(ports)
  }

  onEvent(event: Event): void {
    this.#health.onEvent(event, systemClock.monotonicMs())
    const sentence = sentenceOf(event) ?? ''
    this.#notifier.onEvent({ event, sentence, atMs: systemClock.dateMs() })
    this.#systemd?.onEvent(event)
  }

  /** After each pass. */
  onSeen({ certificates }: Seen): void {
    this.#systemd?.onPass()
    this.#registration?.refresh()
    if (certificates === undefined) return
    for (const event of this.#certificates.look(certificates(), systemClock.dateMs()))
      this.#ports.emit(event)
  }

  async close(): Promise<void> {
    this.#notifier.close()
    await Promise.all([this.#registration?.close(), this.#systemd?.close()])
  }
}

function inWords({ sync, why }: Status): string {
  return [sync, ...why].join('; ').slice(0, 500)
}

/** More than everything that a pass may wait for, and than any pause between passes. */
function healthLimits({ loop, haproxy, consul }: SettingsValues): {
  readonly idleMs: number
  readonly passMs: number
} {
  const { checkTimeout, reloadTimeout, settle, stopTimeout, socketTimeout } = haproxy
  const waits = [checkTimeout, reloadTimeout, settle, stopTimeout, socketTimeout]
  const applyMs = waits.reduce((sum, wait) => sum + durationMs(wait), 0)
  const observeMs = durationMs(loop.syncTimeout) + durationMs(consul.timeout)
  return {
    idleMs: durationMs(loop.look) + 120_000,
    // A roll back takes as long as what it undoes.
    passMs: observeMs + 3 * applyMs + 120_000,
  }
}

const HEALTH: Readonly<Record<Status['sync'], Health['status']>> = {
  InSync: 'passing',
  Starting: 'warning',
  Held: 'warning',
  Suspended: 'warning',
  Failing: 'critical',
}

function register({ values, status, complain }: CompanionPorts): Registration | undefined {
  const { registerAs, registerTtl } = values.consul
  if (registerAs === undefined) return undefined
  const tells = hash('sha256', values.haproxy.configFile).slice(0, 8)
  const at = reachable(values.listen)
  return registerDaemon({
    access: consulAccess(values),
    clock: systemClock,
    service: registerAs,
    // The same after a restart, whatever became of the one before.
    id: `${registerAs}-${tells}`,
    ttlMs: durationMs(registerTtl),
    version: readVersion(),
    health: () => ({ status: HEALTH[status().sync], output: inWords(status()) }),
    tell: (failure) =>
      complain(
        failure === undefined
          ? 'Consul takes the registration of the daemon again'
          : `the daemon is not registered: ${failure.message} (${failure.hint ?? ''})`,
      ),
    ...(at !== undefined && { at }),
  })
}

/** Undefined for what only this machine reaches. */
function reachable(
  listen: string,
): { readonly address: string; readonly port: number } | undefined {
  const at = listen.lastIndexOf(':')
  const address = listen.slice(0, Math.max(0, at)).replace(/^\[|\]$/g, '')
  const isLocal = /^(|127\..*|::1|0\.0\.0\.0|::)$/.test(address)
  return isLocal ? undefined : { address, port: Number(listen.slice(at + 1)) }
}
