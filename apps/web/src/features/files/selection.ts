/** What is selected in a list, and where the keyboard is. Ids survive sorting and filtering. */
export interface Selection {
  readonly ids: ReadonlySet<string>
  /** Moved by the arrows. */
  readonly focus: string | undefined
  /** Where a range began. */
  readonly anchor: string | undefined
}

export const EMPTY_SELECTION: Selection = { ids: new Set(), focus: undefined, anchor: undefined }

/** The list as it is shown. */
export interface Order {
  readonly ids: readonly string[]
  readonly indexOf: (id: string) => number
}

export const orderOf = (ids: readonly string[]): Order => {
  const places = new Map(ids.map((id, index) => [id, index]))
  return { ids, indexOf: (id) => places.get(id) ?? -1 }
}

export const selectOnly = (id: string): Selection => ({ ids: new Set([id]), focus: id, anchor: id })

export const toggle = (selection: Selection, id: string): Selection => {
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ids, focus: id, anchor: id }
}

/** Everything from the anchor to `id`, and nothing else. */
export const extendTo = (selection: Selection, id: string, order: Order): Selection => {
  const from = selection.anchor === undefined ? -1 : order.indexOf(selection.anchor)
  const to = order.indexOf(id)
  if (to < 0) return selection
  const start = from < 0 ? to : from
  const ids = new Set(order.ids.slice(Math.min(start, to), Math.max(start, to) + 1))
  return { ids, focus: id, anchor: order.ids[start] }
}

export const selectAll = (selection: Selection, order: Order): Selection => ({
  ids: new Set(order.ids),
  focus: selection.focus ?? order.ids[0],
  anchor: selection.anchor ?? order.ids[0]
})

export const clear = (selection: Selection): Selection => ({ ...EMPTY_SELECTION, focus: selection.focus })

export interface Step {
  /** Places to go; infinities for the ends. */
  readonly by: number
  readonly extend: boolean
  /** Move the keyboard without selecting. */
  readonly keep: boolean
}

export const step = (selection: Selection, { by, extend, keep }: Step, order: Order): Selection => {
  if (order.ids.length === 0) return selection
  const at = selection.focus === undefined ? -1 : order.indexOf(selection.focus)
  const target =
    at < 0 ? (by > 0 && Number.isFinite(by) ? 0 : by === Number.POSITIVE_INFINITY ? order.ids.length - 1 : 0) : at + by
  const id = order.ids[Math.max(0, Math.min(order.ids.length - 1, target))]
  if (id === undefined) return selection
  if (extend) return extendTo(selection, id, order)
  if (keep) return { ...selection, focus: id }
  return selectOnly(id)
}

/** Forgets what is no longer there. The same object when nothing is forgotten. */
export const retain = (selection: Selection, order: Order): Selection => {
  const gone = [...selection.ids].some((id) => order.indexOf(id) < 0)
  const known = (id: string | undefined) => (id !== undefined && order.indexOf(id) >= 0 ? id : undefined)
  if (!gone && known(selection.focus) === selection.focus && known(selection.anchor) === selection.anchor)
    return selection
  return {
    ids: new Set([...selection.ids].filter((id) => order.indexOf(id) >= 0)),
    focus: known(selection.focus),
    anchor: known(selection.anchor)
  }
}
