/** A path for a UNIX socket goes in; out comes whether HAProxy can make one there. */
import { fail, ok, printable, type Result } from '../model/failure.ts'

/** HAProxy binds `<path>.<pid>.tmp` first, and the kernel knows 107 bytes. */
export const MAX_SOCKET_PATH = 97

export function checkSocketPath(path: string): Result<void> {
  const bytes = Buffer.byteLength(path)
  if (bytes <= MAX_SOCKET_PATH) return ok(undefined)
  return fail({
    reason: 'haproxy-unreachable',
    message: `the socket path ${printable(path)} has ${bytes} bytes; HAProxy can use ${MAX_SOCKET_PATH}`,
    hint: 'set `haproxy.masterSocket` and `haproxy.statsSocket` to shorter paths',
    transient: false,
  })
}
