import { type Chunker, type ChunkingProfile, createChunker, createIdHasher, PROFILE_1 } from '@cairn/chunking'
import { createNativeIdHasher } from '@cairn/chunking/native'
import { CliError, EXIT } from '../exit-codes.ts'

/** Cuts content as the server's vault wants it. Their memory is used again. */
export interface ChunkCutters {
  hash(bytes: Uint8Array): Uint8Array<ArrayBuffer>
  /** Give it back with `giveBack` after the stream ended. @throws CliError for a profile this program is too old for. */
  take(profile: number, key: Uint8Array): Cutter
  giveBack(cutter: Cutter): void
}

export interface Cutter {
  readonly chunker: Chunker
  readonly kind: string
}

const PROFILES: readonly ChunkingProfile[] = [PROFILE_1]

export async function createChunkCutters(): Promise<ChunkCutters> {
  const hasher = await createNativeIdHasher().catch(() => createIdHasher())
  const idle = new Map<string, Cutter[]>()
  return {
    hash: (bytes) => hasher.hash(bytes),
    take: (profileId, key) => {
      const profile = PROFILES.find(({ id }) => id === profileId)
      if (profile === undefined) {
        throw new CliError(EXIT.general, 'unknown_profile', `Chunking profile ${profileId} needs a newer cairn`)
      }
      const kind = `${profileId} ${Buffer.from(key).toString('hex')}`
      return idle.get(kind)?.pop() ?? { kind, chunker: createChunker({ profile, key }) }
    },
    giveBack: (cutter) => {
      cutter.chunker.end()
      idle.set(cutter.kind, [...(idle.get(cutter.kind) ?? []), cutter])
    }
  }
}
