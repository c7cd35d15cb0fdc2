import type { ReactNode, SubmitEvent } from 'react'
import { useEffect } from 'react'
import { useLocale } from '../../app/locale.tsx'

interface AuthCardProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly onSubmit?: () => void
}

export const AuthCard = ({ title, lead, children, footer, onSubmit }: AuthCardProps) => {
  const { t } = useLocale()
  useEffect(() => {
    document.title = `${title} – ${t.common.appName}`
  }, [title, t])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onSubmit?.()
  }
  return (
    <section className="grid gap-5 rounded-2xl border border-line bg-surface p-6 shadow-card xs:p-8">
      <header className="grid gap-1.5">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {lead !== undefined && <p className="text-muted">{lead}</p>}
      </header>
      {onSubmit === undefined ? (
        children
      ) : (
        <form className="grid gap-4" onSubmit={submit}>
          {children}
        </form>
      )}
      {footer !== undefined && (
        <footer className="flex flex-wrap justify-between gap-x-4 gap-y-1 text-muted">{footer}</footer>
      )}
    </section>
  )
}

export const LINK = 'font-medium text-accent hover:underline rounded-sm'
