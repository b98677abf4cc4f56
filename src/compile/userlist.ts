/** Userlist resources and their password files to userlist sections; the hashes are secrets. */
import type { Diagnostic } from '../model/diagnostic.ts'
import { compare } from '../model/diagnostic.ts'
import type { Resource } from '../model/resource.ts'
import type { ReferencedFiles } from '../model/snapshot.ts'
import type { UserlistSection } from '../model/topology.ts'
import { filePath, sectionName } from './names.ts'

/** Stands in where password files were not looked at: of the right form, and no password has it. */
const NO_HASH = `$5$stand-in$${'.'.repeat(43)}`

/** crypt(3) hashes as mkpasswd and openssl passwd make them, traditional DES included. */
const CRYPT = /^(\$[0-9a-z]{1,8}\$[A-Za-z0-9./,=$]{8,256}|[A-Za-z0-9./]{13})$/

export function userlistSection(
  resource: Resource<'Userlist'>,
  files: ReferencedFiles,
  filesRoot: string,
): { readonly section: UserlistSection; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const users = resource.spec.users.map((user, i) => {
    const file = files.get(filePath(filesRoot, user.passwordFrom.file))
    const hash = file?.state === 'present' ? (file.text ?? '').trim() : NO_HASH
    const pointer = `/spec/users/${i}/passwordFrom/file`
    if (hash !== NO_HASH && !CRYPT.test(hash))
      diagnostics.push({
        code: 'LG2007',
        severity: 'error',
        message: `${resource.id}: the password file of "${user.name}" does not hold one crypt(3) hash`,
        hint: 'make one with `mkpasswd -m sha-256` or `openssl passwd -5`; a password in clear text is not accepted',
        at: resource.places.value(pointer),
        pointer,
      })
    return { name: user.name, passwordHash: hash }
  })
  return {
    section: {
      resource: resource.id,
      name: sectionName(resource),
      groups: groupsOf(resource),
      users,
    },
    diagnostics,
  }
}

function groupsOf(resource: Resource<'Userlist'>): UserlistSection['groups'] {
  const members = new Map<string, string[]>()
  for (const user of resource.spec.users)
    for (const group of user.groups) members.set(group, [...(members.get(group) ?? []), user.name])
  return [...members]
    .map(([name, users]) => ({ name, users }))
    .toSorted((a, b) => compare(a.name, b.name))
}
