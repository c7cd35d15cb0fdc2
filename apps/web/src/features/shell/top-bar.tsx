import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Info, LogOut, Menu as MenuIcon, Search, UserRound } from 'lucide-react'
import { meQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { useLocale } from '../../app/locale.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useCommands } from './command-context.tsx'

export const TopBar = ({ onMenu }: { readonly onMenu: () => void }) => {
  const { t } = useLocale()
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { data: me } = useSuspenseQuery(meQuery(client))
  const { openPalette } = useCommands()
  const name = me?.username ?? ''
  const signOut = async () => {
    await client.auth.logout().catch(() => undefined)
    queries.clear()
    await navigate({ to: '/login' })
  }
  return (
    <header className="flex h-14 items-center gap-2 border-b border-line px-4 max-lg:px-2">
      <IconButton label={t.nav.openMenu} className="lg:hidden" onClick={onMenu}>
        <MenuIcon />
      </IconButton>
      <button
        type="button"
        onClick={openPalette}
        className="flex h-9 w-full max-w-xl items-center gap-2.5 rounded-lg border border-line bg-surface px-3 text-faint hover:border-line-strong"
      >
        <Search aria-hidden="true" className="size-4" />
        <span className="grow truncate text-start">{t.common.searchOrCommand}</span>
        <kbd className="rounded border border-line px-1.5 font-sans text-xs max-sm:hidden">Ctrl K</kbd>
      </button>
      <div className="ms-auto">
        <Menu
          trigger={
            <button
              type="button"
              aria-label={t.nav.userMenu(name)}
              className="grid size-9 place-items-center rounded-full bg-tint-strong font-semibold text-accent uppercase hover:opacity-85"
            >
              {name.slice(0, 1)}
            </button>
          }
          header={<p className="truncate px-2.5 pt-1.5 pb-2 font-medium">{name}</p>}
          groups={[
            [
              {
                id: 'account',
                label: t.nav.account,
                icon: <UserRound />,
                run: () => void navigate({ to: '/account/{-$section}', params: {} })
              },
              { id: 'about', label: t.nav.about, icon: <Info />, run: () => location.assign('/about') }
            ],
            [{ id: 'sign-out', label: t.auth.signOut, icon: <LogOut />, run: () => void signOut() }]
          ]}
        />
      </div>
    </header>
  )
}
