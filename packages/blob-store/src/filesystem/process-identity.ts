import { hostname } from 'node:os'
import { systemCode } from './errors.ts'
import type { ProcessIdentity } from './temp-area.ts'

export const currentProcess = (): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  startedAt: Date.now() - process.uptime() * 1000,
  isAlive
})

const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return systemCode(error) !== 'ESRCH'
  }
}
