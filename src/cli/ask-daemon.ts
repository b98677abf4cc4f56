/** An address and a path → what the daemon answers there, or that none does. */
import { get } from 'node:http'
import type { Result } from '../model/failure.ts'
import { fail, ok, printable } from '../model/failure.ts'

/** The daemon and this command are one program: the answer has the type that it is asked for with. */
export function askDaemon<T>(listen: string, path: string): Promise<Result<T>> {
  return new Promise((resolve) => {
    const away = (why: string): void =>
      resolve(
        fail({
          reason: 'timeout',
          message: `no daemon answers on ${listen}: ${printable(why)}`,
          hint: 'is `legate reconcile` running, and with the same `listen`?',
          transient: true,
        }),
      )
    if (listen === 'off') return away('`listen` is off')
    const request = get(`http://${listen}${path}`, { timeout: 5000 }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('error', (error) => away(error.message))
      response.on('end', () => {
        if (response.statusCode !== 200) return away(`status ${response.statusCode ?? 0}`)
        const parsed: T = JSON.parse(body)
        resolve(ok(parsed))
      })
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
    request.on('error', (error) => away(error.message))
  })
}
