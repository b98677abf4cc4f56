/** Every diagnostic code with the sentence that explains it; codes are stable and never reused. */

export const CODES = {
  // LG0xxx: the text is not the YAML that Legate reads
  LG0001: 'The file is not valid YAML.',
  LG0002: 'The file is larger, deeper or has more documents than the limits allow.',
  LG0003: 'The file is not UTF-8, or contains control characters.',
  LG0004: 'The file contains git conflict markers or is a git-lfs pointer.',
  LG0005: 'Aliases and anchors are not read in manifests.',
  LG0006: 'The path cannot be read as a manifest file.',
  LG0007: 'No manifests were found.',
  // LG1xxx: one document against its schema
  LG1001: 'A required field is missing.',
  LG1002: 'The field is unknown.',
  LG1003: 'The value has the wrong type.',
  LG1004: 'The value is not one of those allowed.',
  LG1005: 'The value does not have the required form.',
  LG1006: 'The value is outside its range.',
  LG1007: 'Exactly one of several fields must be given.',
  LG1008: 'The list has too few, too many or repeated items.',
  LG1009: 'Two fields of the resource do not go together.',
  LG1090: 'The kind is unknown.',
  LG1091: '`status` stands in a file: git holds the spec, Legate serves the status.',
  LG1092: 'The apiVersion is not supported.',
  // LG2xxx: references between resources and to files
  LG2001: 'The referenced Backend does not exist.',
  LG2002: 'The referenced Frontend does not exist.',
  LG2003: 'The referenced Certificate, Userlist or Defaults does not exist.',
  LG2004: 'The reference names a resource of the wrong kind.',
  LG2005: 'The referenced file cannot be read.',
  LG2006: 'Fallback backends form a cycle.',
  LG2007: 'The content of the referenced file is not what is needed there.',
  // LG3xxx: two things that cannot both be
  LG3001: 'Two resources have the same kind, namespace and name.',
  LG3002: 'Two rules match exactly the same requests.',
  LG3004: 'Two listeners want the same address and port.',
  LG3006: 'Only one resource of this kind is allowed.',
  // LG4xxx: warnings
  LG4001: 'The resource is not used by any other.',
  LG4002: 'No certificate of the frontend covers the hostname.',
  LG4003: 'The weights of all backends of a rule are zero.',
  LG4005: 'The certificate has expired or is about to.',
  // LG5xxx: what Consul says about a Backend
  LG5001: 'Consul knows no such service.',
  LG5002: 'No instance of the service may take traffic.',
  LG5003: 'Fewer instances than `capacity` asks for.',
  LG5004: 'An instance was left out because its registration cannot be used.',
  LG5005: 'Servers are held: Consul answered empty or failed, and what was there is kept.',
  LG5006: 'Two instances share one address and port; one of them is used.',
  LG5007: 'Consul has not answered yet, and no earlier answer is known.',
  // LG6xxx: templates
  LG6001: 'The template failed.',
  LG6002: 'The template prints a value that was not made safe for its position.',
  LG6003: 'The rendered text is not what the manifests asked for.',
  LG6004: 'A value has no safe spelling at its place in haproxy.cfg.',
  // LG7xxx: HAProxy's own word on the rendered configuration
  LG7001: 'HAProxy rejects the configuration.',
  LG7002: 'HAProxy warns about the configuration.',
} as const

export type DiagnosticCode = keyof typeof CODES
