import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Files, Gauge, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { meQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { useLocale } from '../../app/locale.tsx'
import { NewMenu } from '../files/new-menu.tsx'
import { FolderTree } from './folder-tree.tsx'
import { Logo } from './logo.tsx'
import { QuotaBar } from './quota-bar.tsx'

const LINK =
  'flex min-h-9 items-center gap-3 rounded-lg px-3 text-muted hover:bg-hover hover:text-text [&>svg]:size-[1.125rem] [&>svg]:shrink-0'
const ACTIVE = { className: 'bg-tint! text-accent! font-medium' }

export const Sidebar = () => {
  const { t } = useLocale()
  const { data: me } = useSuspenseQuery(meQuery(useClient()))
  return (
    <aside aria-label={t.nav.sidebar} className="flex h-full flex-col gap-1 bg-ground">
      <Link to="/files" className="mx-3 mt-3 flex h-10 items-center gap-2.5 rounded-lg px-2">
        <Logo className="size-7" />
        <span className="text-base font-semibold tracking-tight">{t.common.appName}</span>
      </Link>
      <div className="px-3 py-2">
        <NewMenu />
      </div>
      <nav aria-label={t.nav.main} className="flex min-h-0 grow flex-col gap-0.5 overflow-y-auto px-3 pb-3">
        <NavLink to="/files" exact icon={<Files />} label={t.nav.files} />
        <FolderTree />
        <NavLink to="/trash" icon={<Trash2 />} label={t.nav.trash} />
        {me?.admin === true && <NavLink to="/administration/{-$section}" icon={<Gauge />} label={t.nav.admin} />}
      </nav>
      <QuotaBar />
    </aside>
  )
}

interface NavLinkProps {
  readonly to: '/files' | '/trash' | '/administration/{-$section}'
  readonly icon: ReactNode
  readonly label: string
  readonly exact?: boolean
}

const NavLink = ({ to, icon, label, exact = false }: NavLinkProps) => (
  <Link to={to} params={{}} className={LINK} activeProps={ACTIVE} activeOptions={{ exact, includeSearch: false }}>
    {icon}
    {label}
  </Link>
)
