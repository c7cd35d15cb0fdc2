import { createChunker, createIdHasher, encodeFrames, KEY_BYTES, PROFILE_1 } from '../src/index.ts'
import { pseudoRandomBytes, smallIntegerBytes, testKey, textBytes, twoSymbolBytes } from './_data.ts'

const MIB = 2 ** 20

/** Inputs are rebuilt from their seeds by tests/_data.ts (xorshift32). */
const GENERATORS = {
  random: pseudoRandomBytes,
  text: textBytes,
  twoSymbols: twoSymbolBytes,
  smallIntegers: smallIntegerBytes,
  zero: (length: number) => new Uint8Array(length)
}

interface Case {
  readonly generator: keyof typeof GENERATORS
  readonly length: number
  readonly seed: number
  readonly keySeed: number
}

const CASES: readonly Case[] = [
  { generator: 'random', length: 32 * MIB, seed: 1, keySeed: 101 },
  { generator: 'random', length: 32 * MIB, seed: 1, keySeed: 102 },
  { generator: 'text', length: 16 * MIB, seed: 2, keySeed: 101 },
  { generator: 'twoSymbols', length: 16 * MIB, seed: 3, keySeed: 101 },
  { generator: 'smallIntegers', length: 16 * MIB, seed: 4, keySeed: 103 },
  { generator: 'zero', length: 9 * MIB, seed: 0, keySeed: 101 },
  { generator: 'random', length: PROFILE_1.minSize, seed: 5, keySeed: 101 },
  { generator: 'random', length: 1, seed: 6, keySeed: 101 }
]

export interface GoldenVectors {
  readonly profile: typeof PROFILE_1
  readonly chunks: readonly (Case & { readonly lengths: readonly number[]; readonly ids: readonly string[] })[]
  readonly frames: { readonly chunks: readonly string[]; readonly operations: unknown; readonly stream: string }
}

export const goldenInput = (entry: Case): Uint8Array<ArrayBuffer> =>
  GENERATORS[entry.generator](entry.length, entry.seed)

export async function computeGoldenVectors(): Promise<GoldenVectors> {
  const { hash } = await createIdHasher()
  const chunks = CASES.map((entry) => {
    const chunker = createChunker({ profile: PROFILE_1, key: testKey(entry.keySeed) })
    const data = goldenInput(entry)
    const parts = [...chunker.push(data), ...chunker.end()]
    return { ...entry, lengths: parts.map((part) => part.length), ids: parts.map((part) => hex(hash(part))) }
  })
  return { profile: PROFILE_1, chunks, frames: frameVector(hash) }
}

function frameVector(hash: (bytes: Uint8Array) => Uint8Array): GoldenVectors['frames'] {
  const plain = [Buffer.from('a cairn'), pseudoRandomBytes(KEY_BYTES, 7)]
  const operations = [{ op: 'mkdir', name: 'näme' }]
  const stream = Buffer.concat(
    encodeFrames(
      plain.map((bytes) => ({ wireId: hash(bytes), bytes })),
      { operations }
    )
  )
  return { chunks: plain.map(hex), operations, stream: hex(stream) }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
