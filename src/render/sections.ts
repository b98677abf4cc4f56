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
import type { Outcome } from './section.ts'
import { attempt } from './section.ts'
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

export const renderBackend: Render<BackendSection> = remember((section, templates) =>
  attempt(templates, section.resource, () => ({
    template: 'backend.cfg.njk',
    context: views.backendView(section),
    expected: expected.expectBackend(section),
    resource: section.resource,
    files: [],
  })),
)

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
