import type { CairnClient } from '@cairn/client'
import { createContext, use } from 'react'

export const ClientContext = createContext<CairnClient | undefined>(undefined)

export const useClient = (): CairnClient => {
  const client = use(ClientContext)
  if (client === undefined) throw new Error('outside of ClientContext')
  return client
}
