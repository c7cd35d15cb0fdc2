import type { CairnClient } from '@cairn/client'
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect
} from '@tanstack/react-router'
import { meQuery, setupQuery } from './api/account-queries.ts'
import { AuthLayout } from './features/auth/auth-layout.tsx'
import { FilesPage } from './features/files/files-page.tsx'
import { CrashPage } from './features/shell/crash-page.tsx'
import { NotFoundPage } from './features/shell/not-found-page.tsx'
import { Shell } from './features/shell/shell.tsx'

export interface RouterContext {
  readonly client: CairnClient
  readonly queries: QueryClient
}

const root = createRootRouteWithContext<RouterContext>()({ component: Outlet })

/** Pages of somebody signed in; others are sent to sign in, or to set the server up. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: Shell,
  beforeLoad: async ({ context: { client, queries }, location }) => {
    const me = await queries.ensureQueryData(meQuery(client))
    if (me !== null) return
    const setup = await queries.fetchQuery(setupQuery(client))
    if (setup.required) throw redirect({ to: '/setup' })
    throw redirect({
      to: '/login',
      search: location.href === '/' || location.href === '/files' ? {} : { to: location.href }
    })
  }
})

const index = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/files', replace: true })
  }
})

export interface FilesSearch {
  /** The file shown in the preview. */
  readonly preview?: string
}
const validateFilesSearch = (search: Record<string, unknown>): FilesSearch =>
  typeof search['preview'] === 'string' ? { preview: search['preview'] } : {}

const files = createRoute({
  getParentRoute: () => app,
  path: '/files',
  component: FilesPage,
  validateSearch: validateFilesSearch
})
const folder = createRoute({
  getParentRoute: () => app,
  path: '/files/$folderId',
  component: FilesPage,
  validateSearch: validateFilesSearch
})
const trash = createRoute({
  getParentRoute: () => app,
  path: '/trash',
  component: lazyRouteComponent(() => import('./features/trash/trash-page.tsx'), 'TrashPage')
})
const account = createRoute({
  getParentRoute: () => app,
  path: '/account/{-$section}',
  component: lazyRouteComponent(() => import('./features/account/account-page.tsx'), 'AccountPage')
})
const admin = createRoute({
  getParentRoute: () => app,
  path: '/administration/{-$section}',
  component: lazyRouteComponent(() => import('./features/admin/admin-page.tsx'), 'AdminPage')
})

const auth = createRoute({ getParentRoute: () => root, id: 'auth', component: AuthLayout })
const login = createRoute({
  getParentRoute: () => auth,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { readonly to?: string } =>
    typeof search['to'] === 'string' && /^\/(?![/\\])/.test(search['to']) ? { to: search['to'] } : {},
  component: lazyRouteComponent(() => import('./features/auth/login-page.tsx'), 'LoginPage')
})
const setup = createRoute({
  getParentRoute: () => auth,
  path: '/setup',
  component: lazyRouteComponent(() => import('./features/auth/setup-page.tsx'), 'SetupPage')
})
const register = createRoute({
  getParentRoute: () => auth,
  path: '/register',
  component: lazyRouteComponent(() => import('./features/auth/register-page.tsx'), 'RegisterPage')
})
const forgot = createRoute({
  getParentRoute: () => auth,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./features/auth/forgot-page.tsx'), 'ForgotPage')
})
const reset = createRoute({
  getParentRoute: () => auth,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./features/auth/reset-page.tsx'), 'ResetPage')
})

const tree = root.addChildren([
  app.addChildren([index, files, folder, trash, account, admin]),
  auth.addChildren([login, setup, register, forgot, reset])
])

export const createAppRouter = (context: RouterContext) =>
  createRouter({
    routeTree: tree,
    context,
    defaultPreload: 'intent',
    defaultErrorComponent: CrashPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: false
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
