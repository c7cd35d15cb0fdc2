import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AuthCard, LINK } from './auth-card.tsx'

export const ForgotPage = () => {
  const { t } = useLocale()
  const client = useClient()
  const [username, setUsername] = useState('')
  const request = useMutation({ mutationFn: () => client.auth.requestPasswordReset(username) })
  const footer = (
    <Link to="/login" className={LINK}>
      {t.auth.toSignIn}
    </Link>
  )
  if (request.isSuccess) {
    return (
      <AuthCard title={t.auth.forgotTitle} footer={footer}>
        <Notice kind="done">{t.auth.forgotSent}</Notice>
      </AuthCard>
    )
  }
  return (
    <AuthCard title={t.auth.forgotTitle} lead={t.auth.forgotLead} onSubmit={() => request.mutate()} footer={footer}>
      {request.error !== null && <Notice kind="error">{explainShort(request.error, t)}</Notice>}
      <Field
        label={t.auth.usernameOrEmail}
        autoComplete="username"
        autoCapitalize="none"
        required
        autoFocus
        value={username}
        onChange={(event) => setUsername(event.target.value)}
      />
      <Button type="submit" variant="primary" busy={request.isPending}>
        {t.auth.forgotSubmit}
      </Button>
    </AuthCard>
  )
}
