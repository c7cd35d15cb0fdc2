export type { Platform } from './context/platform.ts'
export { EXIT, type ExitCode } from './exit-codes.ts'
export { runCli } from './run.ts'
