import type { Command } from 'commander'
import type { CommandRunner } from '../../program.ts'
import { installTrashEmpty } from './empty.ts'
import { installTrashList } from './list.ts'
import { installTrashPurge } from './purge.ts'
import { installTrashRestore } from './restore.ts'

export const installTrash = (program: Command, run: CommandRunner): void => {
  const trash = program.command('trash').description('what was removed: list, bring back, or delete for good')
  for (const install of [installTrashList, installTrashRestore, installTrashPurge, installTrashEmpty])
    install(trash, run)
}
