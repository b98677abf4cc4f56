/** Every diagnostic code → what it says, why Legate says it, and what to do: the text of `legate explain CODE`. */
import type { DiagnosticCode } from '../model/codes.ts'
import { CODES } from '../model/codes.ts'

interface CodeExplanation {
  /** Why this is a mistake, or worth a word. */
  readonly why: string
  /** What to do about it. */
  readonly remedy: string
}

const EXPLANATIONS: Readonly<Record<DiagnosticCode, CodeExplanation>> = {
  LG0001: {
    why: 'Legate reads YAML 1.2 strictly: a text that is taken differently by two readers is not taken at all. Nothing of the file is used, because half a file is another configuration.',
    remedy:
      'Look at the line and the one above it: most often it is indentation by tabs, a missing blank after a colon, or a value with `: ` or `#` in it that needs quotes.',
  },
  LG0002: {
    why: 'Manifests are written by people; a file of many megabytes, hundreds of levels or thousands of documents is a mistake or an attack, and reading it would hold everything else up.',
    remedy: 'Split the file; the message says which limit was met.',
  },
  LG0003: {
    why: 'Control characters and broken UTF-8 can hide what a line does from whoever reviews it, and have no safe spelling in haproxy.cfg.',
    remedy: 'Save the file as UTF-8 and remove the character at the place that is shown.',
  },
  LG0004: {
    why: 'A merge was committed with its conflict markers, or git-lfs has left its pointer instead of the file: neither is what the author meant to deploy.',
    remedy: 'Resolve the conflict, or fetch the file (`git lfs pull`), and commit again.',
  },
  LG0005: {
    why: 'With anchors and aliases a line means what another line far away says, and a few lines can grow into gigabytes.',
    remedy:
      'Write the value out at both places; shared settings of HAProxy belong into a `Defaults`.',
  },
  LG0006: {
    why: 'A path that is configured, or was found below it, cannot be opened: going on without it would take away what it describes.',
    remedy: 'Check that the path is there and that the user Legate runs as may read it.',
  },
  LG0007: {
    why: 'An empty folder is far more often a wrong path or a failed checkout than the wish to have no routes at all.',
    remedy: 'Check `manifests` in the settings (`legate settings` shows where it comes from).',
  },
  LG1001: {
    why: 'The field decides something that has no default which would be right for everybody.',
    remedy: 'Add the field; `legate explain Kind.field` tells what it takes.',
  },
  LG1002: {
    why: 'A field that nobody reads is a setting that somebody believes in: a misspelt timeout would silently be the default.',
    remedy:
      'Mend the spelling (the hint names the nearest field), or look the kind up: `legate explain Kind`.',
  },
  LG1003: {
    why: 'YAML guesses types: `yes`, `0x10` and `1e3` are not text, and `"80"` is no number. Legate converts nothing, so that what is written is what is used.',
    remedy: 'Quote what is text, unquote what is a number.',
  },
  LG1004: {
    why: 'The field takes one of a few words, which Legate translates to those of HAProxy.',
    remedy: 'Use one of the words in the message; case matters.',
  },
  LG1005: {
    why: 'The form keeps apart what belongs to the value and what belongs to HAProxy’s grammar, or to a path or a name.',
    remedy: 'Compare with the description and the pattern: `legate explain Kind.field`.',
  },
  LG1006: {
    why: 'Outside this range HAProxy refuses the value, or it does not mean what it seems to.',
    remedy: 'Choose a value within the range that the message names.',
  },
  LG1007: {
    why: 'The fields are alternatives: with both, one would silently not be used; with none, nothing is said.',
    remedy: 'Keep exactly one of the fields in the message.',
  },
  LG1008: {
    why: 'A list without items, or with the same item twice, is a leftover of an edit more often than an intention.',
    remedy: 'Remove the repeated item, or give at least as many as are needed.',
  },
  LG1009: {
    why: 'Each of the two is right by itself; together they contradict each other or one has no effect.',
    remedy: 'Remove one of the two, as the hint says.',
  },
  LG1090: {
    why: 'The document asks for something that this version of Legate does not know; to ignore it would be to deploy less than was reviewed.',
    remedy: 'Mend the spelling, or keep files that are not for Legate out of its folders.',
  },
  LG1091: {
    why: 'What is and what should be are kept apart: a status in git is out of date the moment it is committed.',
    remedy: 'Remove `status`; `legate status` and the status page show it.',
  },
  LG1092: {
    why: 'The version says what the fields mean; Legate does not guess.',
    remedy: 'Write `apiVersion: legate/v1`, or use the version of Legate that knows this one.',
  },
  LG2001: {
    why: 'Requests would be sent to nothing. An answer of 503 is for backends without servers, not for misspelt names.',
    remedy:
      'Mend the name or the namespace (without one, that of the referrer counts), or add the Backend.',
  },
  LG2002: {
    why: 'A route that hangs on no frontend is reachable by nobody.',
    remedy:
      'Mend `parentRefs`, with the namespace where it is another than the route’s, or add the Frontend.',
  },
  LG2003: {
    why: 'HAProxy could not start with a reference to nothing, or would serve without what was meant to protect.',
    remedy: 'Mend the name or the namespace, or add the resource.',
  },
  LG2004: {
    why: 'A resource of that name exists, but it is of another kind and cannot stand at this place.',
    remedy: 'Refer to a resource of the kind that the message names.',
  },
  LG2005: {
    why: 'HAProxy would refuse to start without the file. It is looked at beforehand, so that a reload does not fail on it.',
    remedy:
      'Put the file where the message says (relative paths are below `filesRoot`) and let Legate’s user read it.',
  },
  LG2006: {
    why: 'While all of them are empty, requests would go round in a circle.',
    remedy: 'Let one of the Backends answer by itself: `onEmpty.policy: ServiceUnavailable`.',
  },
  LG2007: {
    why: 'The file is there, but HAProxy would refuse it or serve something else than meant: a certificate without key, a password that is no crypt hash.',
    remedy: 'The message says what is missing in the file.',
  },
  LG3001: {
    why: 'Which of the two counts would depend on the order of files.',
    remedy: 'Rename or remove one; both places are shown.',
  },
  LG3002: {
    why: 'For each request one rule must win for a reason that can be seen: host, then exactness, then the length of the path. These two are equal in all of them.',
    remedy:
      'Make one of them more specific, or merge them: several `backendRefs` with weights share the requests.',
  },
  LG3004: {
    why: 'Two listeners on one address and port share connections by chance, and HAProxy would not say so.',
    remedy:
      'Give one another port or address, or make them one Frontend. `*` covers every address.',
  },
  LG3006: {
    why: 'The resource describes the whole process, of which there is one.',
    remedy: 'Merge the two into one.',
  },
  LG4001: {
    why: 'It has no effect. Often the reference to it is misspelt, or was removed and the resource forgotten.',
    remedy: 'Refer to it, or remove it.',
  },
  LG4002: {
    why: 'Clients that ask for this host over HTTPS get the certificate of another, and refuse it.',
    remedy: 'Add a certificate that covers the host to the listener’s `certificateRefs`.',
  },
  LG4003: {
    why: 'All requests of this rule are answered with 503. That may be what is wanted during work, so it is no error.',
    remedy: 'Give one of the backends a weight above 0.',
  },
  LG4005: {
    why: 'Browsers refuse an expired certificate from one second to the next.',
    remedy: 'Renew it; Legate takes the new file up by itself.',
  },
  LG5001: {
    why: 'Consul answered, and it knows no instance under this name. It may not be registered yet, or the name is misspelt.',
    remedy:
      'Compare with `consul catalog services`; datacenter, namespace and partition count too.',
  },
  LG5002: {
    why: 'Instances are registered, and none of them may take traffic: they are ill, in maintenance, without the tags, or left out.',
    remedy:
      'The message names the instances and their checks. What happens meanwhile is said by `onEmpty`.',
  },
  LG5003: {
    why: 'What is left serves, with less than was declared to be enough. This is the loss that nobody should learn from users.',
    remedy:
      'Bring the missing instances back; the message says who is missing and why. If less is enough, change `capacity`.',
  },
  LG5004: {
    why: 'What Consul says is not trusted near HAProxy’s grammar: an address that is no plain IP address, a port out of range, or an address that the Backend does not allow.',
    remedy: 'Mend the registration; `addresses` in the Backend says what is allowed.',
  },
  LG5005: {
    why: 'An error is not an empty list. What was known last stays, and HAProxy’s own checks still take dead servers out.',
    remedy:
      'See whether Consul can be reached and whether the services really left. `onEmpty` and the guards say how long it is held.',
  },
  LG5006: {
    why: 'The same server twice would get twice its share. Usually a restarted instance has left its old registration behind.',
    remedy: 'Deregister the old one.',
  },
  LG5007: {
    why: 'The Backend is new, so there is nothing to hold. All others go on.',
    remedy: 'See why Consul does not answer; the question is asked again by itself.',
  },
  LG6001: {
    why: 'A template of your own stopped with an error; nothing was rendered.',
    remedy:
      'The message has the template and its line. `legate render` tries it without touching HAProxy.',
  },
  LG6002: {
    why: 'No string may add a word or a line to haproxy.cfg. That holds only where each value passes the filter of its place.',
    remedy:
      'Pipe the value through the filter of its place (`| word`, `| pattern`, `| path` …): docs/templates.md.',
  },
  LG6003: {
    why: 'The rendered text was read again and lacks, or has twice, what the manifests ask for: a template of your own leaves something out.',
    remedy: 'Compare the template with the shipped one of the same name.',
  },
  LG6004: {
    why: 'HAProxy has no way to write this value at this place, so it would become something else.',
    remedy: 'Choose another value, or another way to say the same.',
  },
  LG7001: {
    why: '`haproxy -c` looked at the configuration and refuses it. Nothing was written; what runs goes on. In the daemon, the last good revision stands in.',
    remedy:
      'The message names the manifest that the line came from. A keyword may need a newer HAProxy.',
  },
  LG7002: {
    why: 'HAProxy starts with it, and says that something in it is probably not what was meant.',
    remedy: 'Mend it while it is only a warning; `haproxy.warnings: Reject` makes it an error.',
  },
}

/** Undefined for what is no code. */
export function explainCode(code: string): string | undefined {
  if (!isCode(code)) return undefined
  const { why, remedy } = EXPLANATIONS[code]
  return [
    `${code}: ${CODES[code]}`,
    '',
    wrap(`Why: ${why}`),
    '',
    wrap(`What to do: ${remedy}`),
    '',
  ].join('\n')
}

function isCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(CODES, code)
}

/** At blanks; for terminals and for pages that are read on them. */
export function wrap(text: string, width = 96, indent = ''): string {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(/\s+/)) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent
    }
    line += line.length > indent.length ? ` ${word}` : word
  }
  return [...lines, line].join('\n')
}
