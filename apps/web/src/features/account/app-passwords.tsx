import type { CreatedAppPassword } from '@cairn/client'
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, Spinner } from '../../ui/button.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useTold } from '../../ui/use-told.ts'
import { Badge, Panel } from '../shell/sections.tsx'

export const AppPasswords = () => {
  const { t, when } = useLocale()
  const client = useClient()
  const [name, setName] = useState('')
  const [readOnly, setReadOnly] = useState(false)
  const [created, setCreated] = useState<CreatedAppPassword>()
  const list = useQuery({ queryKey: ['app-passwords'], queryFn: ({ signal }) => client.auth.appPasswords({ signal }) })
  const create = useTold({
    run: () =>
      client.auth.createAppPassword({ name, scopes: readOnly ? ['files:read'] : ['files:read', 'files:write'] }),
    stale: [['app-passwords']],
    onSuccess: (made) => {
      setCreated(made)
      setName('')
    }
  })
  const revoke = useTold({
    run: (id: string) => client.auth.revokeAppPassword(id),
    done: () => t.account.appRevoked,
    stale: [['app-passwords']]
  })
  return (
    <Panel title={t.account.appPasswords} text={t.account.appText}>
      <form
        className="grid items-end gap-3 sm:grid-cols-[1fr_auto_auto]"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Field
          label={t.account.appName}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t.account.appRights}
          value={readOnly ? 'read' : 'write'}
          onChange={(event) => setReadOnly(event.target.value === 'read')}
        >
          <option value="write">{t.account.appReadWrite}</option>
          <option value="read">{t.account.appRead}</option>
        </SelectField>
        <Button type="submit" variant="primary" className="min-h-10" busy={create.isPending}>
          {t.account.appCreate}
        </Button>
      </form>
      {list.isPending && <Spinner />}
      {list.error !== null && <Notice kind="error">{explainShort(list.error, t)}</Notice>}
      {list.data?.length === 0 && <p className="text-muted">{t.account.appNone}</p>}
      <ul className="grid divide-y divide-line">
        {list.data?.map(({ id, name: label, scopes, lastUsedAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <KeyRound aria-hidden="true" className="size-5 shrink-0 text-faint" />
            <div className="min-w-0 grow">
              <p className="font-medium [overflow-wrap:anywhere]">{label}</p>
              <p className="text-xs text-muted">
                {lastUsedAt === null ? t.account.appUnused : t.account.appLastUsed(when(lastUsedAt))}
              </p>
            </div>
            <Badge>
              {scopes.includes('files:write') || scopes.includes('*') ? t.account.appReadWrite : t.account.appRead}
            </Badge>
            <Button busy={revoke.isPending && revoke.variables === id} onClick={() => revoke.mutate(id)}>
              {t.account.appRevoke}
            </Button>
          </li>
        ))}
      </ul>
      {created !== undefined && (
        <Dialog
          open
          onClose={() => setCreated(undefined)}
          title={t.account.appCreated}
          description={`${created.name}. ${t.common.shownOnce}`}
        >
          <CopyField label={t.account.appCreated} value={created.secret} />
        </Dialog>
      )}
    </Panel>
  )
}
