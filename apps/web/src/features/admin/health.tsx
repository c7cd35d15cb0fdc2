import type { DoctorRun } from '@cairn/client'
import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { readinessQuery } from '../../api/readiness.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, Spinner } from '../../ui/button.tsx'
import { Check, SelectField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useTold } from '../../ui/use-told.ts'
import { Badge, Panel } from '../shell/sections.tsx'

export const HealthPart = () => (
  <>
    <Readiness />
    <Queues />
    <Doctor />
  </>
)

const Readiness = () => {
  const { t, number } = useLocale()
  const health = useQuery(readinessQuery)
  const { data } = health
  return (
    <Panel
      title={t.admin.readiness}
      action={
        data !== undefined && (
          <Badge kind={data.status === 'ready' ? 'ok' : data.status === 'degraded' ? 'warn' : 'danger'}>
            {data.status === 'ready' ? t.admin.ready : data.status === 'degraded' ? t.admin.degraded : t.admin.notReady}
          </Badge>
        )
      }
    >
      {health.isPending && <Spinner />}
      {health.error !== null && <Notice kind="error">{explainShort(health.error, t)}</Notice>}
      <ul className="grid gap-x-8 sm:grid-cols-2">
        {Object.entries(data?.checks ?? {}).map(([name, { status, latencyMs, error }]) => (
          <li key={name} className="flex items-center gap-3 border-b border-line py-2.5">
            {status === 'ok' ? (
              <CircleCheck aria-label={t.admin.ready} className="size-4.5 shrink-0 text-ok" />
            ) : (
              <CircleAlert aria-label={t.admin.notReady} className="size-4.5 shrink-0 text-danger" />
            )}
            <span className="min-w-0 grow [overflow-wrap:anywhere]">
              {name}
              {error !== undefined && <span className="block text-xs text-danger">{error}</span>}
            </span>
            <span className="numeric text-xs text-muted">{number(latencyMs)} ms</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const Queues = () => {
  const { t, number, when } = useLocale()
  const client = useClient()
  const queues = useQuery({
    queryKey: ['admin', 'queues'],
    queryFn: ({ signal }) => client.admin.queues({ signal }),
    refetchInterval: 5000
  })
  const rows = [
    ...(queues.data?.subscriptions ?? []),
    ...(queues.data?.outboxes ?? []).map((queue) => ({ ...queue, dead: 0 }))
  ]
  return (
    <Panel title={t.admin.queues} text={t.admin.queuesText}>
      {queues.error !== null && <Notice kind="error">{explainShort(queues.error, t)}</Notice>}
      {rows.length > 0 && (
        <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={t.admin.queues}>
          <table className="w-full">
            <thead>
              <tr className="border-b border-line text-xs text-muted [&>th]:py-2 [&>th]:font-medium">
                <th scope="col" className="text-start">
                  {t.admin.queueName}
                </th>
                <th scope="col" className="text-end">
                  {t.admin.waiting}
                </th>
                <th scope="col" className="text-end">
                  {t.admin.dead}
                </th>
                <th scope="col" className="text-end">
                  {t.admin.oldest}
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {rows.map(({ name, waiting, dead, oldestAt }) => (
                <tr key={name} className="[&>td]:py-2">
                  <th scope="row" className="py-2 text-start font-normal [overflow-wrap:anywhere]">
                    {name}
                  </th>
                  <td className="numeric text-end">{number(waiting)}</td>
                  <td className={dead > 0 ? 'numeric text-end font-medium text-danger' : 'numeric text-end'}>
                    {number(dead)}
                  </td>
                  <td className="numeric text-end text-muted">{oldestAt === null ? '–' : when(oldestAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

const RUNS = ['admin', 'doctor'] as const

const Doctor = () => {
  const { t } = useLocale()
  const client = useClient()
  const [level, setLevel] = useState(1)
  const [repair, setRepair] = useState(false)
  const runs = useQuery({
    queryKey: RUNS,
    queryFn: ({ signal }) => client.admin.doctorRuns({ signal }),
    refetchInterval: ({ state }) => (state.data?.[0]?.state === 'running' ? 1000 : false)
  })
  const start = useTold({ run: () => client.admin.startDoctor({ level, repair }), stale: [RUNS] })
  const cancel = useTold({ run: (id: string) => client.admin.cancelDoctor(id), stale: [RUNS] })
  const latest = runs.data?.[0]
  return (
    <Panel title={t.admin.checkTitle} text={t.admin.checkText}>
      <form
        className="grid items-end gap-3 sm:grid-cols-[1fr_auto]"
        onSubmit={(event) => {
          event.preventDefault()
          start.mutate()
        }}
      >
        <SelectField label={t.admin.level} value={level} onChange={(event) => setLevel(Number(event.target.value))}>
          {t.admin.levels.map((text, at) => (
            <option key={text} value={at}>
              {text}
            </option>
          ))}
        </SelectField>
        <Button
          type="submit"
          variant="primary"
          className="min-h-10"
          busy={start.isPending || latest?.state === 'running'}
        >
          {latest?.state === 'running' ? t.admin.checking : t.admin.check}
        </Button>
        <Check label={t.admin.repair} checked={repair} onChange={(event) => setRepair(event.target.checked)} />
      </form>
      {runs.error !== null && <Notice kind="error">{explainShort(runs.error, t)}</Notice>}
      {latest !== undefined && <Run run={latest} onCancel={() => cancel.mutate(latest.id)} />}
    </Panel>
  )
}

const Run = ({ run, onCancel }: { readonly run: DoctorRun; readonly onCancel: () => void }) => {
  const { t, bytes, number, when } = useLocale()
  const { state, progress, findings, error, startedAt } = run
  const figures = t.admin.checkFigures(number(progress.chunks), number(progress.packsDone), bytes(progress.bytesRead))
  if (state === 'running') {
    return (
      <Notice kind="info" action={<Button onClick={onCancel}>{t.common.cancel}</Button>}>
        <p className="font-medium">{t.admin.checking}</p>
        <p className="numeric">{figures}</p>
      </Notice>
    )
  }
  if (state !== 'done') {
    return (
      <Notice kind="warning">
        {when(startedAt)}: {t.admin.checkStopped} {error}
      </Notice>
    )
  }
  return (
    <>
      <Notice kind={progress.total === 0 ? 'done' : 'error'}>
        <p className="font-medium">
          {progress.total === 0 ? t.admin.checkClean : t.admin.checkFound(progress.total)} · {when(startedAt)}
        </p>
        <p className="numeric">{figures}</p>
      </Notice>
      {findings.length > 0 && (
        <ul className="grid divide-y divide-line">
          {findings.map(({ code, subject, message }) => (
            <li key={`${code} ${subject} ${message}`} className="py-2">
              <p className="font-medium">{code}</p>
              <p className="[overflow-wrap:anywhere]">{message}</p>
              <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">{subject}</p>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
