import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { SessionTokens, Timing, TokenStore } from '@cairn/client'
import { withFileLock } from './file-lock.ts'
import { readPrivateJson, removePrivateFile, writePrivateJson } from './private-file.ts'

/** The session of one server, kept in a file of its own and shared by all processes of the user. */
export interface SessionFile extends TokenStore {
  /** After a sign-in. */
  save(tokens: SessionTokens): Promise<void>
  forget(): Promise<void>
}

export interface SessionFileOptions {
  readonly folder: string
  /** Tokens are only ever sent to the server they were given by. */
  readonly server: string
  readonly timing: Timing
}

export function sessionFile({ folder, server, timing }: SessionFileOptions): SessionFile {
  const name = createHash('sha256').update(server).digest('hex').slice(0, 24)
  const path = join(folder, 'sessions', `${name}.json`)
  const read = async () => parse(await readPrivateJson(path), server)
  const save = (tokens: SessionTokens) => writePrivateJson(path, { version: 1, server, ...tokens })
  return {
    read,
    save,
    forget: () => removePrivateFile(path),
    update: (change) =>
      withFileLock(`${path}.lock`, timing, async () => {
        const current = await read()
        const next = await change(current)
        if (next === undefined) await removePrivateFile(path)
        else if (next !== current) await save(next)
      })
  }
}

function parse(value: unknown, server: string): SessionTokens | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { server: saved, accessToken, accessExpiresAt, refreshToken } = value as Record<string, unknown>
  const complete =
    typeof accessToken === 'string' && typeof accessExpiresAt === 'number' && typeof refreshToken === 'string'
  return complete && saved === server ? { accessToken, accessExpiresAt, refreshToken } : undefined
}
