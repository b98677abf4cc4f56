/** Capacities → one line a Backend, and who is missing and why below it. */
import type { Capacity } from '../model/event.ts'

export function printCapacities(capacities: readonly Capacity[]): string {
  const width = Math.max(0, ...capacities.map((c) => c.resource.length))
  return capacities.map((c) => printCapacity(c, width)).join('')
}

function printCapacity(capacity: Capacity, width: number): string {
  const { available, desired, level, held } = capacity
  const count = desired === undefined ? String(available) : `${available} of ${desired}`
  const state = `${level === 'Healthy' ? '' : `  ${level}`}${held ? '  held' : ''}`
  const noun = (desired ?? available) === 1 ? 'server' : 'servers'
  return [
    `${capacity.resource.padEnd(width)}  ${count} ${noun}${state}`,
    ...capacity.out.map((o) => `    ${o.instance} ${o.why}`),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
