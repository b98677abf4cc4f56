/** `legate stop`: ends the HAProxy that hold mode `supervise` keeps. */
import { stopSupervised } from '../../haproxy/stop.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { reportFailure } from '../report-outcome.ts'
import { holdOptions } from '../wire.ts'

export async function stop(context: Context): Promise<number> {
  if (context.settings.values.haproxy.hold !== 'supervise') {
    context.console.err(
      'legate: stop is for hold mode supervise (--hold supervise); another HAProxy belongs to its own supervisor\n',
    )
    return EXIT.usage
  }
  const stopped = await stopSupervised(holdOptions(context))
  if (!stopped.ok) {
    reportFailure(context, stopped.failure)
    return EXIT.world
  }
  context.console.out(`${stopped.value}\n`)
  return EXIT.ok
}
