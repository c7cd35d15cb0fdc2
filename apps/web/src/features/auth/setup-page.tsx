import { ApiError } from '@cairn/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { policyQuery, setupQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AccountForm, type NewAccount } from './account-form.tsx'
import { AuthCard } from './auth-card.tsx'
import { takeFragment, useSignedIn } from './use-signed-in.ts'

export const SetupPage = () => {
  const { t } = useLocale()
  const client = useClient()
  const signedIn = useSignedIn()
  const state = useQuery(setupQuery(client))
  const policy = useQuery(policyQuery(client))
  const [given] = useState(() => takeFragment('token'))
  const [token, setToken] = useState(given)
  const setup = useMutation({
    mutationFn: (account: NewAccount) => client.browserSession.setup({ ...account, token: token.trim() }),
    onSuccess: signedIn
  })
  if (state.data?.required === false) {
    return (
      <AuthCard title={t.auth.setupTitle}>
        <Notice kind="info">{t.auth.setupDone}</Notice>
        <Link to="/login" className={buttonClass('primary')}>
          {t.auth.toSignIn}
        </Link>
      </AuthCard>
    )
  }
  const { error } = setup
  const wrongToken =
    error instanceof ApiError && (error.status === 401 || error.status === 403) && error.code !== 'csrf_refused'
  return (
    <AccountForm
      title={t.auth.setupTitle}
      lead={t.auth.setupLead}
      submit={t.auth.setupSubmit}
      minLength={policy.data?.minimumPasswordLength ?? 12}
      busy={setup.isPending}
      onSubmit={setup.mutate}
    >
      {error !== null && <Notice kind="error">{wrongToken ? t.auth.setupWrong : explainShort(error, t)}</Notice>}
      {given !== '' && !wrongToken ? (
        <Notice kind="done">{t.auth.setupTokenGiven}</Notice>
      ) : (
        <Field
          label={t.auth.setupToken}
          hint={t.auth.setupTokenHint}
          autoComplete="off"
          spellCheck={false}
          required
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
      )}
    </AccountForm>
  )
}
