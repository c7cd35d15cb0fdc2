import './styles.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { isTransient } from '@cairn/client'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ClientContext } from './api/client.tsx'
import { createBrowserClient } from './api/session.ts'
import { LocaleProvider } from './app/locale.tsx'
import { PreferencesProvider } from './app/preferences.tsx'
import { createAppRouter } from './router.tsx'
import { ToastProvider } from './ui/toasts.tsx'

const start = (element: HTMLElement): void => {
  const queries = new QueryClient({
    queryCache: new QueryCache(),
    mutationCache: new MutationCache(),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // The client has tried again already.
        retry: (failures, error) => isTransient(error) && failures < 2,
        refetchOnWindowFocus: true
      }
    }
  })
  const client = createBrowserClient({
    origin: location.origin,
    onSignedOut: () => {
      // First visits are signed out as well: nothing to leave then.
      if (queries.getQueryData(['me']) === null || queries.getQueryData(['me']) === undefined) return
      queries.clear()
      void router.navigate({ to: '/login', search: { to: router.state.location.href } })
    }
  })
  const router = createAppRouter({ client, queries })
  createRoot(element).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queries}>
          <ClientContext value={client}>
            <PreferencesProvider>
              <LocaleProvider>
                <ToastProvider>
                  <RouterProvider router={router} />
                </ToastProvider>
              </LocaleProvider>
            </PreferencesProvider>
          </ClientContext>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>
  )
}

const element = document.getElementById('root')
if (element !== null) start(element)
