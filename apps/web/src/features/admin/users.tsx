import type { AdminUser, PasswordLink, Quota } from '@cairn/client'
import { useQuery } from '@tanstack/react-query'
import { MoreHorizontal, UserRoundPlus } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../../api/client.tsx'
import { explainShort } from '../../api/problem.ts'
import { useLocale } from '../../app/locale.tsx'
import { Button, IconButton, Spinner } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useTold } from '../../ui/use-told.ts'
import { Badge, Panel } from '../shell/sections.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { NewUserDialog } from './new-user-dialog.tsx'
import { QuotaDialog } from './quota-dialog.tsx'

type Open =
  | { readonly kind: 'new' }
  | { readonly kind: 'link'; readonly link: PasswordLink }
  | { readonly kind: 'quota'; readonly user: AdminUser; readonly quota: Quota | undefined }
  | { readonly kind: 'delete'; readonly user: AdminUser }

export const Users = () => {
  const { t, bytes, when } = useLocale()
  const client = useClient()
  const [open, setOpen] = useState<Open>()
  const users = useQuery({
    queryKey: ['admin', 'users'],
    queryFn: ({ signal }) => Array.fromAsync(client.admin.users({ signal }))
  })
  const quotas = useQuery({
    queryKey: ['admin', 'quotas'],
    queryFn: async ({ signal }) =>
      new Map((await Array.fromAsync(client.admin.quotas({ signal }))).map((quota) => [quota.userId, quota]))
  })
  const stale = [['admin', 'users']]
  const change = useTold({
    run: ({ id, ...fields }: { id: string; admin?: boolean; disabled?: boolean }) =>
      client.admin.updateUser(id, fields),
    done: () => t.admin.saved,
    stale
  })
  const reset = useTold({
    run: (id: string) => client.admin.resetPassword(id),
    onSuccess: (link) => setOpen({ kind: 'link', link })
  })
  const signOut = useTold({ run: (id: string) => client.admin.logoutUser(id), done: () => t.account.sessionEnded })
  const remove = useTold({ run: (id: string) => client.admin.deleteUser(id), done: () => t.admin.saved, stale })
  const close = () => setOpen(undefined)
  const actions = (user: AdminUser) => [
    [
      {
        id: 'quota',
        label: t.admin.setQuota,
        run: () => setOpen({ kind: 'quota', user, quota: quotas.data?.get(user.id) })
      },
      { id: 'reset', label: t.admin.resetPassword, run: () => reset.mutate(user.id) },
      { id: 'sign-out', label: t.admin.signOutUser, run: () => signOut.mutate(user.id) }
    ],
    [
      {
        id: 'admin',
        label: user.admin ? t.admin.demote : t.admin.promote,
        run: () => change.mutate({ id: user.id, admin: !user.admin })
      },
      {
        id: 'disable',
        label: user.disabled ? t.admin.enable : t.admin.disable,
        run: () => change.mutate({ id: user.id, disabled: !user.disabled })
      }
    ],
    [{ id: 'delete', label: t.admin.deleteUser, danger: true, run: () => setOpen({ kind: 'delete', user }) }]
  ]
  const quotaText = (quota: Quota | undefined) =>
    quota === undefined ? '–' : quota.limit === 0 ? t.admin.unlimited : bytes(quota.limit)
  return (
    <Panel
      title={t.admin.users}
      action={
        <Button variant="primary" icon={<UserRoundPlus className="size-4" />} onClick={() => setOpen({ kind: 'new' })}>
          {t.admin.addUser}
        </Button>
      }
    >
      {users.isPending && <Spinner />}
      {users.error !== null && <Notice kind="error">{explainShort(users.error, t)}</Notice>}
      {users.data !== undefined && (
        <div className="-mx-2 overflow-x-auto px-2" tabIndex={0} role="group" aria-label={t.admin.users}>
          <table className="w-full text-start">
            <thead>
              <tr className="border-b border-line text-xs text-muted [&>th]:py-2 [&>th]:pe-4 [&>th]:text-start [&>th]:font-medium">
                <th scope="col">{t.account.username}</th>
                <th scope="col">{t.admin.state}</th>
                <th scope="col" className="text-end!">
                  {t.admin.used}
                </th>
                <th scope="col" className="text-end!">
                  {t.admin.quota}
                </th>
                <th scope="col">{t.admin.lastSignIn}</th>
                <th scope="col">
                  <span className="sr-only">{t.common.more}</span>
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {users.data.map((user) => (
                <tr key={user.id} className="[&>td]:py-1.5 [&>td]:pe-4 [&>th]:py-1.5 [&>th]:pe-4">
                  <th scope="row" className="text-start font-medium">
                    {user.username}
                    {user.email !== null && <span className="block text-xs font-normal text-muted">{user.email}</span>}
                  </th>
                  <td>
                    <span className="flex flex-wrap gap-1">
                      {user.disabled ? (
                        <Badge kind="danger">{t.admin.disabled}</Badge>
                      ) : (
                        <Badge kind="ok">{t.admin.active}</Badge>
                      )}
                      {user.admin && <Badge>{t.admin.roleAdmin}</Badge>}
                      {!user.hasPassword && <Badge kind="warn">{t.admin.noPassword}</Badge>}
                    </span>
                  </td>
                  <td className="numeric text-end text-muted">{bytes(quotas.data?.get(user.id)?.used ?? 0)}</td>
                  <td className="numeric text-end text-muted">{quotaText(quotas.data?.get(user.id))}</td>
                  <td className="numeric whitespace-nowrap text-muted">
                    {user.lastSignInAt === null ? t.common.never : when(user.lastSignInAt)}
                  </td>
                  <td className="pe-0! text-end">
                    <Menu
                      trigger={
                        <IconButton label={t.admin.userActions(user.username)}>
                          <MoreHorizontal />
                        </IconButton>
                      }
                      groups={actions(user)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open?.kind === 'new' && <NewUserDialog onClose={close} onLink={(link) => setOpen({ kind: 'link', link })} />}
      {open?.kind === 'link' && (
        <LinkDialog title={t.admin.link} text={t.admin.linkText} url={open.link.url} onClose={close} />
      )}
      {open?.kind === 'quota' && <QuotaDialog user={open.user} quota={open.quota} onClose={close} />}
      <ConfirmDialog
        open={open?.kind === 'delete'}
        title={t.admin.deleteUser}
        text={open?.kind === 'delete' ? t.admin.deleteUserConfirm(open.user.username) : ''}
        confirm={t.common.remove}
        onConfirm={() => open?.kind === 'delete' && remove.mutate(open.user.id)}
        onClose={close}
      />
    </Panel>
  )
}
