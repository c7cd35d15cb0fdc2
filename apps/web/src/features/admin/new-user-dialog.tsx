import type { PasswordLink } from '@cairn/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Check, Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useNotify } from '../../ui/toasts.tsx'

interface NewUserDialogProps {
  readonly onClose: () => void
  /** By which the new user chooses a password. */
  readonly onLink: (link: PasswordLink) => void
}

export const NewUserDialog = ({ onClose, onLink }: NewUserDialogProps) => {
  const { t } = useLocale()
  const id = useId()
  const client = useClient()
  const queries = useQueryClient()
  const notify = useNotify()
  const [username, setUsername] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [admin, setAdmin] = useState(false)
  const create = useMutation({
    mutationFn: () =>
      client.admin.createUser({
        username,
        admin,
        ...(email === '' ? {} : { email }),
        ...(password === '' ? {} : { password })
      }),
    onSuccess: ({ link }) => {
      notify.done(t.admin.userCreated(username))
      void queries.invalidateQueries({ queryKey: ['admin'] })
      if (link === undefined) onClose()
      else onLink(link)
    }
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.admin.addUser}
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            {t.common.cancel}
          </Button>
          <Button type="submit" form={id} variant="primary" busy={create.isPending}>
            {t.common.create}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        {create.error !== null && <Notice kind="error">{explainShort(create.error, t)}</Notice>}
        <Field
          label={t.auth.username}
          hint={t.auth.usernameHint}
          autoComplete="off"
          required
          autoFocus
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <Field
          label={t.auth.email}
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label={t.admin.passwordOptional}
          hint={t.admin.passwordOptionalHint}
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Check label={t.admin.makeAdmin} checked={admin} onChange={(event) => setAdmin(event.target.checked)} />
      </form>
    </Dialog>
  )
}
