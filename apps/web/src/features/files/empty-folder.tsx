import { FilePlus2, FolderUp, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { Logo } from '../shell/logo.tsx'
import { useFilePicker } from '../upload/use-file-picker.ts'

export const EmptyFolder = ({ folder, root }: { readonly folder: string; readonly root: boolean }) => {
  const { t } = useLocale()
  const pick = useFilePicker()
  return (
    <Empty
      icon={<Logo className="size-20" />}
      title={root ? t.files.emptyRootTitle : t.files.emptyTitle}
      text={root ? t.files.emptyRootText : t.files.emptyText}
    >
      <div className="flex flex-wrap justify-center gap-2">
        <Button variant="primary" icon={<FilePlus2 className="size-4" />} onClick={() => pick('files', folder)}>
          {t.files.uploadFiles}
        </Button>
        <Button icon={<FolderUp className="size-4" />} onClick={() => pick('folder', folder)}>
          {t.files.uploadFolder}
        </Button>
      </div>
      {root && (
        <p className="pt-4 text-xs text-muted">
          {t.files.emptyRootCli}{' '}
          <code className="rounded-md bg-sunken px-2 py-1 font-mono text-text">./cairn put -r ~/Documents /</code>
        </p>
      )}
    </Empty>
  )
}

export const NoMatch = ({ query, onClear }: { readonly query: string; readonly onClear: () => void }) => {
  const { t } = useLocale()
  return (
    <Empty
      icon={<SearchX className="size-12 text-faint" strokeWidth={1.3} />}
      title={t.files.noMatchTitle}
      text={t.files.noMatchText(query)}
    >
      <Button onClick={onClear}>{t.files.filterClear}</Button>
    </Empty>
  )
}

interface EmptyProps {
  readonly icon: ReactNode
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}

export const Empty = ({ icon, title, text, children }: EmptyProps) => (
  <div className="grid min-h-[60%] place-content-center justify-items-center gap-3 px-6 py-12 text-center">
    {icon}
    <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
    <p className="max-w-md text-balance text-muted [overflow-wrap:anywhere]">{text}</p>
    {children}
  </div>
)
