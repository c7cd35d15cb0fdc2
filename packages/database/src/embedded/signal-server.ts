import { errorCode } from './file-errors.ts'

export type StopMode = 'fast' | 'immediate' | 'kill'

/** PostgreSQL's meaning of signals: fast ends sessions and writes a checkpoint, immediate does neither. */
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const

/** Asks a server to stop; a process that has ended already is fine. */
export const signalServer = (pid: number, mode: StopMode): void => {
  try {
    // Windows has no signals to deliver: whatever is asked there ends the process, and recovery does the rest.
    process.kill(pid, process.platform === 'win32' ? 'SIGKILL' : SIGNALS[mode])
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}
