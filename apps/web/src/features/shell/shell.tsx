import { Dialog } from '@base-ui/react/dialog'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useState } from 'react'
import { meQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { useLocale } from '../../app/locale.tsx'
import { UploadPanel } from '../upload/upload-panel.tsx'
import { UploadsProvider } from '../upload/uploads-context.tsx'
import { CommandProvider } from './command-context.tsx'
import { JournalProvider } from './journal-context.tsx'
import { OfflineBanner } from './offline-banner.tsx'
import { PageLoading } from './page-loading.tsx'
import { Sidebar } from './sidebar.tsx'
import { TopBar } from './top-bar.tsx'
import { useSessionKeeper } from './use-session-keeper.ts'

/** Around every page of somebody signed in. */
export const Shell = () => {
  const { data: me } = useSuspenseQuery(meQuery(useClient()))
  if (me === null) return null
  return (
    <Suspense fallback={<PageLoading />}>
      <JournalProvider>
        <UploadsProvider userId={me.id}>
          <CommandProvider>
            <Frame />
          </CommandProvider>
        </UploadsProvider>
      </JournalProvider>
    </Suspense>
  )
}

const Frame = () => {
  const { t } = useLocale()
  const [menu, setMenu] = useState(false)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  useSessionKeeper()
  // biome-ignore lint/correctness/useExhaustiveDependencies: wherever one went, the menu has done its work
  useEffect(() => setMenu(false), [path])
  return (
    <div className="grid h-dvh grid-cols-[16.5rem_minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)] max-lg:grid-cols-1">
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-raised px-4 py-2 shadow-pop focus:not-sr-only focus:fixed focus:start-4 focus:top-3"
      >
        {t.common.skipToContent}
      </a>
      <div className="row-span-2 min-h-0 border-e border-line max-lg:hidden">
        <Sidebar />
      </div>
      <Dialog.Root open={menu} onOpenChange={setMenu}>
        <Dialog.Portal>
          <Dialog.Backdrop className="fade-motion fixed inset-0 z-40 bg-scrim" />
          <Dialog.Popup className="fade-motion fixed inset-y-0 start-0 z-50 w-[min(19rem,85vw)] bg-ground shadow-pop outline-none">
            <Dialog.Title className="sr-only">{t.nav.main}</Dialog.Title>
            <Sidebar />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      <div>
        <TopBar onMenu={() => setMenu(true)} />
        <OfflineBanner />
      </div>
      <main id="content" tabIndex={-1} className="min-h-0 outline-none">
        <Suspense fallback={<PageLoading />}>
          <Outlet />
        </Suspense>
      </main>
      <UploadPanel />
    </div>
  )
}
