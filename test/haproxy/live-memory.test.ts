import { expect, test } from 'vitest'
import { LiveMemory } from '../../src/haproxy/live-memory.ts'
import type { RunningServer } from '../../src/model/runtime.ts'

/** Server `a` of backend `b`, in drain. */
const ANSWER = [
  '1',
  '# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port',
  '3 b 1 a 10.0.0.1 2 8 0 1 5 1 0 2 0 0 0 0 - 80 - 0 0 - - 0',
  '',
  '',
].join('\n')
const NOTHING_ELSE = { maps: new Map(), certificates: new Map() }

test('a server that is out has rested while nobody has asked for its sessions, unless it has some when somebody does', () => {
  let nowMs = 0
  const memory = new LiveMemory(() => nowMs)
  const look = (sessions: number | undefined): RunningServer | undefined => {
    const servers = memory.readServers(ANSWER) ?? { backends: new Map() }
    const counted = new Map(sessions === undefined ? [] : [['b', new Map([['a', sessions]])]])
    const parts = { ...NOTHING_ELSE, servers, sessions: counted }
    const { state } = memory
    const next = state ? memory.merge(state, parts) : memory.assemble({ ...parts, backends: ['b'] })
    return next?.servers.get('b')?.[0]
  }
  expect(look(undefined)).toMatchObject({ outForMs: 0, sessions: undefined, idleForMs: undefined })
  nowMs = 100
  expect(look(0)).toMatchObject({ outForMs: 100, sessions: 0, idleForMs: 0 })
  nowMs = 800
  expect(look(undefined)).toMatchObject({ outForMs: 800, sessions: undefined, idleForMs: 700 })
  expect(look(1)).toMatchObject({ outForMs: 800, sessions: 1, idleForMs: undefined })
  nowMs = 900
  expect(look(undefined)).toMatchObject({ outForMs: 900, idleForMs: undefined })
  expect(look(0)).toMatchObject({ outForMs: 900, idleForMs: 0 })
})
