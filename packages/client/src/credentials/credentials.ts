/** How requests are authenticated. Implementations keep secrets to themselves. */
export interface Credentials {
  /** Headers to add to a request. Called for every request; must be quick when nothing is to be done. */
  headers(signal: AbortSignal | undefined): Promise<Readonly<Record<string, string>>>
  /**
   * The server answered 401 to a request that carried `refused`. Returns true when headers() gives
   * something else now and the request is worth one more try.
   */
  renew(refused: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<boolean>
}

export const anonymous: Credentials = { headers: async () => ({}), renew: async () => false }

/** A fixed bearer token: an app password, or an access token somebody else keeps fresh. */
export const bearer = (token: string): Credentials => ({
  headers: async () => ({ authorization: `Bearer ${token}` }),
  renew: async () => false
})

/** HTTP Basic with an app password. */
export function basic(username: string, appPassword: string): Credentials {
  const raw = new TextEncoder().encode(`${username}:${appPassword}`)
  const encoded = btoa(String.fromCharCode(...raw))
  return { headers: async () => ({ authorization: `Basic ${encoded}` }), renew: async () => false }
}
