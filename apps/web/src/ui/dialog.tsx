import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocale } from '../app/locale.tsx'
import { cx } from '../lib/cx.ts'
import { IconButton } from './button.tsx'

interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly description?: ReactNode
  readonly children?: ReactNode
  readonly footer?: ReactNode
  readonly wide?: boolean
}

export const Dialog = ({ open, onClose, title, description, children, footer, wide = false }: DialogProps) => {
  const { t } = useLocale()
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fade-motion fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          className={cx(
            'pop-motion fixed inset-x-0 top-[12dvh] z-50 mx-auto flex max-h-[80dvh] w-[calc(100%-2rem)] flex-col rounded-2xl bg-raised shadow-pop outline-none max-xs:top-auto max-xs:bottom-3',
            wide ? 'max-w-2xl' : 'max-w-md'
          )}
        >
          <header className="flex items-start gap-3 ps-6 pe-3 pt-4">
            <Base.Title className="grow pt-1.5 text-base font-semibold">{title}</Base.Title>
            <Base.Close render={<IconButton label={t.common.close} />}>
              <X />
            </Base.Close>
          </header>
          {description !== undefined && (
            <Base.Description className="px-6 pt-1 text-muted [overflow-wrap:anywhere]">{description}</Base.Description>
          )}
          <div className="min-h-0 grow overflow-y-auto px-6 py-4">{children}</div>
          {footer !== undefined && <footer className="flex flex-wrap justify-end gap-2 px-6 pb-5">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
