const PREFIX = '.cairn-moving-'

/** Where a node waits while nodes change places in a circle. Never taken for a rename. */
export const parkedName = (key: string): string => PREFIX + key
export const isParkedName = (name: string): boolean => name.startsWith(PREFIX)

export const parkedKey = (name: string): string | undefined =>
  isParkedName(name) ? name.slice(PREFIX.length) : undefined
