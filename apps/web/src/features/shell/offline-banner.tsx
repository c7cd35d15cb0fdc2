import { CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLocale } from '../../app/locale.tsx'
import { useNotify } from '../../ui/toasts.tsx'

const PROBE_MS = 2500

/** Says when the server is out of reach, and when it is back. Asked only while something is wrong. */
export const OfflineBanner = () => {
  const { t } = useLocale()
  const notify = useNotify()
  const [problem, setProblem] = useState<'offline' | 'server' | undefined>(navigator.onLine ? undefined : 'offline')

  useEffect(() => {
    const offline = () => setProblem('offline')
    const suspect = () => setProblem((before) => before ?? 'server')
    window.addEventListener('offline', offline)
    window.addEventListener('cairn:unreachable', suspect)
    return () => {
      window.removeEventListener('offline', offline)
      window.removeEventListener('cairn:unreachable', suspect)
    }
  }, [])

  useEffect(() => {
    if (problem === undefined) return
    let stopped = false
    const probe = async () => {
      const alive = await fetch('/livez', { cache: 'no-store' }).then(
        ({ ok }) => ok,
        () => false
      )
      if (stopped || !alive) return
      setProblem(undefined)
      notify.done(t.errors.back)
      window.dispatchEvent(new Event('online'))
    }
    const timer = setInterval(() => void probe(), PROBE_MS)
    const online = () => void probe()
    window.addEventListener('online', online)
    return () => {
      stopped = true
      clearInterval(timer)
      window.removeEventListener('online', online)
    }
  }, [problem, notify, t])

  if (problem === undefined) return null
  return (
    <div role="status" className="flex items-center gap-2.5 border-b border-line bg-warn-tint px-5 py-2 text-text">
      <CloudOff aria-hidden="true" className="size-4 shrink-0 text-warn" />
      {problem === 'offline' ? t.errors.offlineBanner : t.errors.serverBanner}
    </div>
  )
}
