import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { policyQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AccountForm, type NewAccount } from './account-form.tsx'
import { AuthCard, LINK } from './auth-card.tsx'
import { takeFragment, useSignedIn } from './use-signed-in.ts'

export const RegisterPage = () => {
  const { t } = useLocale()
  const client = useClient()
  const signedIn = useSignedIn()
  const policy = useQuery(policyQuery(client))
  const [invite] = useState(() => takeFragment('invite'))
  const register = useMutation({
    mutationFn: (account: NewAccount) =>
      client.browserSession.register({ ...account, ...(invite === '' ? {} : { invite }) }),
    onSuccess: signedIn
  })
  const signup = policy.data?.signup
  const footer = (
    <span>
      {t.auth.haveAccount}{' '}
      <Link to="/login" className={LINK}>
        {t.auth.signIn}
      </Link>
    </span>
  )
  if (signup === 'closed' || (signup === 'invite' && invite === '')) {
    return (
      <AuthCard title={t.auth.registerTitle} footer={footer}>
        <Notice kind="info">{signup === 'closed' ? t.auth.registerClosed : t.auth.registerInvite}</Notice>
      </AuthCard>
    )
  }
  return (
    <AccountForm
      title={t.auth.registerTitle}
      lead={invite === '' ? t.auth.tagline : t.auth.invitation}
      submit={t.auth.register}
      minLength={policy.data?.minimumPasswordLength ?? 12}
      busy={register.isPending}
      onSubmit={register.mutate}
      footer={footer}
    >
      {register.error !== null && <Notice kind="error">{explainShort(register.error, t)}</Notice>}
    </AccountForm>
  )
}
