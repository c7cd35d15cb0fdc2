import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useClient } from '../../api/client.tsx'
import { ancestorsQuery } from '../../api/files-queries.ts'
import { useLocale } from '../../app/locale.tsx'
import { cx } from '../../lib/cx.ts'
import { Menu } from '../../ui/menu.tsx'
import { useDrive } from './use-drive.ts'
import { useDropTarget } from './use-drop-target.ts'
import { useNodeOperations } from './use-node-operations.ts'

const SHOWN = 3

interface Crumb {
  readonly id: string
  readonly name: string
}

export const Breadcrumbs = ({ folder }: { readonly folder: string }) => {
  const { t } = useLocale()
  const drive = useDrive()
  const navigate = useNavigate()
  const { data } = useQuery({ ...ancestorsQuery(useClient(), drive.id, folder), enabled: folder !== drive.rootId })
  const root: Crumb = { id: drive.rootId, name: t.files.title }
  const path: readonly Crumb[] = folder === drive.rootId ? [root] : [root, ...(data?.slice(1) ?? [])]
  const hidden = path.slice(1, Math.max(1, path.length - SHOWN + 1))
  const shown = path.slice(Math.max(1, path.length - SHOWN + 1))
  return (
    <nav aria-label={t.files.breadcrumbs} className="min-w-0 grow">
      <ol className="flex min-w-0 items-center text-base">
        <CrumbItem crumb={root} current={path.length === 1} root />
        {hidden.length > 0 && (
          <li className="flex items-center">
            <Separator />
            <Menu
              align="start"
              trigger={
                <button
                  type="button"
                  aria-label={t.common.more}
                  className="rounded-md px-2 py-1 text-muted hover:bg-hover"
                >
                  …
                </button>
              }
              groups={[
                hidden.map(({ id, name }) => ({
                  id,
                  label: name,
                  run: () => void navigate({ to: '/files/$folderId', params: { folderId: id } })
                }))
              ]}
            />
          </li>
        )}
        {shown.map((crumb, at) => (
          <CrumbItem key={crumb.id} crumb={crumb} current={at === shown.length - 1} />
        ))}
      </ol>
    </nav>
  )
}

const Separator = () => <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-faint rtl:-scale-x-100" />

const CrumbItem = ({
  crumb,
  current,
  root = false
}: {
  readonly crumb: Crumb
  readonly current: boolean
  readonly root?: boolean
}) => {
  const { move, copy } = useNodeOperations(useDrive())
  const drop = useDropTarget((ids, copying) => void (copying ? copy : move)(ids, crumb))
  const look = 'block max-w-64 truncate rounded-md px-2 py-1 max-xs:max-w-28'
  return (
    <li className={cx('flex min-w-0 items-center', !current && 'max-xs:shrink-[3]')}>
      {!root && <Separator />}
      {current ? (
        <h1 aria-current="page" className={cx(look, 'font-semibold')}>
          {crumb.name}
        </h1>
      ) : (
        <Link
          {...(root ? { to: '/files' } : { to: '/files/$folderId', params: { folderId: crumb.id } })}
          {...drop.props}
          className={cx(look, 'text-muted hover:bg-hover hover:text-text', drop.over && 'outline-2 outline-accent')}
        >
          {crumb.name}
        </Link>
      )}
    </li>
  )
}
