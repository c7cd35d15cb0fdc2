import { useParams } from '@tanstack/react-router'
import { KeyRound, MonitorSmartphone, Palette, SquareAsterisk, UserRound } from 'lucide-react'
import { useLocale } from '../../app/locale.tsx'
import { NotFoundPage } from '../shell/not-found-page.tsx'
import { Sections } from '../shell/sections.tsx'
import { AppPasswords } from './app-passwords.tsx'
import { Appearance } from './appearance.tsx'
import { ChangePassword } from './change-password.tsx'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'

const PARTS = {
  profile: Profile,
  password: ChangePassword,
  sessions: Sessions,
  'app-passwords': AppPasswords,
  appearance: Appearance
} as const

export const AccountPage = () => {
  const { t } = useLocale()
  const { section = 'profile' } = useParams({ strict: false })
  const Part = Object.hasOwn(PARTS, section) ? PARTS[section as keyof typeof PARTS] : undefined
  if (Part === undefined) return <NotFoundPage />
  return (
    <Sections
      title={t.account.title}
      base="/account/{-$section}"
      current={section}
      sections={[
        { id: 'profile', label: t.account.profile, icon: <UserRound /> },
        { id: 'password', label: t.account.security, icon: <SquareAsterisk /> },
        { id: 'sessions', label: t.account.sessions, icon: <MonitorSmartphone /> },
        { id: 'app-passwords', label: t.account.appPasswords, icon: <KeyRound /> },
        { id: 'appearance', label: t.account.appearance, icon: <Palette /> }
      ]}
    >
      <Part />
    </Sections>
  )
}
