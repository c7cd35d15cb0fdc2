import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useJournal } from '../shell/journal-context.tsx'
import { createUploads, type Uploads, type UploadsSnapshot } from './uploads.ts'
import { openWorkerPort } from './worker-port.ts'

const Context = createContext<Uploads | undefined>(undefined)

/** One queue per tab, for whoever is signed in. */
export const UploadsProvider = ({ userId, children }: { readonly userId: string; readonly children: ReactNode }) => {
  const queries = useQueryClient()
  const journal = useJournal()
  const news = useRef(journal)
  news.current = journal
  const [uploads, setUploads] = useState<Uploads>()

  useEffect(() => {
    const port = openWorkerPort()
    const made = createUploads({
      port,
      now: () => performance.now(),
      onCommitted: () => news.current.look(),
      onSignedOut: () => void queries.invalidateQueries({ queryKey: ['me'] })
    })
    made.start(userId)
    setUploads(made)
    return () => port.close()
  }, [userId, queries])

  useEffect(() => {
    if (uploads === undefined) return
    const warn = (event: BeforeUnloadEvent) => {
      if (uploads.snapshot().totals.active > 0) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [uploads])

  return uploads === undefined ? null : <Context value={uploads}>{children}</Context>
}

export const useUploads = (): Uploads => {
  const uploads = use(Context)
  if (uploads === undefined) throw new Error('outside of UploadsProvider')
  return uploads
}

export const useUploadsSnapshot = (): UploadsSnapshot => {
  const { subscribe, snapshot } = useUploads()
  return useSyncExternalStore(subscribe, snapshot)
}
