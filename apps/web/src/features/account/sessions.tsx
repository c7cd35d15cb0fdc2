import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { MonitorSmartphone } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, Spinner } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useTold } from '../../ui/use-told.ts'
import { deviceName } from '../auth/device-name.ts'
import { Badge, Panel } from '../shell/sections.tsx'

export const Sessions = () => {
  const { t, when, moment } = useLocale()
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => client.auth.sessions({ signal }) })
  const end = useTold({
    run: (id: string) => client.auth.endSession(id),
    done: () => t.account.sessionEnded,
    stale: [['sessions']]
  })
  const endAll = useTold({
    run: () => client.auth.logoutAll(),
    onSuccess: () => {
      queries.clear()
      void navigate({ to: '/login' })
    }
  })
  return (
    <Panel
      title={t.account.sessions}
      text={t.account.sessionsText}
      action={<Button onClick={() => setAsking(true)}>{t.account.endAll}</Button>}
    >
      {sessions.isPending && <Spinner />}
      {sessions.error !== null && <Notice kind="error">{explainShort(sessions.error, t)}</Notice>}
      <ul className="grid divide-y divide-line">
        {sessions.data?.map(({ id, device, userAgent, ip, createdAt, lastUsedAt, current }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <MonitorSmartphone aria-hidden="true" className="size-5 shrink-0 text-faint" />
            <div className="min-w-0 grow">
              <p className="font-medium" title={userAgent}>
                {device ?? deviceName(userAgent)} <span className="font-normal text-muted">· {ip}</span>
              </p>
              <p className="text-xs text-muted" title={moment(createdAt)}>
                {t.account.lastUsed(when(lastUsedAt))} · {t.account.signedIn(when(createdAt))}
              </p>
            </div>
            {current ? (
              <Badge kind="ok">{t.account.thisSession}</Badge>
            ) : (
              <Button busy={end.isPending && end.variables === id} onClick={() => end.mutate(id)}>
                {t.account.endSession}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={asking}
        title={t.account.endAll}
        text={t.account.endAllConfirm}
        confirm={t.account.endAll}
        onConfirm={() => endAll.mutate()}
        onClose={() => setAsking(false)}
      />
    </Panel>
  )
}
