import type { Database } from '@cairn/database'
import type { Clock } from '@cairn/runtime'
import type { AuthTables } from '../../db/schema/index.ts'
import { KEY_OVERLAP } from '../../lifetimes.ts'
import type { Writing } from '../../store/handles.ts'
import { insertSigningKey, lastGeneration, listSigningKeys, retireSigningKeysBefore } from '../../store/signing-keys.ts'
import { fromRow, generateSigningKey, type KeyVault, type SigningKey, toRow } from './signing-key.ts'

export interface KeyRing {
  /** The key to sign with now. Makes the first one. */
  current(): Promise<SigningKey>
  /** Public keys of all tokens that may still be good, as a JWKS document. */
  jwks(): Promise<{ keys: SigningKey['publicJwk'][] }>
  /**
   * Adds the next generation within `tx`. It signs after it has been published for a while, or, when
   * `immediately`, at once, and all others are dropped: their tokens end. Returns its id; undefined when
   * another process has just added one.
   */
  rotate(tx: Writing, immediately: boolean): Promise<string | undefined>
  /** Milliseconds since the newest key was made. */
  age(): Promise<number>
  /** Looks at the database again at the next use. */
  forget(): void
}

export interface KeyRingOptions {
  readonly database: Database<AuthTables>
  readonly clock: Clock
  readonly vault: KeyVault
}

const RELOAD_AFTER = 60_000

export const createKeyRing = ({ database, clock, vault }: KeyRingOptions): KeyRing => {
  let loaded: { readonly keys: Promise<readonly SigningKey[]>; readonly at: number } | undefined

  const rotate = async (tx: Writing, immediately: boolean): Promise<string | undefined> => {
    const now = clock.now()
    const last = await lastGeneration(tx)
    const at = immediately || last === 0 ? now : now + KEY_OVERLAP
    const key = await generateSigningKey({ generation: last + 1, createdAt: now, signFrom: at })
    if (!(await insertSigningKey(tx, toRow(key, vault)))) return undefined
    await retireSigningKeysBefore(tx, key.generation, new Date(immediately ? now : at + KEY_OVERLAP))
    return key.kid
  }

  const load = async (): Promise<readonly SigningKey[]> => {
    const published = () => listSigningKeys(database.query, new Date(clock.now()))
    let rows = await published()
    if (rows.length === 0) {
      await database.transaction((tx) => rotate(tx, false))
      rows = await published()
    }
    return rows.map((row) => fromRow(row, vault))
  }

  const keys = (): Promise<readonly SigningKey[]> => {
    if (loaded === undefined || clock.now() - loaded.at > RELOAD_AFTER) {
      const fresh = { keys: load(), at: clock.now() }
      // A failed load is tried again by the next caller.
      fresh.keys.catch(() => {
        if (loaded === fresh) loaded = undefined
      })
      loaded = fresh
    }
    return loaded.keys
  }

  return {
    current: async () => {
      const all = await keys()
      const key = all.find(({ signFrom }) => signFrom <= clock.now()) ?? all.at(-1)
      if (key === undefined) throw new Error('there is no signing key')
      return key
    },
    jwks: async () => ({ keys: (await keys()).map(({ publicJwk }) => publicJwk) }),
    rotate,
    age: async () => clock.now() - ((await keys())[0]?.createdAt ?? clock.now()),
    forget: () => {
      loaded = undefined
    }
  }
}
