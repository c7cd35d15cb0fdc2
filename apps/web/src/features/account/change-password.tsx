import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { policyQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Check } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PasswordField } from '../auth/password-field.tsx'
import { Panel } from '../shell/sections.tsx'

export const ChangePassword = () => {
  const { t } = useLocale()
  const client = useClient()
  const policy = useQuery(policyQuery(client))
  const [currentPassword, setCurrent] = useState('')
  const [newPassword, setNew] = useState('')
  const [revokeAppPasswords, setRevoke] = useState(false)
  const change = useMutation({
    mutationFn: () => client.auth.changePassword({ currentPassword, newPassword, revokeAppPasswords }),
    onSuccess: () => {
      setCurrent('')
      setNew('')
    }
  })
  const minLength = policy.data?.minimumPasswordLength ?? 12
  return (
    <Panel title={t.account.changePassword}>
      <form
        className="grid max-w-md gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate()
        }}
      >
        {change.isSuccess && <Notice kind="done">{t.account.passwordChanged}</Notice>}
        {change.error !== null && <Notice kind="error">{explainShort(change.error, t)}</Notice>}
        <PasswordField
          label={t.account.currentPassword}
          autoComplete="current-password"
          value={currentPassword}
          onChange={setCurrent}
        />
        <PasswordField
          label={t.account.newPassword}
          hint={t.auth.passwordHint(minLength)}
          autoComplete="new-password"
          minLength={minLength}
          value={newPassword}
          onChange={setNew}
        />
        <Check
          label={t.account.revokeApps}
          checked={revokeAppPasswords}
          onChange={(event) => setRevoke(event.target.checked)}
        />
        <Button type="submit" variant="primary" className="justify-self-start" busy={change.isPending}>
          {t.account.changePassword}
        </Button>
      </form>
    </Panel>
  )
}
