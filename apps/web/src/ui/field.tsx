import { type ComponentProps, type ReactNode, useId } from 'react'
import { cx } from '../lib/cx.ts'

export const INPUT =
  'min-h-10 w-full rounded-lg border border-line-strong bg-surface px-3 text-text placeholder:text-faint aria-invalid:border-danger'

interface FieldProps extends ComponentProps<'input'> {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
}

export const Field = ({ label, hint, error, className, ...rest }: FieldProps) => {
  const id = useId()
  const described = error !== undefined || hint !== undefined
  return (
    <div className={cx('grid gap-1.5', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        className={INPUT}
        aria-invalid={error !== undefined}
        {...(described ? { 'aria-describedby': `${id}-more` } : {})}
        {...rest}
      />
      {described && (
        <p id={`${id}-more`} className={cx('text-xs', error === undefined ? 'text-muted' : 'text-danger')}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

interface SelectFieldProps extends ComponentProps<'select'> {
  readonly label: string
  readonly hint?: ReactNode
}

/** The browser's own list: known to everyone, works with every input and screen reader. */
export const SelectField = ({ label, hint, className, children, ...rest }: SelectFieldProps) => {
  const id = useId()
  return (
    <div className={cx('grid gap-1.5', className)}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <select id={id} className={INPUT} {...rest}>
        {children}
      </select>
      {hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
    </div>
  )
}

interface CheckProps extends ComponentProps<'input'> {
  readonly label: ReactNode
}

export const Check = ({ label, className, ...rest }: CheckProps) => (
  <label className={cx('flex min-h-6 items-start gap-2.5', className)}>
    <input type="checkbox" className="mt-0.5 size-4 accent-accent" {...rest} />
    <span>{label}</span>
  </label>
)
