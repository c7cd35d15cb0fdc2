import type { Node, Version } from '@cairn/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Download, RotateCcw, Trash2 } from 'lucide-react'
import { useClient } from '../../api/client.tsx'
import { contentUrl } from '../../api/content-url.ts'
import { placeNode } from '../../api/entries-cache.ts'
import { versionsQuery } from '../../api/files-queries.ts'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, IconButton, Spinner } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useNotify } from '../../ui/toasts.tsx'
import { follow } from './use-download.ts'

interface VersionsDialogProps {
  readonly node: Node
  readonly onClose: () => void
}

export const VersionsDialog = ({ node, onClose }: VersionsDialogProps) => {
  const { t, bytes, moment } = useLocale()
  const client = useClient()
  const queries = useQueryClient()
  const notify = useNotify()
  const versions = useQuery(versionsQuery(client, node.driveId, node.id))
  const refresh = () => queries.invalidateQueries({ queryKey: ['versions', node.driveId, node.id] })
  const restore = useMutation({
    mutationFn: ({ id }: Version) => client.versions.restore(node.driveId, { node: node.id, version: id }),
    onSuccess: async (restored) => {
      placeNode(queries, restored)
      notify.done(t.versions.restored)
      await refresh()
    }
  })
  const remove = useMutation({
    mutationFn: ({ id }: Version) => client.versions.remove(node.driveId, { node: node.id, version: id }),
    onSuccess: async () => {
      notify.done(t.versions.deleted)
      await queries.invalidateQueries({ queryKey: ['drive'] })
      await refresh()
    }
  })
  const error = versions.error ?? restore.error ?? remove.error
  return (
    <Dialog open wide onClose={onClose} title={t.versions.title(node.name)}>
      {error !== null && (
        <Notice kind="error" className="mb-3">
          {explainShort(error, t)}
        </Notice>
      )}
      {versions.isPending && <Spinner />}
      <ul className="grid divide-y divide-line">
        {versions.data?.map((version) => (
          <li key={version.id} className="flex min-h-14 items-center gap-2 py-1.5">
            <div className="min-w-0 grow">
              <p className="font-medium">{moment(version.createdAt)}</p>
              <p className="numeric text-xs text-muted">{bytes(version.size)}</p>
            </div>
            {version.current ? (
              <span className="rounded-full bg-ok-tint px-2.5 py-0.5 text-xs font-medium text-ok">
                {t.versions.current}
              </span>
            ) : (
              <Button
                icon={<RotateCcw className="size-4" />}
                busy={restore.isPending && restore.variables?.id === version.id}
                onClick={() => restore.mutate(version)}
              >
                {t.versions.restore}
              </Button>
            )}
            <IconButton
              label={t.versions.download}
              onClick={() => follow(contentUrl(node.driveId, node.id, version.id))}
            >
              <Download />
            </IconButton>
            {!version.current && (
              <IconButton
                label={t.versions.delete}
                onClick={() => window.confirm(t.versions.confirmDelete) && remove.mutate(version)}
              >
                <Trash2 />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
