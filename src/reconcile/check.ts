/** HAProxy's own word on a bundle, as diagnostics at the manifest lines its complaints come from. */
import type { Bundle } from '../model/bundle.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { inOrder } from '../model/diagnostic.ts'
import type { HaproxyMessage } from '../model/ports.ts'
import type { Manifests } from '../model/resource.ts'
import { explainLine } from '../render/explain-line.ts'
import { maskSecrets } from '../render/mask.ts'
import type { Outcome } from './outcome.ts'
import { resourceById } from './reasons.ts'
import type { World } from './world.ts'

export async function checkBundle<
  T extends Outcome & Required<Pick<Outcome, 'manifests' | 'bundle'>>,
>(world: World, outcome: T): Promise<T> {
  if (world.hold === undefined) return outcome
  const checked = await world.hold.check(outcome.bundle)
  if (checked.state === 'not-run')
    return checked.result.ok ? outcome : { ...outcome, failure: checked.result.failure }
  const found = checked.messages.map((m) => toDiagnostic(m, outcome.bundle, outcome.manifests))
  return { ...outcome, diagnostics: inOrder([...outcome.diagnostics, ...found]) }
}

function toDiagnostic(message: HaproxyMessage, bundle: Bundle, manifests: Manifests): Diagnostic {
  const where = message.line === undefined ? undefined : explainLine(bundle, message.line)
  const resource = resourceById(manifests, where?.resource)
  return {
    code: message.severity === 'error' ? 'LG7001' : 'LG7002',
    severity: message.severity,
    message: `HAProxy says: ${maskSecrets(message.text, bundle.secrets)}`,
    ...(message.line !== undefined && {
      hint: `line ${message.line} of the rendered haproxy.cfg; \`legate render\` shows it`,
    }),
    ...(resource !== undefined &&
      where !== undefined && { at: resource.places.value(where.pointer), pointer: where.pointer }),
  }
}
