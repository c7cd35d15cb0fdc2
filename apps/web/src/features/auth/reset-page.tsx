import { ApiError } from '@cairn/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { policyQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Check } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AuthCard } from './auth-card.tsx'
import { PasswordField } from './password-field.tsx'
import { takeFragment } from './use-signed-in.ts'

export const ResetPage = () => {
  const { t } = useLocale()
  const client = useClient()
  const policy = useQuery(policyQuery(client))
  const [token] = useState(() => takeFragment('token'))
  const [newPassword, setPassword] = useState('')
  const [revokeAppPasswords, setRevoke] = useState(false)
  const reset = useMutation({
    mutationFn: () => client.auth.confirmPasswordReset({ token, newPassword, revokeAppPasswords })
  })
  if (reset.isSuccess) {
    return (
      <AuthCard title={t.auth.resetTitle}>
        <Notice kind="done">{t.auth.resetDone}</Notice>
        <Link to="/login" className={buttonClass('primary')}>
          {t.auth.toSignIn}
        </Link>
      </AuthCard>
    )
  }
  const { error } = reset
  const minLength = policy.data?.minimumPasswordLength ?? 12
  return (
    <AuthCard title={t.auth.resetTitle} onSubmit={() => reset.mutate()}>
      {(token === '' || (error instanceof ApiError && error.code === 'forbidden')) && (
        <Notice kind="error">{t.auth.resetBad}</Notice>
      )}
      {error !== null && !(error instanceof ApiError && error.code === 'forbidden') && (
        <Notice kind="error">{explainShort(error, t)}</Notice>
      )}
      <PasswordField
        label={t.account.newPassword}
        hint={t.auth.passwordHint(minLength)}
        autoComplete="new-password"
        minLength={minLength}
        value={newPassword}
        onChange={setPassword}
      />
      <Check
        label={t.auth.resetRevoke}
        checked={revokeAppPasswords}
        onChange={(event) => setRevoke(event.target.checked)}
      />
      <Button type="submit" variant="primary" busy={reset.isPending} disabled={token === ''}>
        {t.auth.resetSubmit}
      </Button>
    </AuthCard>
  )
}
