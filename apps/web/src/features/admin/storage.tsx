import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, Spinner } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useTold } from '../../ui/use-told.ts'
import { Panel } from '../shell/sections.tsx'

export const StoragePart = () => {
  const { t, bytes, number } = useLocale()
  const client = useClient()
  const stats = useQuery({
    queryKey: ['admin', 'storage'],
    queryFn: ({ signal }) => client.admin.storageStats({ signal })
  })
  const collect = useTold({
    run: () => client.admin.gc(),
    done: () => t.admin.collected,
    stale: [['admin', 'storage']]
  })
  const { data } = stats
  const ratio = (larger: number, smaller: number) =>
    smaller === 0 ? '–' : `${number(Math.round((larger / smaller) * 100) / 100)} ×`
  return (
    <Panel
      title={t.admin.storage}
      action={
        <Button busy={collect.isPending} onClick={() => collect.mutate()}>
          {t.admin.collect}
        </Button>
      }
    >
      {stats.isPending && <Spinner />}
      {stats.error !== null && <Notice kind="error">{explainShort(stats.error, t)}</Notice>}
      {data !== undefined && (
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-3">
          <Figure label={t.admin.logicalBytes}>{bytes(data.logicalBytes)}</Figure>
          <Figure label={t.admin.plainBytes}>{bytes(data.plainBytes)}</Figure>
          <Figure label={t.admin.storedBytes}>{bytes(data.packBytes)}</Figure>
          <Figure label={t.admin.freeBytes}>{data.freeBytes === null ? t.admin.unknown : bytes(data.freeBytes)}</Figure>
          <Figure label={t.admin.deduplication}>{ratio(data.logicalBytes, data.plainBytes)}</Figure>
          <Figure label={t.admin.compression}>{ratio(data.plainBytes, data.storedBytes)}</Figure>
          <Figure label={t.admin.chunks}>{number(data.chunks)}</Figure>
          <Figure label={t.admin.packs}>{number(data.packs)}</Figure>
          <Figure label={t.admin.vaults}>{number(data.vaults)}</Figure>
          <Figure label={t.admin.openUploads}>{number(data.openUploads)}</Figure>
          <Figure label={t.admin.condemned}>{bytes(data.condemnedBytes)}</Figure>
          <Figure label={t.admin.suspect} warn={data.suspectChunks > 0}>
            {number(data.suspectChunks)}
          </Figure>
        </dl>
      )}
    </Panel>
  )
}

const Figure = ({
  label,
  children,
  warn = false
}: {
  readonly label: string
  readonly children: ReactNode
  readonly warn?: boolean
}) => (
  <div className="rounded-xl bg-sunken px-4 py-3">
    <dt className="text-xs text-muted">{label}</dt>
    <dd className={warn ? 'numeric text-lg font-semibold text-danger' : 'numeric text-lg font-semibold'}>{children}</dd>
  </div>
)
