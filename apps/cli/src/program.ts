import { Command, InvalidArgumentError } from 'commander'
import { COMMANDS } from './commands/index.ts'
import type { CommandContext, GlobalOptions } from './context/command-context.ts'
import { write } from './context/output.ts'
import type { Platform } from './context/platform.ts'
import { EXIT_HELP, type ExitCode } from './exit-codes.ts'
import { VERSION } from './version.ts'

export type RawOptions = GlobalOptions

export type Action = (context: CommandContext) => Promise<ExitCode>

/** Gives an action its context and notes its exit status. */
export type CommandRunner = (options: RawOptions, action: Action) => Promise<void>

/** Adds one command to the program. */
export type CommandInstaller = (program: Command, runner: CommandRunner) => void

const ENVIRONMENT_HELP = `
Environment:
  CAIRN_URL    the server, instead of the last sign-in's
  CAIRN_TOKEN  an app password or access token, instead of the saved session`

export function createProgram(platform: Platform, runner: CommandRunner): Command {
  const program = new Command('cairn')
    .description('Files on a Cairn server, from the command line.')
    .version(VERSION, '-V, --version')
    .option('--server <url>', 'address of the server')
    .option('--drive <id>', 'drive to work in', 'personal')
    .option('--json', 'print JSON: one document, or one per line where a command says so', false)
    .option('-q, --quiet', 'print nothing but errors', false)
    .option(
      '--retry-for <seconds>',
      'how long to go on trying when the server cannot be reached (default: 10; put and get: 600)',
      seconds
    )
    .showHelpAfterError('(cairn --help lists all commands)')
    .addHelpText('after', EXIT_HELP + ENVIRONMENT_HELP)
  for (const install of COMMANDS) install(program, runner)
  for (const command of everyCommand(program)) prepare(command, platform)
  return program
}

function prepare(command: Command, platform: Platform): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void write(platform.stdout, text).catch(() => undefined),
      writeErr: (text) => void write(platform.stderr, text).catch(() => undefined)
    })
}

function* everyCommand(command: Command): Generator<Command> {
  yield command
  for (const child of command.commands) yield* everyCommand(child)
}

function seconds(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Give a number of seconds.')
  return value
}
