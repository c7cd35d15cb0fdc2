import { Eye, EyeOff } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import { IconButton } from '../../ui/button.tsx'
import { INPUT } from '../../ui/field.tsx'

interface PasswordFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly autoComplete: 'current-password' | 'new-password'
  readonly hint?: ReactNode
  readonly minLength?: number
}

export const PasswordField = ({ label, value, onChange, autoComplete, hint, minLength }: PasswordFieldProps) => {
  const id = useId()
  const { t } = useLocale()
  const [shown, setShown] = useState(false)
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          required
          autoComplete={autoComplete}
          minLength={minLength}
          className={cx(INPUT, 'pe-11')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          {...(hint === undefined ? {} : { 'aria-describedby': `${id}-more` })}
        />
        <IconButton
          label={shown ? t.auth.hidePassword : t.auth.showPassword}
          className="absolute end-0.5 top-0.5"
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff /> : <Eye />}
        </IconButton>
      </div>
      {hint !== undefined && (
        <p id={`${id}-more`} className="text-xs text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}
