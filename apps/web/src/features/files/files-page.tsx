import type { Node } from '@cairn/client'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ArrowUp } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { explain } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { usePreferences } from '../../app/preferences.tsx'
import { cx } from '../../lib/cx.ts'
import type { SortField } from '../../lib/sort.ts'
import { Button } from '../../ui/button.tsx'
import { ContextMenu } from '../../ui/menu.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useOffer } from '../shell/command-context.tsx'
import { DropZone } from '../upload/drop-zone.tsx'
import { Breadcrumbs } from './breadcrumbs.tsx'
import { DetailsPane } from './details-pane.tsx'
import { EmptyFolder, NoMatch } from './empty-folder.tsx'
import { columnsFor, EntryGrid } from './entry-grid.tsx'
import { EntryList } from './entry-list.tsx'
import { FileDialogs, type OpenDialog } from './file-dialogs.tsx'
import { ListSkeleton } from './list-skeleton.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { Toolbar } from './toolbar.tsx'
import { useDrive } from './use-drive.ts'
import { useEntryHandlers } from './use-entry-handlers.ts'
import { useFileActions } from './use-file-actions.tsx'
import { useFolder } from './use-folder.ts'
import { useFolderPlace } from './use-folder-place.ts'
import { useListKeys } from './use-list-keys.ts'
import { useSelection } from './use-selection.ts'
import { useSize } from './use-size.ts'

const Preview = lazy(async () => ({ default: (await import('../preview/preview.tsx')).Preview }))

/** A folder: its path, its entries, what can be done with them. */
export const FilesPage = () => {
  const drive = useDrive()
  const { folderId = drive.rootId } = useParams({ strict: false })
  // Another folder is another page: nothing selected, nothing filtered.
  return <FolderPage key={folderId} folder={folderId} />
}

