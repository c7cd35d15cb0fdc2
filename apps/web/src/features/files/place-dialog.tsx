import type { Node } from '@cairn/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronRight, FolderPlus } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { ancestorsQuery, entriesQuery } from '../../api/files-queries.ts'
import { useLocale } from '../../app/locale.tsx'
import { sortEntries } from '../../lib/sort.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FolderGlyph } from './file-icon.tsx'
import { NewFolderDialog } from './new-folder-dialog.tsx'
import { useDrive } from './use-drive.ts'
import { useNodeOperations } from './use-node-operations.ts'

interface PlaceDialogProps {
  readonly action: 'move' | 'copy'
  readonly nodes: readonly Node[]
  readonly start: string
  readonly onClose: () => void
}

/** Where to move or copy: one walks through the folders. What dragging does, without dragging. */
export const PlaceDialog = ({ action, nodes, start, onClose }: PlaceDialogProps) => {
  const { t } = useLocale()
  const client = useClient()
  const queries = useQueryClient()
  const drive = useDrive()
  const operations = useNodeOperations(drive)
  const [folder, setFolder] = useState(start)
  const [naming, setNaming] = useState(false)
  const { data } = useQuery(entriesQuery(client, queries, { drive: drive.id, folder }))
  const above = useQuery({ ...ancestorsQuery(client, drive.id, folder), enabled: folder !== drive.rootId })
  const moved = new Set(nodes.map(({ id }) => id))
  const folders = sortEntries(data?.items.filter(({ kind }) => kind === 'folder') ?? [], {
    field: 'name',
    descending: false
  })
  const root = { id: drive.rootId, name: t.files.title }
  const path = folder === drive.rootId ? [root] : [root, ...(above.data?.slice(1) ?? [])]
  const here = path.at(-1) ?? root
  const pointless = action === 'move' && (folder === start || moved.has(folder))
  const place = () => {
    void operations[action](
      nodes.map(({ id }) => id),
      { id: folder, name: here.name }
    )
    onClose()
  }
  return (
    <>
      <Dialog
        open
        onClose={onClose}
        title={action === 'move' ? t.files.moveTitle(nodes.length) : t.files.copyTitle(nodes.length)}
        footer={
          <>
            <Button
              variant="quiet"
              icon={<FolderPlus className="size-4" />}
              className="me-auto"
              onClick={() => setNaming(true)}
            >
              {t.files.newFolder}
            </Button>
            <Button variant="quiet" onClick={onClose}>
              {t.common.cancel}
            </Button>
            <Button variant="primary" disabled={pointless} onClick={place}>
              {action === 'move' ? t.files.moveHere : t.files.copyHere}
            </Button>
          </>
        }
      >
        <nav aria-label={t.files.breadcrumbs} className="pb-2">
          <ol className="flex flex-wrap items-center">
            {path.map(({ id, name }, at) => (
              <li key={id} className="flex min-w-0 items-center">
                {at > 0 && <ChevronRight aria-hidden="true" className="size-3.5 text-faint rtl:-scale-x-100" />}
                <button
                  type="button"
                  {...(id === folder ? { 'aria-current': 'page' } : {})}
                  onClick={() => setFolder(id)}
                  className="max-w-40 truncate rounded-md px-1.5 py-1 text-muted hover:bg-hover aria-[current]:font-medium aria-[current]:text-text"
                >
                  {name}
                </button>
              </li>
            ))}
          </ol>
        </nav>
        <ul className="h-64 overflow-y-auto rounded-xl border border-line p-1">
          {folders.map((node) => (
            <li key={node.id}>
              <button
                type="button"
                disabled={moved.has(node.id)}
                onClick={() => setFolder(node.id)}
                className="flex min-h-10 w-full items-center gap-3 rounded-lg px-2.5 text-start hover:bg-hover disabled:opacity-45"
              >
                <FolderGlyph className="size-5 shrink-0 text-folder" />
                <span className="grow truncate">{node.name}</span>
                <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-faint rtl:-scale-x-100" />
              </button>
            </li>
          ))}
        </ul>
      </Dialog>
      {naming && (
        <NewFolderDialog parent={folder} onClose={() => setNaming(false)} onMade={({ id }) => setFolder(id)} />
      )}
    </>
  )
}
