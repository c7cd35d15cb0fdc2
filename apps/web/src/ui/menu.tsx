import { ContextMenu as BaseContext } from '@base-ui/react/context-menu'
import { Menu as Base } from '@base-ui/react/menu'
import type { ComponentProps, ReactElement, ReactNode } from 'react'
import { cx } from '../lib/cx.ts'

/** One thing that can be done; the same list feeds menus, context menus and the command palette. */
export interface Action {
  readonly id: string
  readonly label: string
  readonly icon?: ReactNode
  /** As people write it, e.g. "F2". */
  readonly keys?: string
  readonly danger?: boolean
  readonly disabled?: boolean
  readonly run: () => void
}

export type ActionGroup = readonly Action[]

const POPUP =
  'pop-motion z-50 min-w-52 max-w-80 rounded-xl bg-raised p-1.5 shadow-pop outline-none select-none max-h-[var(--available-height)] overflow-y-auto'
const ITEM =
  'flex min-h-9 items-center gap-3 rounded-lg px-2.5 outline-none data-highlighted:bg-hover data-disabled:opacity-45 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted'

const Items = ({ groups }: { readonly groups: readonly ActionGroup[] }) =>
  groups
    .filter((group) => group.length > 0)
    .map((group, index) => (
      <Base.Group key={group[0]?.id}>
        {index > 0 && <Base.Separator className="mx-2 my-1.5 h-px bg-line" />}
        {group.map(({ id, label, icon, keys, danger = false, disabled = false, run }) => (
          <Base.Item
            key={id}
            disabled={disabled}
            onClick={run}
            className={cx(ITEM, danger && 'text-danger [&>svg]:text-danger')}
          >
            {icon}
            <span className="grow truncate">{label}</span>
            {keys !== undefined && (
              <span aria-hidden="true" className="ps-4 text-xs text-faint">
                {keys}
              </span>
            )}
          </Base.Item>
        ))}
      </Base.Group>
    ))

interface MenuProps {
  readonly trigger: ReactElement<ComponentProps<'button'>>
  readonly groups: readonly ActionGroup[]
  readonly align?: 'start' | 'end'
  readonly header?: ReactNode
}

export const Menu = ({ trigger, groups, align = 'end', header }: MenuProps) => (
  <Base.Root modal={false}>
    <Base.Trigger render={trigger} />
    <Base.Portal>
      <Base.Positioner sideOffset={6} align={align} className="z-50 outline-none">
        <Base.Popup className={POPUP}>
          {header}
          <Items groups={groups} />
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
)

interface ContextMenuProps {
  readonly groups: readonly ActionGroup[]
  readonly children: ReactElement
}

export const ContextMenu = ({ groups, children }: ContextMenuProps) => (
  <BaseContext.Root>
    <BaseContext.Trigger render={children} />
    <BaseContext.Portal>
      <BaseContext.Positioner className="z-50 outline-none">
        <BaseContext.Popup className={POPUP}>
          <Items groups={groups} />
        </BaseContext.Popup>
      </BaseContext.Positioner>
    </BaseContext.Portal>
  </BaseContext.Root>
)
