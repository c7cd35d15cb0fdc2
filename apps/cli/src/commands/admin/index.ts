import type { Command } from 'commander'
import type { CommandRunner } from '../../program.ts'
import { installResetPassword } from './reset-password.ts'
import { installUserAdd } from './user-add.ts'
import { installUserDisable, installUserEnable } from './user-disable.ts'
import { installUserList } from './user-list.ts'
import { installUserQuota } from './user-quota.ts'
import { installUserResetPassword } from './user-reset-password.ts'

const USER_COMMANDS = [
  installUserList,
  installUserAdd,
  installUserDisable,
  installUserEnable,
  installUserQuota,
  installUserResetPassword
]

export const installAdmin = (program: Command, run: CommandRunner): void => {
  const admin = program.command('admin').description('for administrators')
  installResetPassword(admin, run)
  const user = admin.command('user').description('accounts')
  for (const install of USER_COMMANDS) install(user, run)
}
