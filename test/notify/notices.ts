/** Notices and events for the tests of who is told what. */
import type { Capacity, Event } from '../../src/model/event.ts'
import type { Notice } from '../../src/notify/notice.ts'

export function aProblem(changes: Partial<Notice> = {}): Notice {
  return {
    topic: 'Capacity',
    object: 'Backend/default/api',
    reason: 'BackendBelowDesired',
    state: 'Problem',
    severity: 'warning',
    message: 'Backend/default/api is BelowDesired',
    atMs: 0,
    ...changes,
  }
}

export function aRecovery(changes: Partial<Notice> = {}): Notice {
  return aProblem({
    reason: 'BackendRecovered',
    state: 'Recovery',
    severity: 'info',
    message: 'Backend/default/api is Healthy',
    ...changes,
  })
}

export function capacityEvent(level: Capacity['level'], name = 'api'): Event {
  return {
    type: 'capacity-changed',
    before: undefined,
    capacity: {
      resource: `Backend/default/${name}`,
      level,
      available: 1,
      out: [],
      isUnhealthy: false,
      held: false,
    },
  }
}
