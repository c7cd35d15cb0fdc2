import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'

export interface Section {
  readonly id: string
  readonly label: string
  readonly icon: ReactNode
}

interface SectionsProps {
  readonly title: string
  readonly base: '/account/{-$section}' | '/administration/{-$section}'
  readonly sections: readonly Section[]
  readonly current: string
  readonly children: ReactNode
}

/** A page of several parts, each with its own address. */
export const Sections = ({ title, base, sections, current, children }: SectionsProps) => {
  const { t } = useLocale()
  const section = sections.find(({ id }) => id === current)
  useEffect(() => {
    document.title = `${section?.label ?? title} – ${t.common.appName}`
  }, [section, title, t])
  return (
    <div className="h-full overflow-y-auto bg-surface">
      <div className="mx-auto grid max-w-6xl gap-x-10 gap-y-5 px-6 py-7 md:grid-cols-[12rem_minmax(0,1fr)] max-md:px-4 max-md:py-5">
        <h1 className="text-xl font-semibold tracking-tight md:col-span-2">{title}</h1>
        <nav aria-label={title} className="max-md:-mx-4 max-md:overflow-x-auto max-md:px-4">
          <ul className="grid gap-0.5 max-md:flex">
            {sections.map(({ id, label, icon }) => (
              <li key={id}>
                <Link
                  to={base}
                  params={{ section: id }}
                  {...(id === current ? { 'aria-current': 'page' } : {})}
                  className="flex min-h-9 items-center gap-2.5 rounded-lg px-3 whitespace-nowrap text-muted hover:bg-hover hover:text-text aria-[current]:bg-tint aria-[current]:font-medium aria-[current]:text-accent [&>svg]:size-4 [&>svg]:shrink-0"
                >
                  {icon}
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="grid min-w-0 content-start gap-5 pb-20">{children}</div>
      </div>
    </div>
  )
}

interface PanelProps {
  readonly title: string
  readonly text?: ReactNode
  readonly action?: ReactNode
  readonly children?: ReactNode
}

export const Panel = ({ title, text, action, children }: PanelProps) => (
  <section className="grid gap-4 rounded-2xl border border-line p-5 xs:p-6">
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-0 grow">
        <h2 className="text-base font-semibold">{title}</h2>
        {text !== undefined && <p className="max-w-prose text-muted">{text}</p>}
      </div>
      {action}
    </header>
    {children}
  </section>
)

const BADGES = {
  plain: 'bg-sunken text-muted',
  ok: 'bg-ok-tint text-ok',
  warn: 'bg-warn-tint text-warn',
  danger: 'bg-danger-tint text-danger'
} as const

export const Badge = ({
  kind = 'plain',
  children
}: {
  readonly kind?: keyof typeof BADGES
  readonly children: ReactNode
}) => (
  <span className={cx(BADGES[kind], 'inline-block rounded-full px-2.5 py-0.5 text-xs font-medium whitespace-nowrap')}>
    {children}
  </span>
)
