import type { ComponentProps, ReactNode } from 'react'
import { cx } from '../lib/cx.ts'

type Variant = 'primary' | 'plain' | 'quiet' | 'danger'

const VARIANTS: Readonly<Record<Variant, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong shadow-card',
  plain: 'bg-surface text-text border border-line hover:bg-hover shadow-card',
  quiet: 'text-text hover:bg-hover',
  danger: 'bg-danger text-on-accent hover:opacity-90'
}

interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: Variant
  readonly icon?: ReactNode
  /** Work is under way: cannot be pressed again, stays in place. */
  readonly busy?: boolean
}

export const buttonClass = (variant: Variant = 'plain', more?: string): string =>
  cx(
    'inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3.5 py-1.5 font-medium whitespace-nowrap transition-colors select-none',
    'disabled:opacity-50 disabled:pointer-events-none aria-disabled:opacity-50',
    VARIANTS[variant],
    more
  )

export const Button = ({ variant = 'plain', icon, busy = false, className, children, ...rest }: ButtonProps) => (
  <button type="button" {...rest} disabled={rest.disabled === true || busy} className={buttonClass(variant, className)}>
    {busy ? <Spinner /> : icon}
    {children}
  </button>
)

interface IconButtonProps extends ComponentProps<'button'> {
  readonly label: string
  /** Of a switch: whether it is on. */
  readonly active?: boolean
}

/** The label is read out and shown as the browser's own tooltip: nothing to load, nothing to place. */
export const IconButton = ({ label, active, className, children, ...rest }: IconButtonProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    {...(active === undefined ? {} : { 'aria-pressed': active })}
    {...rest}
    className={cx(
      'inline-grid size-9 shrink-0 place-items-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-text disabled:opacity-40 disabled:pointer-events-none [&>svg]:size-[1.125rem]',
      active === true && 'bg-tint text-accent hover:bg-tint-strong hover:text-accent',
      className
    )}
  >
    {children}
  </button>
)

export const Spinner = ({ className }: { readonly className?: string }) => (
  <span
    aria-hidden="true"
    className={cx(
      'inline-block size-4 animate-spin rounded-full border-2 border-current border-e-transparent',
      className
    )}
  />
)
