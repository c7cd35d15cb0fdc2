import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Activity, Database, MailWarning, UserRoundPlus, UsersRound } from 'lucide-react'
import { meQuery } from '../../api/account-queries.ts'
import { useClient } from '../../api/client.tsx'
import { useLocale } from '../../app/locale.tsx'
import { NotFoundPage } from '../shell/not-found-page.tsx'
import { Sections } from '../shell/sections.tsx'
import { Access } from './access.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { HealthPart } from './health.tsx'
import { StoragePart } from './storage.tsx'
import { Users } from './users.tsx'

const PARTS = {
  users: Users,
  access: Access,
  storage: StoragePart,
  health: HealthPart,
  'dead-letters': DeadLetters
} as const

export const AdminPage = () => {
  const { t } = useLocale()
  const { data: me } = useSuspenseQuery(meQuery(useClient()))
  const { section = 'users' } = useParams({ strict: false })
  const Part = Object.hasOwn(PARTS, section) ? PARTS[section as keyof typeof PARTS] : undefined
  if (Part === undefined || me?.admin !== true) return <NotFoundPage />
  return (
    <Sections
      title={t.admin.title}
      base="/administration/{-$section}"
      current={section}
      sections={[
        { id: 'users', label: t.admin.users, icon: <UsersRound /> },
        { id: 'access', label: t.admin.access, icon: <UserRoundPlus /> },
        { id: 'storage', label: t.admin.storage, icon: <Database /> },
        { id: 'health', label: t.admin.health, icon: <Activity /> },
        { id: 'dead-letters', label: t.admin.queue, icon: <MailWarning /> }
      ]}
    >
      <Part />
    </Sections>
  )
}
