import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, Spinner } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useTold } from '../../ui/use-told.ts'
import { Badge, Panel } from '../shell/sections.tsx'

const MOST = 200

export const DeadLetters = () => {
  const { t, when } = useLocale()
  const client = useClient()
  const stale = [['admin', 'letters']]
  const letters = useQuery({
    queryKey: ['admin', 'letters'],
    queryFn: ({ signal }) => client.admin.deadLetters({ limit: MOST }, { signal })
  })
  const replay = useTold({
    run: (id: string) => client.admin.replayDeadLetter(id),
    done: () => t.admin.replayed,
    stale
  })
  const replayAll = useTold({ run: () => client.admin.replayDeadLetters(), done: () => t.admin.replayed, stale })
  const discard = useTold({
    run: (id: string) => client.admin.discardDeadLetter(id),
    done: () => t.admin.discarded,
    stale
  })
  return (
    <Panel
      title={t.admin.queue}
      text={t.admin.lettersText}
      action={
        (letters.data?.length ?? 0) > 1 && (
          <Button busy={replayAll.isPending} onClick={() => replayAll.mutate()}>
            {t.admin.replayAll}
          </Button>
        )
      }
    >
      {letters.isPending && <Spinner />}
      {letters.error !== null && <Notice kind="error">{explainShort(letters.error, t)}</Notice>}
      {letters.data?.length === 0 && <Notice kind="done">{t.admin.lettersNone}</Notice>}
      <ul className="grid divide-y divide-line">
        {letters.data?.map(({ id, subscription, topic, attempts, reason, deadAt }) => (
          <li key={id} className="grid gap-2 py-3 sm:grid-cols-[1fr_auto] sm:items-center">
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {topic} <Badge>{subscription}</Badge>
              </p>
              <p className="text-danger [overflow-wrap:anywhere]">{reason}</p>
              <p className="text-xs text-muted">
                {t.admin.attempts(attempts)} · {when(new Date(deadAt).toISOString())}
              </p>
            </div>
            <div className="flex gap-2">
              <Button busy={replay.isPending && replay.variables === id} onClick={() => replay.mutate(id)}>
                {t.admin.replay}
              </Button>
              <Button variant="quiet" onClick={() => discard.mutate(id)}>
                {t.admin.discard}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
