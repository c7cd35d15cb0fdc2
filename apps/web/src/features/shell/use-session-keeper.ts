import { useEffect } from 'react'
import { useClient } from '../../api/client.tsx'
import { renewalStamp } from '../../api/session.ts'

/** Access cookies live ten minutes. Pictures and downloads cannot renew them, so they are renewed before. */
const RENEW_AFTER_MS = 7 * 60_000
const CHECK_MS = 30_000

export const useSessionKeeper = (): void => {
  const client = useClient()
  useEffect(() => {
    const stamp = renewalStamp()
    const check = () => {
      if (document.visibilityState !== 'visible' || Date.now() - stamp.read() < RENEW_AFTER_MS) return
      stamp.write(Date.now())
      client.browserSession.refresh().catch(() => stamp.write(0))
    }
    check()
    const timer = setInterval(check, CHECK_MS)
    document.addEventListener('visibilitychange', check)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', check)
    }
  }, [client])
}