const FolderPage = ({ folder }: { readonly folder: string }) => {
  const { t } = useLocale()
  const drive = useDrive()
  const navigate = useNavigate()
  const { preview } = useSearch({ strict: false })
  const { preferences, prefer } = usePreferences()
  const { sort, view } = preferences
  const [filter, setFilter] = useState('')
  const [renaming, setRenaming] = useState<string>()
  const [dialog, setDialog] = useState<OpenDialog>()
  const grid = useRef<HTMLDivElement>(null)
  const filterField = useRef<HTMLInputElement>(null)
  const { entries, total, complete, pending, error, retry } = useFolder(
    { drive: drive.id, folder },
    { sorting: sort, filter }
  )
  const byId = useMemo(() => new Map(entries.map((node) => [node.id, node])), [entries])
  const { selection, order, change } = useSelection(entries)
  const selected = useMemo(
    () => [...selection.ids].map((id) => byId.get(id)).filter((node) => node !== undefined),
    [selection.ids, byId]
  )
  const { width, height } = useSize(grid)
  const columns = view === 'grid' ? columnsFor(width - 32) : 1

  const open = (node: Node) => {
    if (node.kind === 'folder') void navigate({ to: '/files/$folderId', params: { folderId: node.id } })
    else void navigate({ to: '.', search: { preview: node.id } })
  }
  const { parent, name } = useFolderPlace(folder)
  const goUp = () => {
    if (parent !== undefined) void navigate({ to: '/files/$folderId', params: { folderId: parent } })
  }
  const { groups, first, all } = useFileActions({ nodes: selected, folder, open, rename: setRenaming, show: setDialog })
  useOffer(all)
  const focusGrid = () => grid.current?.focus()
  const handlers = useEntryHandlers({
    folder,
    selection,
    order,
    change,
    open,
    onRenamed: () => {
      setRenaming(undefined)
      focusGrid()
    }
  })
  const onKeyDown = useListKeys({
    order,
    selection,
    change,
    columns,
    page: Math.max(1, Math.floor(height / (view === 'grid' ? 200 : 44)) - 1) * columns,
    byId,
    open,
    goUp,
    rename: setRenaming,
    actions: all,
    type: (text) => {
      setFilter((before) => before + text)
      filterField.current?.focus()
    }
  })
  const setSort = (field: SortField) =>
    prefer({
      sort: { field, descending: sort.field === field ? !sort.descending : field !== 'name' && field !== 'kind' }
    })
  const focusIndex = selection.focus === undefined ? -1 : order.indexOf(selection.focus)
  const folderName = name ?? t.files.title
  useTitle(folderName)

  const shared = { entries, selection, renaming, handlers, scroller: grid, focusIndex }
  return (
    <div className="flex h-full min-w-0">
      <section className="flex min-w-0 grow flex-col bg-surface">
        <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 px-5 py-2 max-md:px-3">
          {parent !== undefined && (
            <button
              type="button"
              aria-label={t.files.goUp}
              onClick={goUp}
              className="grid size-9 place-items-center rounded-lg text-muted hover:bg-hover sm:hidden"
            >
              <ArrowUp aria-hidden="true" className="size-4.5" />
            </button>
          )}
          <Breadcrumbs folder={folder} />
          {selected.length > 0 ? (
            <SelectionBar
              count={selected.length}
              groups={groups}
              first={first}
              onClear={() => {
                change({ kind: 'clear' })
                focusGrid()
              }}
            />
          ) : null}
          <Toolbar filter={filter} onFilter={setFilter} onLeaveFilter={focusGrid} filterRef={filterField} />
        </div>
        {error !== null && <LoadProblem error={error} onRetry={retry} />}
        <ContextMenu groups={groups}>
          <div
            ref={grid}
            role="grid"
            aria-label={t.files.entries(folderName)}
            aria-multiselectable="true"
            aria-rowcount={view === 'list' ? entries.length + 1 : Math.ceil(entries.length / columns)}
            aria-busy={!complete}
            {...(selection.focus === undefined || focusIndex < 0
              ? {}
              : { 'aria-activedescendant': `row-${selection.focus}` })}
            tabIndex={0}
            onKeyDown={onKeyDown}
            onContextMenu={handlers.onContextMenu}
            onClick={(event) => {
              if (event.target === event.currentTarget) change({ kind: 'clear' })
            }}
            className={cx(
              'group/grid relative min-h-0 grow overflow-y-auto px-4 pb-24 outline-none max-md:px-2',
              dialog !== undefined && 'select-none'
            )}
          >
            {pending ? (
              <ListSkeleton />
            ) : entries.length === 0 ? (
              <EmptyRow>
                {total === 0 && complete ? (
                  <EmptyFolder folder={folder} root={folder === drive.rootId} />
                ) : filter !== '' ? (
                  <NoMatch query={filter} onClear={() => setFilter('')} />
                ) : null}
              </EmptyRow>
            ) : view === 'list' ? (
              <EntryList {...shared} sorting={sort} onSort={setSort} narrow={width < 768 - 32} />
            ) : (
              <EntryGrid {...shared} columns={columns} />
            )}
          </div>
        </ContextMenu>
        <StatusLine shown={entries.length} total={total} complete={complete || pending} filtered={filter !== ''} />
      </section>
      {preferences.details && (
        <DetailsPane nodes={selected} onVersions={(node) => setDialog({ kind: 'versions', node })} />
      )}
      <DropZone folder={{ id: folder, name: folderName }} folderAt={(element) => folderAt(element, byId)} />
      <FileDialogs dialog={dialog} folder={folder} onClose={() => setDialog(undefined)} />
      {preview !== undefined && (
        <Suspense>
          <Preview
            id={preview}
            siblings={entries}
            onMove={(id) => void navigate({ to: '.', search: { preview: id }, replace: true })}
            onClose={() => {
              void navigate({ to: '.', search: {} })
              change({ kind: 'only', id: preview })
              focusGrid()
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

const EmptyRow = ({ children }: { readonly children: ReactNode }) => (
  <div role="row" className="contents">
    <div role="gridcell" className="contents">
      {children}
    </div>
  </div>
)

const folderAt = (element: Element | null, byId: ReadonlyMap<string, Node>): Node | undefined => {
  const row = element?.closest('[data-node]')
  const node = row instanceof HTMLElement ? byId.get(row.dataset['node'] ?? '') : undefined
  return node?.kind === 'folder' ? node : undefined
}

const LoadProblem = ({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) => {
  const { t } = useLocale()
  const { title, advice, requestId } = explain(error, t)
  return (
    <div className="px-5 py-3">
      <Notice kind="error" action={<Button onClick={onRetry}>{t.common.retry}</Button>}>
        <p className="font-medium">{title}</p>
        <p>{advice}</p>
        {requestId !== undefined && <p className="text-xs">{t.common.requestId(requestId)}</p>}
      </Notice>
    </div>
  )
}

interface StatusLineProps {
  readonly shown: number
  readonly total: number
  readonly complete: boolean
  readonly filtered: boolean
}

const StatusLine = ({ shown, total, complete, filtered }: StatusLineProps) => {
  const { t } = useLocale()
  const text = !complete ? t.files.loadingMore(total) : filtered ? t.files.countOf(shown, total) : t.files.count(total)
  return (
    <p role="status" className="numeric border-t border-line px-6 py-1.5 text-xs text-muted">
      {text}
    </p>
  )
}

const useTitle = (title: string): void => {
  const { t } = useLocale()
  useEffect(() => {
    document.title = `${title} – ${t.common.appName}`
  }, [title, t])
}
