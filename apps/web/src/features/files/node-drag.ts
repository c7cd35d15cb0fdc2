import type { DragEvent } from 'react'

const TYPE = 'application/x-cairn-nodes'

interface Dragged {
  readonly drive: string
  readonly ids: readonly string[]
}

/** Marks what is dragged within the app. Other pages and programs see only this type's name. */
export const startNodeDrag = (event: DragEvent, dragged: Dragged): void => {
  event.dataTransfer.setData(TYPE, JSON.stringify(dragged))
  event.dataTransfer.effectAllowed = 'copyMove'
}

export const isNodeDrag = (event: { readonly dataTransfer: DataTransfer | null }): boolean =>
  event.dataTransfer?.types.includes(TYPE) === true

/** What was dropped; text from elsewhere that calls itself ours is checked. */
export const readNodeDrag = (event: { readonly dataTransfer: DataTransfer | null }): Dragged | undefined => {
  try {
    const value: unknown = JSON.parse(event.dataTransfer?.getData(TYPE) ?? '')
    if (typeof value !== 'object' || value === null || !('ids' in value) || !('drive' in value)) return undefined
    const { ids, drive } = value
    if (typeof drive !== 'string' || !Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) return undefined
    return { drive, ids }
  } catch {
    return undefined
  }
}
