import { refuseCredential } from './refusal.ts'

const SECURE_NAME = '__Host-cairn-access'
const PLAIN_NAME = 'cairn-access'

/**
 * The cookie that carries the access token. Browsers keep `__Host-` cookies only over https, so an
 * installation that is reached by http uses the plain name.
 */
export const accessCookieName = (publicOrigin: string): string =>
  publicOrigin.startsWith('https:') ? SECURE_NAME : PLAIN_NAME

/** Names accepted from requests: over https only the one that no sibling host or script could have planted. */
export const acceptedCookieNames = (publicOrigin: string): readonly string[] =>
  publicOrigin.startsWith('https:') ? [SECURE_NAME] : [SECURE_NAME, PLAIN_NAME]

/** Undefined when absent or empty. Two cookies of one name are refused: nobody can tell which one was ours. */
export const readCookie = (header: string | undefined, name: string): string | undefined => {
  if (header === undefined || !header.includes(name)) return undefined
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  if (values.length > 1) throw refuseCredential('the cookie is given twice')
  return values[0] === '' ? undefined : values[0]
}
