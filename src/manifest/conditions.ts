/** What one document must keep beyond its schema: conditions between its fields, kind by kind. */
import type {
  Backend,
  Certificate,
  Defaults,
  Frontend,
  Global,
  HostRoute,
  Userlist,
} from '../model/manifest.gen.ts'
import type { Kind, SpecOf } from '../model/resource.ts'
import type { Breach } from './breach.ts'
import {
  addressBreach,
  exactlyOne,
  itemsDiffer,
  missing,
  networkBreach,
  unfitting,
} from './breach.ts'
import { filterFits } from './filters.ts'
import { below } from './pointer.ts'

type Condition<S> = (spec: S) => readonly Breach[]

const CONDITIONS: { readonly [K in Kind]: readonly Condition<SpecOf[K]>[] } = {
  Global: [logAddressesAreAddresses],
  Defaults: [errorFilesDiffer],
  Frontend: [listenersDiffer, tlsBelongsToHttps, listenerAddressesAreCanonical, headerFiltersFit],
  HostRoute: [rulesDiffer, rulesDoOneThing, redirectsOnce, routeFiltersFit],
  Backend: [
    oneSource,
    headerBelongsToHeader,
    fallbackBelongsToFallback,
    minimumWithinDesired,
    serversDiffer,
    serverAddressesAreCanonical,
    networksAreCanonical,
  ],
  Certificate: [oneFile],
  Userlist: [usersDiffer],
}

/** The spec has the shape that its schema asks for; values may still be wrong. */
export function breaches<K extends Kind>(kind: K, spec: SpecOf[K]): Breach[] {
  return CONDITIONS[kind].flatMap((condition) => condition(spec))
}

function logAddressesAreAddresses({ log }: Global['spec']): Breach[] {
  return log.flatMap(({ address }, i) => {
    const about = below('/spec/log', i)
    const server = /^\[?([\d.]+|[^\]/]*:[^\]/]*)\]?(?::(\d+))?$/.exec(address)
    if (server === null) return []
    const [, host = '', port = '514'] = server
    if (Number(port) < 1 || Number(port) > 65_535)
      return [unfitting(about, 'address', `"${port}" is no port`, 'ports go from 1 to 65535')]
    return addressBreach(about, 'address', host)
  })
}

function errorFilesDiffer({ errorFiles }: Defaults['spec']): Breach[] {
  return itemsDiffer(
    '/spec/errorFiles',
    'status',
    errorFiles.map(({ status }) => status),
  )
}

function listenersDiffer({ listeners }: Frontend['spec']): Breach[] {
  return itemsDiffer(
    '/spec/listeners',
    'name',
    listeners.map(({ name }) => name),
  )
}

function tlsBelongsToHttps({ listeners }: Frontend['spec']): Breach[] {
  return listeners.flatMap(({ protocol, tls }, i) => {
    const about = below('/spec/listeners', i)
    if (protocol === 'HTTPS' && tls === undefined)
      return [missing(about, 'tls', 'a listener with protocol HTTPS needs certificates')]
    if (protocol === 'HTTP' && tls !== undefined)
      return [unfitting(about, 'tls', 'tls is only for protocol HTTPS', 'add "protocol: HTTPS"')]
    return []
  })
}

function listenerAddressesAreCanonical({ listeners }: Frontend['spec']): Breach[] {
  return listeners.flatMap(({ address }, i) =>
    address === '*' ? [] : addressBreach(below('/spec/listeners', i), 'address', address),
  )
}

function headerFiltersFit({ filters }: Frontend['spec']): Breach[] {
  return filters.flatMap((filter, i) => filterFits(filter, below('/spec/filters', i)))
}

function rulesDiffer({ rules }: HostRoute['spec']): Breach[] {
  return itemsDiffer(
    '/spec/rules',
    'name',
    rules.map(({ name }) => name),
  )
}

