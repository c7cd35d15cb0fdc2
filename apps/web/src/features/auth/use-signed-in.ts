import type { CookieSignIn } from '@cairn/client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { renewalStamp } from '../../api/session.ts'

/** What follows a successful sign-in: on to where the person wanted to go. */
export const useSignedIn = (to = '/files') => {
  const queries = useQueryClient()
  const router = useRouter()
  return async ({ user }: CookieSignIn): Promise<void> => {
    renewalStamp().write(Date.now())
    queries.clear()
    queries.setQueryData(['me'], user)
    await router.navigate({ href: to, replace: true })
  }
}

/** The secret of a link: in the fragment, so that it reaches no server log; taken out of the address at once. */
export const takeFragment = (name: string): string => {
  const value = new URLSearchParams(location.hash.slice(1)).get(name) ?? ''
  if (value !== '') history.replaceState(history.state, '', location.pathname + location.search)
  return value
}
