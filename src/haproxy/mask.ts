/** A text goes in, the same text without the secrets it quotes comes out. */

/** The longest first: one secret may be a part of another. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, secret.replaceAll("'", String.raw`'\''`)])
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, secret) => masked.replaceAll(secret, '<masked>'), text)
}
