/** Receivers of notifications as they were given → with whole paths, and what the schema cannot say is wrong with them. */
import { resolve } from 'node:path'
import type { ReceiverSettings } from '../model/settings.gen.ts'

export interface Unfit {
  readonly pointer: string
  readonly message: string
  readonly hint: string
}

export function checkReceivers(receivers: readonly ReceiverSettings[]): Unfit[] {
  return receivers.flatMap((receiver, i) => {
    const pointer = `/spec/notifications/${i}`
    const isTaken = receivers.findIndex(({ name }) => name === receiver.name) < i
    const name = isTaken
      ? [{ message: `there is another receiver ${receiver.name}`, hint: 'give it another name' }]
      : []
    return [...name, ...checkReceiver(receiver)].map((unfit) => ({ pointer, ...unfit }))
  })
}

function checkReceiver({
  name,
  type,
  url,
  urlFile,
  secretFile,
}: ReceiverSettings): Omit<Unfit, 'pointer'>[] {
  if (type === 'Slack' && (urlFile === undefined || url !== undefined))
    return [
      {
        message: `receiver ${name} of type Slack takes its URL from urlFile`,
        hint: 'the URL of a Slack webhook is a secret: write it into a file of its own',
      },
    ]
  if (type === 'Slack' && secretFile !== undefined)
    return [
      {
        message: `receiver ${name} of type Slack cannot be signed`,
        hint: 'leave secretFile out',
      },
    ]
  return (url === undefined) === (urlFile === undefined)
    ? [{ message: `receiver ${name} needs either url or urlFile`, hint: 'give one of the two' }]
    : []
}

/** `value` is of a settings file in `folder`, and not checked yet. */
export function receiversIn(folder: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map((receiver: unknown) => {
    if (typeof receiver !== 'object' || receiver === null) return receiver
    const paths = Object.entries(receiver).filter(
      ([field, path]) => ['urlFile', 'secretFile'].includes(field) && typeof path === 'string',
    )
    return {
      ...receiver,
      ...Object.fromEntries(paths.map(([field, path]) => [field, resolve(folder, String(path))])),
    }
  })
}
