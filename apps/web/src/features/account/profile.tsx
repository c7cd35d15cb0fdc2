import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { meQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useNotify } from '../../ui/toasts.tsx'
import { PasswordField } from '../auth/password-field.tsx'
import { Badge, Panel } from '../shell/sections.tsx'

export const Profile = () => {
  const { t, moment } = useLocale()
  const client = useClient()
  const queries = useQueryClient()
  const notify = useNotify()
  const { data: me } = useSuspenseQuery(meQuery(client))
  const [email, setEmail] = useState(me?.email ?? '')
  const [currentPassword, setPassword] = useState('')
  const save = useMutation({
    mutationFn: () => client.auth.changeEmail({ email: email === '' ? null : email, currentPassword }),
    onSuccess: (user) => {
      queries.setQueryData(['me'], user)
      setPassword('')
      notify.done(t.account.emailSaved)
    }
  })
  if (me === null) return null
  return (
    <Panel
      title={me.username}
      text={t.account.member(moment(me.createdAt))}
      action={me.admin && <Badge>{t.admin.roleAdmin}</Badge>}
    >
      <form
        className="grid max-w-md gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {save.error !== null && <Notice kind="error">{explainShort(save.error, t)}</Notice>}
        <Field
          label={t.account.email}
          hint={t.account.emailHint}
          type="email"
          autoComplete="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <PasswordField
          label={t.account.currentPassword}
          autoComplete="current-password"
          value={currentPassword}
          onChange={setPassword}
        />
        <Button
          type="submit"
          variant="primary"
          className="justify-self-start"
          busy={save.isPending}
          disabled={email === (me.email ?? '')}
        >
          {t.common.save}
        </Button>
      </form>
    </Panel>
  )
}
