import type { Node } from '@cairn/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { ancestorsQuery, entriesQuery } from '../../api/files-queries.ts'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import { sortEntries } from '../../lib/sort.ts'
import { FolderGlyph } from '../files/file-icon.tsx'
import { useDrive } from '../files/use-drive.ts'
import { useDropTarget } from '../files/use-drop-target.ts'
import { useNodeOperations } from '../files/use-node-operations.ts'

const MOST_SHOWN = 200

/** The folders, opened along the way to where one is. */
export const FolderTree = () => {
  const { t } = useLocale()
  const drive = useDrive()
  const client = useClient()
  const { folderId } = useParams({ strict: false })
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const above = useQuery({ ...ancestorsQuery(client, drive.id, folderId ?? ''), enabled: folderId !== undefined })

  useEffect(() => {
    const path = above.data?.slice(1, -1).map(({ id }) => id) ?? []
    if (path.length > 0) setOpen((before) => new Set([...before, ...path]))
  }, [above.data])

  const toggle = (id: string) =>
    setOpen((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  return (
    <ul role="tree" aria-label={t.nav.folders} className="grid gap-px py-1" onKeyDown={moveFocus}>
      <Branch folder={drive.rootId} depth={0} open={open} onToggle={toggle} current={folderId} />
    </ul>
  )
}

interface BranchProps {
  readonly folder: string
  readonly depth: number
  readonly open: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  readonly current: string | undefined
}

const Branch = ({ folder, depth, open, onToggle, current }: BranchProps) => {
  const client = useClient()
  const queries = useQueryClient()
  const drive = useDrive()
  const { data } = useQuery(entriesQuery(client, queries, { drive: drive.id, folder }))
  const folders = useMemo(
    () =>
      sortEntries(data?.items.filter(({ kind }) => kind === 'folder') ?? [], {
        field: 'name',
        descending: false
      }).slice(0, MOST_SHOWN),
    [data]
  )
  return folders.map((node) => (
    <Twig key={node.id} node={node} depth={depth} open={open} onToggle={onToggle} current={current} />
  ))
}

const Twig = ({ node, depth, open, onToggle, current }: Omit<BranchProps, 'folder'> & { readonly node: Node }) => {
  const { t } = useLocale()
  const navigate = useNavigate()
  const { move, copy } = useNodeOperations(useDrive())
  const drop = useDropTarget((ids, copying) => void (copying ? copy : move)(ids, node))
  const isOpen = open.has(node.id)
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === 'ArrowRight') !== isOpen && (event.key === 'ArrowRight' || event.key === 'ArrowLeft'))
      onToggle(node.id)
    else if (event.key === 'Enter') void navigate({ to: '/files/$folderId', params: { folderId: node.id } })
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <li
      role="treeitem"
      aria-expanded={isOpen}
      aria-selected={current === node.id}
      aria-label={node.name}
      tabIndex={current === node.id ? 0 : -1}
      onKeyDown={onKeyDown}
      className="rounded-lg"
    >
      <div
        {...drop.props}
        className={cx(
          'flex min-h-8 items-center rounded-lg pe-2 hover:bg-hover',
          current === node.id ? 'bg-tint text-accent' : 'text-muted hover:text-text',
          drop.over && 'outline-2 outline-accent'
        )}
        style={{ paddingInlineStart: `${0.25 + depth * 0.85}rem` }}
      >
        <button
          type="button"
          tabIndex={-1}
          aria-label={isOpen ? t.nav.collapse(node.name) : t.nav.expand(node.name)}
          onClick={() => onToggle(node.id)}
          className="grid size-6 shrink-0 place-items-center rounded-md hover:bg-line"
        >
          <ChevronRight
            aria-hidden="true"
            className={cx('size-3.5 transition-transform rtl:-scale-x-100', isOpen && 'rotate-90')}
          />
        </button>
        <Link
          to="/files/$folderId"
          params={{ folderId: node.id }}
          tabIndex={-1}
          draggable={false}
          className="flex min-w-0 grow items-center gap-2 py-1"
        >
          <FolderGlyph className="size-4 shrink-0 text-folder" />
          <span className="truncate">{node.name}</span>
        </Link>
      </div>
      {isOpen && (
        <ul role="group">
          <Branch folder={node.id} depth={depth + 1} open={open} onToggle={onToggle} current={current} />
        </ul>
      )}
    </li>
  )
}

/** Up and down walk through what is visible. */
const moveFocus = (event: KeyboardEvent<HTMLUListElement>): void => {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')]
  const at = document.activeElement instanceof HTMLElement ? all.indexOf(document.activeElement) : -1
  const next = all[at + (event.key === 'ArrowDown' ? 1 : -1)]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}
