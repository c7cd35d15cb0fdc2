import { Outlet } from '@tanstack/react-router'
import { useLocale } from '../../app/locale.tsx'
import { Logo } from '../shell/logo.tsx'

/** Everything in front of the door. */
export const AuthLayout = () => {
  const { t } = useLocale()
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto] bg-ground">
      <main className="mx-auto grid w-full max-w-[26rem] content-center gap-7 px-4 py-10">
        <div className="flex items-center gap-3">
          <Logo className="size-11" />
          <div>
            <p className="text-lg leading-tight font-semibold tracking-tight">{t.common.appName}</p>
            <p className="text-muted">{t.auth.tagline}</p>
          </div>
        </div>
        <Outlet />
      </main>
      <footer className="flex flex-wrap justify-center gap-x-5 gap-y-1 p-5 text-xs text-muted">
        <a className="hover:text-text hover:underline" href="/about">
          {t.nav.about}
        </a>
        <a className="hover:text-text hover:underline" href="/v1/docs">
          {t.nav.apiDocs}
        </a>
      </footer>
    </div>
  )
}
