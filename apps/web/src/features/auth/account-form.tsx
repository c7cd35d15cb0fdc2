import type { ReactNode } from 'react'
import { useState } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { AuthCard } from './auth-card.tsx'
import { deviceName } from './device-name.ts'
import { PasswordField } from './password-field.tsx'

export interface NewAccount {
  readonly username: string
  readonly password: string
  readonly email?: string
  readonly device: string
}

interface AccountFormProps {
  readonly title: string
  readonly lead: string
  readonly submit: string
  readonly minLength: number
  readonly busy: boolean
  readonly onSubmit: (account: NewAccount) => void
  /** Above the fields. */
  readonly children?: ReactNode
  readonly footer?: ReactNode
}

/** Name, password, e-mail: for the first administrator and for everybody after. */
export const AccountForm = ({ title, lead, submit, minLength, busy, onSubmit, children, footer }: AccountFormProps) => {
  const { t } = useLocale()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [email, setEmail] = useState('')
  const send = () =>
    onSubmit({
      username,
      password,
      device: deviceName(navigator.userAgent),
      ...(email === '' ? {} : { email })
    })
  return (
    <AuthCard title={title} lead={lead} onSubmit={send} footer={footer}>
      {children}
      <Field
        label={t.auth.username}
        hint={t.auth.usernameHint}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
        value={username}
        onChange={(event) => setUsername(event.target.value)}
      />
      <PasswordField
        label={t.auth.password}
        hint={t.auth.passwordHint(minLength)}
        autoComplete="new-password"
        minLength={minLength}
        value={password}
        onChange={setPassword}
      />
      <Field
        label={t.auth.email}
        type="email"
        autoComplete="email"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Button type="submit" variant="primary" busy={busy}>
        {submit}
      </Button>
    </AuthCard>
  )
}
