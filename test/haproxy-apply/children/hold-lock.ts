/** Takes the lock of the file argv[2], says so, and keeps it until it is killed. */
import { acquireLock } from '../../../src/haproxy/lock.ts'

const lock = await acquireLock(process.argv[2] ?? '', 0)
process.stdout.write(lock.ok ? 'held' : JSON.stringify(lock.failure))
setInterval(() => undefined, 1000)
