import type { Command } from 'commander'
import type { CommandRunner } from '../../program.ts'
import { installVersionsGet } from './get.ts'
import { installVersionsList } from './list.ts'
import { installVersionsRestore } from './restore.ts'

export const installVersions = (program: Command, run: CommandRunner): void => {
  const versions = program.command('versions').description("a file's earlier states: list, bring back, download")
  for (const install of [installVersionsList, installVersionsRestore, installVersionsGet]) install(versions, run)
}
