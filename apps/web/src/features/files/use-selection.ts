import type { Node } from '@cairn/client'
import { useCallback, useMemo, useState } from 'react'
import * as rules from './selection.ts'

export type SelectionChange =
  | { readonly kind: 'only' | 'toggle' | 'extend'; readonly id: string }
  | { readonly kind: 'all' | 'clear' }
  | ({ readonly kind: 'step' } & rules.Step)

export interface SelectionState {
  readonly selection: rules.Selection
  readonly order: rules.Order
  readonly change: (change: SelectionChange) => void
}

export const useSelection = (entries: readonly Node[]): SelectionState => {
  const [raw, setRaw] = useState(rules.EMPTY_SELECTION)
  const order = useMemo(() => rules.orderOf(entries.map(({ id }) => id)), [entries])
  const selection = useMemo(() => rules.retain(raw, order), [raw, order])
  const change = useCallback(
    (next: SelectionChange) => {
      setRaw((before) => {
        const now = rules.retain(before, order)
        switch (next.kind) {
          case 'only':
            return rules.selectOnly(next.id)
          case 'toggle':
            return rules.toggle(now, next.id)
          case 'extend':
            return rules.extendTo(now, next.id, order)
          case 'all':
            return rules.selectAll(now, order)
          case 'clear':
            return rules.clear(now)
          case 'step':
            return rules.step(now, next, order)
        }
      })
    },
    [order]
  )
  return { selection, order, change }
}
