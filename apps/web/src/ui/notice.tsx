import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '../lib/cx.ts'

const KINDS = {
  error: { icon: CircleAlert, look: 'bg-danger-tint text-danger' },
  warning: { icon: TriangleAlert, look: 'bg-warn-tint text-warn' },
  done: { icon: CircleCheck, look: 'bg-ok-tint text-ok' },
  info: { icon: Info, look: 'bg-sunken text-muted' }
} as const

interface NoticeProps {
  readonly kind: keyof typeof KINDS
  readonly children: ReactNode
  readonly action?: ReactNode
  readonly className?: string
}

export const Notice = ({ kind, children, action, className }: NoticeProps) => {
  const { icon: Icon, look } = KINDS[kind]
  return (
    <div
      role={kind === 'error' ? 'alert' : 'status'}
      className={cx('flex items-start gap-2.5 rounded-lg px-3 py-2.5', look, className)}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 grow text-text [overflow-wrap:anywhere]">{children}</div>
      {action}
    </div>
  )
}
