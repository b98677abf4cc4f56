/** Milliseconds → how long it took, in as many figures as a person reads. */

export function took(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`
}
