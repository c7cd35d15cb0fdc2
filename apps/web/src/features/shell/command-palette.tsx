import { Dialog } from '@base-ui/react/dialog'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import type { Action } from '../../ui/menu.tsx'
import { FileIcon } from '../files/file-icon.tsx'
import { useDrive } from '../files/use-drive.ts'
import { useFolder } from '../files/use-folder.ts'

const MOST = 50

interface Hit {
  readonly id: string
  readonly label: string
  readonly icon: ReactNode
  readonly section: string
  readonly keys?: string | undefined
  readonly run: () => void
}

interface CommandPaletteProps {
  readonly actions: readonly Action[]
  readonly onClose: () => void
}

/** Names of this folder and everything that can be done, by typing. */
export const CommandPalette = ({ actions, onClose }: CommandPaletteProps) => {
  const { t } = useLocale()
  const id = useId()
  const navigate = useNavigate()
  const drive = useDrive()
  const { folderId = drive.rootId } = useParams({ strict: false })
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const { entries } = useFolder({ drive: drive.id, folder: folderId }, { sorting: BY_NAME, filter: query })

  const hits = useMemo((): readonly Hit[] => {
    const pages: readonly Action[] = [
      { id: 'go-files', label: t.nav.files, run: () => void navigate({ to: '/files' }) },
      { id: 'go-trash', label: t.nav.trash, run: () => void navigate({ to: '/trash' }) },
      { id: 'go-account', label: t.nav.account, run: () => void navigate({ to: '/account/{-$section}', params: {} }) },
      {
        id: 'go-appearance',
        label: t.account.appearance,
        run: () => void navigate({ to: '/account/{-$section}', params: { section: 'appearance' } })
      }
    ]
    const needle = query.trim().toLowerCase()
    const commands = [...actions, ...pages]
      .filter(({ label, disabled }) => disabled !== true && label.toLowerCase().includes(needle))
      .map((action): Hit => ({ ...action, icon: action.icon ?? null, section: t.palette.commands }))
    const here = entries.slice(0, MOST).map(
      (node): Hit => ({
        id: node.id,
        label: node.name,
        icon: <FileIcon kind={node.kind} name={node.name} className="size-5" />,
        section: t.palette.here,
        run: () =>
          void (node.kind === 'folder'
            ? navigate({ to: '/files/$folderId', params: { folderId: node.id } })
            : navigate({ to: '/files/$folderId', params: { folderId }, search: { preview: node.id } }))
      })
    )
    return needle === '' ? [...commands, ...here] : [...here, ...commands]
  }, [actions, entries, folderId, navigate, query, t])

  const run = (hit: Hit | undefined) => {
    if (hit === undefined) return
    onClose()
    hit.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive((at) => Math.min(hits.length - 1, at + 1))
    else if (event.key === 'ArrowUp') setActive((at) => Math.max(0, at - 1))
    else if (event.key === 'Enter') run(hits[active])
    else return
    event.preventDefault()
  }
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade-motion fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="pop-motion fixed inset-x-0 top-[10dvh] z-50 mx-auto flex max-h-[70dvh] w-[calc(100%-2rem)] max-w-xl flex-col overflow-hidden rounded-2xl bg-raised shadow-pop outline-none">
          <Dialog.Title className="sr-only">{t.palette.title}</Dialog.Title>
          <div className="flex items-center gap-3 border-b border-line px-4">
            <Search aria-hidden="true" className="size-4.5 text-faint" />
            <input
              role="combobox"
              aria-expanded="true"
              aria-controls={`${id}-list`}
              aria-activedescendant={hits[active] === undefined ? undefined : `${id}-${active}`}
              aria-label={t.palette.placeholder}
              placeholder={t.palette.placeholder}
              value={query}
              onChange={(event) => {
                setQuery(event.target.value)
                setActive(0)
              }}
              onKeyDown={onKeyDown}
              className="h-13 grow bg-transparent text-base outline-none placeholder:text-faint"
            />
          </div>
          <div id={`${id}-list`} role="listbox" aria-label={t.palette.title} className="min-h-0 overflow-y-auto p-1.5">
            {hits.length === 0 && <p className="p-6 text-center text-muted">{t.palette.empty}</p>}
            {hits.map((hit, at) => (
              <div key={hit.id} role="presentation">
                {hit.section !== hits[at - 1]?.section && (
                  <p role="presentation" className="px-2.5 pt-2.5 pb-1 text-xs font-medium text-faint">
                    {hit.section}
                  </p>
                )}
                <div
                  role="option"
                  id={`${id}-${at}`}
                  aria-selected={at === active}
                  ref={at === active ? scrollIntoView : undefined}
                  onClick={() => run(hit)}
                  onMouseMove={() => setActive(at)}
                  className={cx(
                    'flex min-h-10 items-center gap-3 rounded-lg px-2.5 [&>svg]:size-4.5 [&>svg]:shrink-0',
                    at === active && 'bg-hover'
                  )}
                >
                  {hit.icon}
                  <span className="grow truncate">{hit.label}</span>
                  {hit.keys !== undefined && <span className="text-xs text-faint">{hit.keys}</span>}
                </div>
              </div>
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const BY_NAME = { field: 'name', descending: false } as const

const scrollIntoView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' })
