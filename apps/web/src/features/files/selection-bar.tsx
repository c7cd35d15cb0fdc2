import { MoreHorizontal, X } from 'lucide-react'
import { useLocale } from '../../app/locale.tsx'
import { IconButton } from '../../ui/button.tsx'
import { type Action, type ActionGroup, Menu } from '../../ui/menu.tsx'

interface SelectionBarProps {
  readonly count: number
  readonly groups: readonly ActionGroup[]
  /** Those worth a button of their own. */
  readonly first: readonly Action[]
  readonly onClear: () => void
}

/** In place of the toolbar while something is selected. */
export const SelectionBar = ({ count, groups, first, onClear }: SelectionBarProps) => {
  const { t } = useLocale()
  return (
    <div
      role="toolbar"
      aria-label={t.files.selected(count)}
      className="flex items-center gap-1 rounded-lg bg-tint ps-1"
    >
      <IconButton label={t.files.clearSelection} onClick={onClear}>
        <X />
      </IconButton>
      <p aria-live="polite" className="numeric pe-2 font-medium whitespace-nowrap text-accent">
        {t.files.selected(count)}
      </p>
      {first.map(({ id, label, icon, run }) => (
        <IconButton key={id} label={label} onClick={run} className="max-sm:hidden">
          {icon}
        </IconButton>
      ))}
      <Menu
        trigger={
          <IconButton label={t.common.more}>
            <MoreHorizontal />
          </IconButton>
        }
        groups={groups}
      />
    </div>
  )
}