function rulesDoOneThing({ rules }: HostRoute['spec']): Breach[] {
  const hint = 'a rule has either backendRefs or a filter of type RequestRedirect'
  return rules.flatMap(({ filters, backendRefs }, i): Breach[] => {
    const about = below('/spec/rules', i)
    const base = { code: 'LG1007', about, hint } as const
    const redirects = filters.some(({ type }) => type === 'RequestRedirect')
    if (!redirects && backendRefs.length === 0)
      return [{ ...base, pointer: about, on: 'value', message: 'the rule leads nowhere' }]
    if (!redirects || backendRefs.length === 0) return []
    const message = 'a rule that redirects has no backendRefs'
    return [{ ...base, pointer: below(about, 'backendRefs'), on: 'key', message }]
  })
}

function redirectsOnce({ rules }: HostRoute['spec']): Breach[] {
  return rules.flatMap(({ filters }, i) => {
    const about = below('/spec/rules', i, 'filters')
    const types = filters.map(({ type }) => (type === 'RequestRedirect' ? type : undefined))
    return itemsDiffer(about, 'type', types)
  })
}

function routeFiltersFit({ rules }: HostRoute['spec']): Breach[] {
  return rules.flatMap(({ filters }, i) =>
    filters.flatMap((filter, j) => filterFits(filter, below('/spec/rules', i, 'filters', j))),
  )
}

function oneSource({ source }: Backend['spec']): Breach[] {
  return exactlyOne('/spec/source', source, ['consul', 'static'])
}

function headerBelongsToHeader({ balance }: Backend['spec']): Breach[] {
  const about = '/spec/balance'
  if (balance.algorithm === 'Header' && balance.header === undefined)
    return [missing(about, 'header', 'algorithm Header hashes the header named here')]
  if (balance.algorithm !== 'Header' && balance.header !== undefined)
    return [
      unfitting(about, 'header', 'header is only for algorithm Header', 'add "algorithm: Header"'),
    ]
  return []
}

function fallbackBelongsToFallback({ onEmpty }: Backend['spec']): Breach[] {
  const about = '/spec/onEmpty'
  if (onEmpty.policy === 'Fallback' && onEmpty.fallbackRef === undefined)
    return [missing(about, 'fallbackRef', 'policy Fallback needs the Backend that answers instead')]
  if (onEmpty.policy !== 'Fallback' && onEmpty.fallbackRef !== undefined)
    return [
      unfitting(
        about,
        'fallbackRef',
        'fallbackRef is only for policy Fallback',
        'add "policy: Fallback"',
      ),
    ]
  return []
}

function minimumWithinDesired({ capacity }: Backend['spec']): Breach[] {
  const { desired, minimum } = capacity
  if (desired === undefined || minimum === undefined || minimum <= desired) return []
  const message = `the minimum of ${minimum} is more than the desired ${desired}`
  return [unfitting('/spec/capacity', 'minimum', message)]
}

function serversDiffer({ source }: Backend['spec']): Breach[] {
  const names = (source.static?.servers ?? []).map(({ name }) => name)
  return itemsDiffer('/spec/source/static/servers', 'name', names)
}

function serverAddressesAreCanonical({ source }: Backend['spec']): Breach[] {
  return (source.static?.servers ?? []).flatMap(({ address }, i) =>
    addressBreach(below('/spec/source/static/servers', i), 'address', address),
  )
}

function networksAreCanonical({ addresses }: Backend['spec']): Breach[] {
  const about = '/spec/addresses/allowedCIDRs'
  return addresses.allowedCIDRs.flatMap((network, i) => networkBreach(about, i, network))
}

function oneFile(spec: Certificate['spec']): Breach[] {
  return exactlyOne('/spec', spec, ['file', 'crtList'])
}

function usersDiffer({ users }: Userlist['spec']): Breach[] {
  return itemsDiffer(
    '/spec/users',
    'name',
    users.map(({ name }) => name),
  )
}
