import type { IssuedInvite } from '@cairn/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { policyQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useTold } from '../../ui/use-told.ts'
import { Badge, Panel } from '../shell/sections.tsx'
import { LinkDialog } from './link-dialog.tsx'

export const Access = () => (
  <>
    <Policy />
    <Invites />
  </>
)

const Policy = () => {
  const { t } = useLocale()
  const client = useClient()
  const policy = useQuery(policyQuery(client))
  const change = useTold({
    run: (signup: 'closed' | 'invite' | 'open') => client.admin.setPolicy(signup),
    done: () => t.admin.saved,
    stale: [['policy']]
  })
  const choices = [
    ['closed', t.admin.policyClosed, t.admin.policyClosedText],
    ['invite', t.admin.policyInvite, t.admin.policyInviteText],
    ['open', t.admin.policyOpen, t.admin.policyOpenText]
  ] as const
  return (
    <Panel title={t.admin.access}>
      <fieldset className="grid gap-2">
        <legend className="pb-2 text-muted">{t.admin.policyText}</legend>
        {choices.map(([signup, label, text]) => (
          <label
            key={signup}
            className="flex gap-3 rounded-xl border border-line px-4 py-3 has-checked:border-accent has-checked:bg-tint"
          >
            <input
              type="radio"
              name="signup"
              className="mt-0.5 size-4 accent-accent"
              checked={policy.data?.signup === signup}
              onChange={() => change.mutate(signup)}
            />
            <span>
              <span className="block font-medium">{label}</span>
              <span className="text-muted">{text}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Panel>
  )
}

const Invites = () => {
  const { t, moment } = useLocale()
  const client = useClient()
  const [note, setNote] = useState('')
  const [created, setCreated] = useState<IssuedInvite>()
  const invites = useQuery({
    queryKey: ['admin', 'invites'],
    queryFn: ({ signal }) => Array.fromAsync(client.admin.invites({ signal }))
  })
  const create = useTold({
    run: () => client.admin.invite(note === '' ? {} : { note }),
    stale: [['admin', 'invites']],
    onSuccess: (made) => {
      setNote('')
      setCreated(made)
    }
  })
  const withdraw = useTold({ run: (id: string) => client.admin.withdrawInvite(id), stale: [['admin', 'invites']] })
  const now = Date.now()
  return (
    <Panel title={t.admin.invites}>
      <form
        className="grid items-end gap-3 sm:grid-cols-[1fr_auto]"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Field
          label={t.admin.inviteNote}
          maxLength={100}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <Button type="submit" variant="primary" className="min-h-10" busy={create.isPending}>
          {t.admin.inviteCreate}
        </Button>
      </form>
      {invites.error !== null && <Notice kind="error">{explainShort(invites.error, t)}</Notice>}
      {invites.data?.length === 0 && <p className="text-muted">{t.admin.inviteNone}</p>}
      <ul className="grid divide-y divide-line">
        {invites.data?.map(({ id, note: text, expiresAt, usedAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-3 py-3">
            <p className="min-w-0 grow [overflow-wrap:anywhere]">{text === '' ? id.slice(0, 8) : text}</p>
            {usedAt !== null ? (
              <Badge kind="ok">{t.admin.inviteUsed}</Badge>
            ) : Date.parse(expiresAt) < now ? (
              <Badge>{t.admin.inviteExpired}</Badge>
            ) : (
              <>
                <Badge kind="warn">{t.admin.inviteOpen(moment(expiresAt))}</Badge>
                <Button onClick={() => withdraw.mutate(id)}>{t.admin.inviteWithdraw}</Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {created !== undefined && (
        <LinkDialog title={t.admin.inviteCreated} text="" url={created.url} onClose={() => setCreated(undefined)} />
      )}
    </Panel>
  )
}
