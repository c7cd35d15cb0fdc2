import { ApiError } from '@cairn/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { policyQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AuthCard, LINK } from './auth-card.tsx'
import { deviceName } from './device-name.ts'
import { PasswordField } from './password-field.tsx'
import { useSignedIn } from './use-signed-in.ts'

const route = getRouteApi('/auth/login')

export const LoginPage = () => {
  const { t } = useLocale()
  const client = useClient()
  const { to } = route.useSearch()
  const signedIn = useSignedIn(to)
  const policy = useQuery(policyQuery(client))
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: () => client.browserSession.login({ username, password, device: deviceName(navigator.userAgent) }),
    onSuccess: signedIn
  })
  const { error } = login
  return (
    <AuthCard
      title={t.auth.signInTitle}
      onSubmit={() => login.mutate()}
      footer={
        <>
          <Link to="/forgot-password" className={LINK}>
            {t.auth.forgot}
          </Link>
          {policy.data !== undefined && policy.data.signup === 'open' && (
            <Link to="/register" className={LINK}>
              {t.auth.register}
            </Link>
          )}
        </>
      }
    >
      {error !== null && (
        <Notice kind="error">
          {error instanceof ApiError && error.status === 401 ? t.auth.wrong : explainShort(error, t)}
        </Notice>
      )}
      <Field
        label={t.auth.usernameOrEmail}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        value={username}
        onChange={(event) => setUsername(event.target.value)}
      />
      <PasswordField label={t.auth.password} autoComplete="current-password" value={password} onChange={setPassword} />
      <Button type="submit" variant="primary" busy={login.isPending}>
        {t.auth.signIn}
      </Button>
    </AuthCard>
  )
}
