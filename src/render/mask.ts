/** Text for showing: in goes text with secrets, out comes the same with a marker in their place. */
import { quote } from './quote.ts'

const MASK = '<masked>'

/** Every secret goes, as it is and as the configuration file spells it; the longest first. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => (secret === '' ? [] : [secret, quote(secret).replaceAll(/^'|'$/g, '')]))
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, MASK), text)
}
