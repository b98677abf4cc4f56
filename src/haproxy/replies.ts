/**
 * What HAProxy answered goes in, whether that is what a command that worked answers comes out.
 *
 * `set severity-output number` would mark errors, but holds for one connection to a worker, and a master
 * makes a new one for each command (up to 2.8 in its prompt mode, too): the words themselves are known
 * instead, of 2.6 to 3.2, and every other answer is an error.
 */

const WHAT_MOVED =
  "(?:IP changed from '[^']*' to '[^']*'|no need to change the addr|" +
  "port changed from '[^']*' to '[^']*'|no need to change the port)"

export type Expected =
  | 'silence'
  | 'added'
  | 'deleted'
  | 'moved'
  /** Whatever came of it: the next command tells. */
  | 'waited'
  | 'version'
  | 'transaction'
  | 'committed'
  | 'aborted'

const ANSWERS: Readonly<Record<Expected, RegExp>> = {
  silence: /^$/,
  added: /^New server registered\.$/,
  deleted: /^Server deleted\.$/,
  moved: new RegExp(`^(?:nothing changed|${WHAT_MOVED}(?:, ${WHAT_MOVED})*(?: by '[^']*')?)$`),
  waited: /^/,
  version: /^New version created: \d+$/,
  transaction: /^Transaction (?:created|updated) for certificate .*!$/,
  committed: /^Committing [^]*\nSuccess!$/,
  aborted: /^Transaction aborted for certificate .*!$/,
}

export function isExpected(expected: Expected, reply: string): boolean {
  return ANSWERS[expected].test(reply)
}

/** To `add server`: one of that name is there. Its number, drawn from the name, is what HAProxy finds first. */
export function isTaken(reply: string, name: string): boolean {
  return (
    reply.startsWith('Already exists a server with the same name') ||
    (/^'id' : custom id \d+ already used at /.test(reply) && reply.includes(`('server ${name}')`))
  )
}

/** To `del server`. */
export function isStillInUse(reply: string): boolean {
  return reply.startsWith('Server still has connections attached to it')
}
