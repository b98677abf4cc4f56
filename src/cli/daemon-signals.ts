/** SIGHUP, SIGINT and SIGTERM of the daemon, from its very start: what is asked for early is not lost, nor deadly. */
import { EXIT } from './exit-codes.ts'

export interface DaemonSignals {
  /** Settles with the first SIGINT or SIGTERM. */
  readonly ended: Promise<void>
  /** A SIGHUP that came before is told at once. */
  onHangUp(run: () => void): void
}

/** A second signal, or the deadline after the first, ends the process at once. */
export function listenForSignals(deadlineMs: number): DaemonSignals {
  let isEarly = false
  let onHangUp = (): void => {
    isEarly = true
  }
  process.on('SIGHUP', () => onHangUp())
  const ended = new Promise<void>((resolve) => {
    let isEnding = false
    const onSignal = (): void => {
      if (isEnding) process.exit(EXIT.world)
      isEnding = true
      setTimeout(() => process.exit(EXIT.world), deadlineMs).unref()
      resolve()
    }
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  })
  return {
    ended,
    onHangUp: (run) => {
      onHangUp = run
      if (isEarly) run()
    },
  }
}
