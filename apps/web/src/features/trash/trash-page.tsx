import type { TrashedNode } from '@cairn/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { RotateCcw, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { trashQuery } from '../../api/files-queries.ts'
import { explain } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, IconButton, Spinner } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useNotify } from '../../ui/toasts.tsx'
import { Empty } from '../files/empty-folder.tsx'
import { FileIcon } from '../files/file-icon.tsx'
import { useDrive } from '../files/use-drive.ts'
import { useNodeOperations } from '../files/use-node-operations.ts'

const ROW = 56

/** What was deleted: back with it, or away for good. */
export const TrashPage = () => {
  const { t } = useLocale()
  const client = useClient()
  const queries = useQueryClient()
  const notify = useNotify()
  const drive = useDrive()
  const { restore } = useNodeOperations(drive)
  const trash = useQuery(trashQuery(client, drive.id))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState<'selected' | 'all'>()
  const nodes = trash.data ?? NOTHING
  const selected = useMemo(() => nodes.filter(({ id }) => chosen.has(id)), [nodes, chosen])

  useEffect(() => {
    document.title = `${t.trash.title} – ${t.common.appName}`
  }, [t])

  const refresh = async () => {
    setChosen(new Set())
    await queries.invalidateQueries({ queryKey: ['trash'] })
    await queries.invalidateQueries({ queryKey: ['drive'] })
  }
  const purge = useMutation({
    mutationFn: async (ids: readonly string[] | 'all') => {
      if (ids === 'all') await client.trash.empty(drive.id)
      else for (const id of ids) await client.trash.purge(drive.id, id)
    },
    onSuccess: (_, ids) => notify.done(ids === 'all' ? t.trash.emptied : t.trash.purged(ids.length)),
    onError: (error) => {
      const { title, advice } = explain(error, t)
      notify.failed(title, advice)
    },
    onSettled: refresh
  })
  const ids = selected.map(({ id }) => id)
  return (
    <section className="flex h-full flex-col bg-surface">
      <header className="flex min-h-16 flex-wrap items-center gap-x-3 gap-y-2 px-6 py-3 max-md:px-4">
        <div className="min-w-0 grow">
          <h1 className="text-base font-semibold">{t.trash.title}</h1>
          <p className="text-muted">{t.trash.text}</p>
        </div>
        {selected.length > 0 ? (
          <>
            <p aria-live="polite" className="numeric font-medium text-accent">
              {t.files.selected(selected.length)}
            </p>
            <Button icon={<RotateCcw className="size-4" />} onClick={() => void restore(ids).then(refresh)}>
              {t.trash.restore}
            </Button>
            <Button icon={<Trash2 className="size-4 text-danger" />} onClick={() => setAsking('selected')}>
              {t.trash.purge}
            </Button>
          </>
        ) : (
          nodes.length > 0 && (
            <Button busy={purge.isPending} onClick={() => setAsking('all')}>
              {t.trash.empty}
            </Button>
          )
        )}
      </header>
      {trash.error !== null && (
        <div className="px-6">
          <Notice kind="error" action={<Button onClick={() => void trash.refetch()}>{t.common.retry}</Button>}>
            {explain(trash.error, t).title}
          </Notice>
        </div>
      )}
      {trash.isPending ? (
        <div className="grid place-items-center p-12">
          <Spinner />
        </div>
      ) : nodes.length === 0 ? (
        <Empty
          icon={<Trash2 className="size-14 text-faint" strokeWidth={1.2} />}
          title={t.trash.nothing}
          text={t.trash.nothingText}
        />
      ) : (
        <List
          nodes={nodes}
          chosen={chosen}
          onToggle={(id) =>
            setChosen((before) => {
              const next = new Set(before)
              if (!next.delete(id)) next.add(id)
              return next
            })
          }
          onRestore={(id) => void restore([id]).then(refresh)}
        />
      )}
      <ConfirmDialog
        open={asking !== undefined}
        title={asking === 'all' ? t.trash.empty : t.trash.purge}
        text={asking === 'all' ? t.trash.emptyConfirm : t.trash.purgeConfirm(selected.length)}
        confirm={t.trash.purge}
        onClose={() => setAsking(undefined)}
        onConfirm={() => purge.mutate(asking === 'all' ? 'all' : ids)}
      />
    </section>
  )
}

const NOTHING: readonly TrashedNode[] = []

interface ListProps {
  readonly nodes: readonly TrashedNode[]
  readonly chosen: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  readonly onRestore: (id: string) => void
}

const List = ({ nodes, chosen, onToggle, onRestore }: ListProps) => {
  const { t, bytes, when, moment } = useLocale()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: nodes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8
  })
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label={t.trash.title}
      className="min-h-0 grow overflow-y-auto px-4 pb-24 max-md:px-2"
    >
      <ul className="relative" style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const node = nodes[index]
          if (node === undefined) return null
          return (
            <li key={node.id} className="absolute inset-x-0 top-0" style={{ transform: `translateY(${start}px)` }}>
              <div className="flex h-14 items-center gap-3 rounded-lg px-3 hover:bg-hover">
                <input
                  type="checkbox"
                  aria-label={t.files.select(node.name)}
                  checked={chosen.has(node.id)}
                  onChange={() => onToggle(node.id)}
                  className="size-4 accent-accent pointer-coarse:size-5"
                />
                <FileIcon kind={node.kind} name={node.name} className="size-6 shrink-0" />
                <div className="min-w-0 grow">
                  <p className="truncate">{node.name}</p>
                  <p className="truncate text-xs text-muted" title={node.trashedPath}>
                    {t.trash.from} {node.trashedPath}
                  </p>
                </div>
                <p className="numeric w-24 text-end text-muted max-sm:hidden">{bytes(node.treeSize)}</p>
                <p className="numeric w-24 text-end text-muted max-sm:hidden" title={moment(node.trashedAt)}>
                  {when(node.trashedAt)}
                </p>
                <IconButton label={`${t.trash.restore}: ${node.name}`} onClick={() => onRestore(node.id)}>
                  <RotateCcw />
                </IconButton>
              </div>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
