/** Each kind of section with its template, its view and what it must say; remembered, so that only what changed is rendered. */
import { remember } from '../model/remember.ts'
import type { Templates } from '../model/snapshot.ts'
import type {
  BackendSection,
  DefaultsSection,
  FrontendSection,
  GlobalSection,
  UserlistSection,
} from '../model/topology.ts'
import * as expected from './expected.ts'
import type { Layout, MapPart } from './map-files.ts'
import { mapFiles } from './map-files.ts'
import type { InPieces, Outcome } from './section.ts'
import { atOnce, attempt, attemptInPieces } from './section.ts'
import { serverIds } from './server-ids.ts'
import * as views from './views.ts'

/** Stands in the global section where the stamp will be; as long as the stamp. */
export const NO_STRUCTURE: string = '0'.repeat(64)

type Render<S extends object> = (section: S, templates: Templates) => Outcome

export const renderGlobal: Render<GlobalSection> = remember((section, templates) =>
  attempt(templates, section.resource, () => ({
    template: 'global.cfg.njk',
    context: views.globalView(section, NO_STRUCTURE),
    expected: expected.expectGlobal(section, NO_STRUCTURE),
    resource: section.resource,
    files: [],
  })),
)

export const renderDefaults: Render<DefaultsSection> = remember((section, templates) =>
  attempt(templates, section.resource, () => ({
    template: 'defaults.cfg.njk',
    context: views.defaultsView(section),
    expected: expected.expectDefaults(section),
    resource: section.resource,
    files: [],
  })),
)

export const renderUserlist: Render<UserlistSection> = remember((section, templates) =>
  attempt(templates, section.resource, () => ({
    template: 'userlist.cfg.njk',
    context: views.userlistView(section),
    expected: expected.expectUserlist(section),
    resource: section.resource,
    files: [],
  })),
)

interface Backend {
  readonly templates: Templates
  readonly of: InPieces<Outcome> | Outcome
}

/** By section, what its newest templates make of it. */
const backends = new WeakMap<BackendSection, Backend>()

function backendOf(section: BackendSection, templates: Templates): Backend['of'] {
  const known = backends.get(section)
  return known?.templates === templates ? known.of : workOn(section, templates)
}

export const renderBackend: Render<BackendSection> = (section, templates) => {
  const known = backendOf(section, templates)
  if ('ok' in known) return known
  const outcome = atOnce(known)
  backends.set(section, { templates, of: outcome })
  return outcome
}

/** Goes a piece of the way that `renderBackend` goes; false where all of it is done. */
export function advanceBackend(section: BackendSection, templates: Templates): boolean {
  const known = backendOf(section, templates)
  if ('ok' in known) return false
  const step = known.next()
  backends.set(section, { templates, of: step.done === true ? step.value : known })
  return true
}

function workOn(section: BackendSection, templates: Templates): InPieces<Outcome> {
  return attemptInPieces(templates, section.resource, () => {
    const ids = serverIds(section.servers.map(({ name }) => name))
    return {
      template: 'backend.cfg.njk',
      context: views.backendView(section, ids),
      expected: expected.expectBackend(section, ids),
      resource: section.resource,
      files: [],
    }
  })
}

export const renderUnrouted: (templates: Templates) => Outcome = remember((templates) =>
  attempt(templates, undefined, () => ({
    template: 'unrouted.cfg.njk',
    context: {},
    expected: expected.expectUnrouted(),
    resource: undefined,
    files: [],
  })),
)

export const renderFrontend: (
  section: FrontendSection,
  templates: Templates,
  layout: Layout,
) => Outcome = remember((section, templates, layout) =>
  attempt(templates, section.resource, () => {
    const files = mapFiles(section, layout)
    const paths = new Map<MapPart, string>(files.map(({ part, path }) => [part, path]))
    return {
      template: 'frontend.cfg.njk',
      context: views.frontendView(section, Object.fromEntries(paths)),
      expected: expected.expectFrontend(section, [...paths.values()]),
      resource: section.resource,
      files,
    }
  }),
)
