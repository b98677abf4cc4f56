/**
 * What systemd is told of the daemon: ready, reloading, stopping, alive. Through `systemd-notify`, since Node
 * has no datagram sockets of UNIX; nothing where NOTIFY_SOCKET is not set.
 */
import { execFile } from 'node:child_process'
import type { Event } from '../model/event.ts'
import type { Clock } from '../model/feed.ts'
import { every } from './every.ts'

export interface SystemdPorts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  readonly clock: Clock
  /** Says it to systemd; what went wrong, in words, or nothing. */
  readonly say: (words: readonly string[]) => Promise<string | undefined>
  /** Whether passes begin and end as they should. */
  readonly isAlive: () => boolean
  /** What `systemctl status` shows. */
  readonly status: () => string
  readonly complain: (message: string) => void
}

export interface Systemd {
  onEvent(event: Event): void
  /** A pass has ended, and the status says what came of it. */
  onPass(): void
  /** Ends when the last word has been said. */
  close(): Promise<void>
}

const TIMEOUT_MS = 5000

export function openSystemd(ports: SystemdPorts): Systemd | undefined {
  return (ports.env['NOTIFY_SOCKET'] ?? '') === '' ? undefined : new Speaker(ports)
}

class Speaker implements Systemd {
  readonly #ports: SystemdPorts
  readonly #endWatchdog: () => void
  #last: Promise<void> = Promise.resolve()
  #waiting = 0
  #isReady = false
  #hasComplained = false
  #status = ''

  constructor(ports: SystemdPorts) {
    this.#ports = ports
    // Half of the time that systemd waits.
    this.#endWatchdog = every(ports.clock, watchdogMs(ports) / 2, () => this.#ping())
  }

  onEvent(event: Event): void {
    if (event.type === 'stopping') this.#say('STOPPING=1')
    if (event.type === 'pass-began' && event.reasons.includes('SIGHUP')) this.#onReload()
    if (event.type === 'pass-ended' && event.result === 'bug') this.onPass()
  }

  onPass(): void {
    const status = `STATUS=${this.#ports.status()}`
    const words = [
      ...(this.#isReady ? [] : ['READY=1']),
      ...(status === this.#status ? [] : [status]),
    ]
    this.#isReady = true
    this.#status = status
    if (words.length > 0) this.#say(...words)
  }

  async close(): Promise<void> {
    this.#endWatchdog()
    await this.#last
  }

  /** Everything is read anew; ready again when that pass has ended. */
  #onReload(): void {
    if (!this.#isReady) return
    this.#isReady = false
    const atUs = process.hrtime.bigint() / 1000n
    this.#say('RELOADING=1', `MONOTONIC_USEC=${atUs}`)
  }

  #ping(): void {
    // One that waits behind others is as good.
    if (this.#waiting === 0 && this.#ports.isAlive()) this.#say('WATCHDOG=1')
  }

  /** One after the other: systemd must not hear of the end before the beginning. */
  #say(...words: readonly string[]): void {
    this.#waiting += 1
    this.#last = this.#sayAfter(this.#last, words)
  }

  async #sayAfter(before: Promise<void>, words: readonly string[]): Promise<void> {
    await before
    const trouble = await this.#ports.say(words)
    this.#waiting -= 1
    if (trouble === undefined || this.#hasComplained) return
    this.#hasComplained = true
    this.#ports.complain(`systemd is not told how it goes: ${trouble}`)
  }
}

/** 0 where there is no watchdog for this process. */
function watchdogMs({ env, pid }: SystemdPorts): number {
  const micros = env['WATCHDOG_USEC'] ?? ''
  const isForMe = [undefined, '', String(pid)].includes(env['WATCHDOG_PID'])
  return isForMe && /^[1-9]\d{0,15}$/.test(micros) ? Number(micros) / 1000 : 0
}

export function saySystemd(words: readonly string[]): Promise<string | undefined> {
  const { NOTIFY_SOCKET, PATH } = process.env
  return new Promise((resolve) => {
    execFile(
      'systemd-notify',
      [...words],
      { env: { NOTIFY_SOCKET, PATH }, timeout: TIMEOUT_MS },
      (error) => resolve(error === null ? undefined : `systemd-notify: ${error.code ?? 'failed'}`),
    )
  })
}
