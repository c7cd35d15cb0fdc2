import { isJournalReset } from '@cairn/client'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef } from 'react'
import { useClient } from '../../api/client.tsx'
import { applyJournal } from '../../api/entries-cache.ts'
import { useDrive } from '../files/use-drive.ts'

const Context = createContext<{ readonly look: () => void } | undefined>(undefined)

const QUIET_MS = 8000
/** Several reasons to look soon after one another are one. */
const GATHER_MS = 250
/** More than this is listed anew instead of applied. */
const MANY = 3000

/** Follows the drive's journal, so that what other devices and tabs do appears here without asking. */
export const JournalProvider = ({ children }: { readonly children: ReactNode }) => {
  const client = useClient()
  const queries = useQueryClient()
  const drive = useDrive()
  const cursor = useRef(drive.journalCursor)

  const follower = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let looking = false
    let again = false
    const plan = (ms: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => void read(), ms)
    }
    const read = async () => {
      if (looking) {
        again = true
        return
      }
      looking = true
      again = false
      try {
        await follow()
      } catch (error) {
        if (isJournalReset(error)) {
          const fresh = await client.drives.get(drive.id).catch(() => undefined)
          if (fresh !== undefined) cursor.current = fresh.journalCursor
          void queries.invalidateQueries({ queryKey: ['entries'] })
        }
        // Anything else: the next look tries again.
      }
      looking = false
      plan(again ? GATHER_MS : QUIET_MS)
    }
    const follow = async () => {
      const entries = []
      for (let more = true; more; ) {
        const page = await client.journal.read(drive.id, cursor.current, { limit: 1000 })
        entries.push(...page.entries)
        cursor.current = page.cursor
        more = page.more
      }
      if (entries.length > MANY) {
        void queries.invalidateQueries({ queryKey: ['entries'] })
        void queries.invalidateQueries({ queryKey: ['drive'] })
      } else if (entries.length > 0) applyJournal(queries, drive.id, entries)
    }
    return {
      look: () => plan(GATHER_MS),
      start: () => plan(QUIET_MS),
      stop: () => clearTimeout(timer)
    }
  }, [client, queries, drive.id])

  useEffect(() => {
    const visible = () => {
      if (document.visibilityState === 'visible') follower.look()
      else follower.stop()
    }
    follower.start()
    document.addEventListener('visibilitychange', visible)
    window.addEventListener('online', follower.look)
    return () => {
      follower.stop()
      document.removeEventListener('visibilitychange', visible)
      window.removeEventListener('online', follower.look)
    }
  }, [follower])

  return <Context value={follower}>{children}</Context>
}

export const useJournal = (): { readonly look: () => void } => {
  const value = use(Context)
  if (value === undefined) throw new Error('outside of JournalProvider')
  return value
}
