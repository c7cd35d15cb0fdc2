/**
 * Speed of the chunking package on this machine: node bench/chunking.ts
 * Best and median of several rounds, MB/s (10^6). Run it on an otherwise idle machine.
 */
import { randomFillSync } from 'node:crypto'
import {
  type CutFinder,
  createChunker,
  createCutFinder,
  createIdHasher,
  createMemory,
  looksIncompressible,
  PROFILE_1
} from '@cairn/chunking'
import { createNativeIdHasher } from '@cairn/chunking/native'
import { deriveCutKey, foldWord, passesFilter } from '../packages/chunking/src/cut-key.ts'
import { SMALL_PROFILE } from '../packages/chunking/tests/_data.ts'
import { referenceCuts } from '../packages/chunking/tests/_reference.ts'

const MIB = 2 ** 20
const DATA_BYTES = 128 * MIB
const ROUNDS = 15
const key = randomFillSync(new Uint8Array(32))

function measure(name: string, bytes: number, action: () => void): void {
  const rates = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    action()
    return bytes / (performance.now() - start) / 1000
  }).sort((a, b) => b - a)
  const show = (rate: number | undefined) => (rate ?? 0).toFixed(0).padStart(9)
  process.stdout.write(`${name.padEnd(44)} best ${show(rates[0])}  median ${show(rates[ROUNDS >> 1])}\n`)
}

function cutAll(finder: CutFinder, length: number): number {
  let chunks = 0
  for (let start = 0; start < length; chunks++) {
    start += finder.find(start, Math.min(length - start, PROFILE_1.maxSize)) || length - start
  }
  return chunks
}

/** One chunk after another, growing by what a socket delivers at once. */
function cutArriving(finder: CutFinder, total: number, step: number): void {
  for (let start = 0, end = 0; end < total; ) {
    end = Math.min(end + step, total)
    for (let cut = finder.find(start, end - start); cut !== 0; cut = finder.find(start, end - start)) start += cut
  }
  finder.reset()
}

/** A repeated word of which two alignments in four pass the filter: nearly the slowest input that can be built. */
function slowestWord(): number {
  const { filter } = deriveCutKey(key)
  const passes = (word: number) => passesFilter(filter, Array.from({ length: 7 }, () => word).reduce(foldWord, 0))
  const rotated = (word: number, bytes: number) => ((word << (8 * bytes)) | (word >>> (32 - 8 * bytes))) >>> 0
  for (let word = 1; ; word = (Math.imul(word, 0x9e3779b1) + 12345) >>> 0) {
    if (passes(word) && [1, 2, 3].some((bytes) => passes(rotated(word, bytes)))) return word
  }
}

for (const shared of [false, true]) {
  const memory = createMemory({ bytes: DATA_BYTES, shared })
  const data = Buffer.from(memory.buffer)
  for (let at = 0; at < DATA_BYTES; at += 16 * MIB) randomFillSync(data, at, 16 * MIB)
  const finder = createCutFinder({ profile: PROFILE_1, key, memory })
  const kind = shared ? 'shared' : 'plain'
  const chunks = cutAll(finder, DATA_BYTES)
  process.stdout.write(`random data: ${chunks} chunks, mean ${Math.round(DATA_BYTES / chunks / 1024)} KiB\n`)
  measure(`cut finder, ${kind} memory, random`, DATA_BYTES, () => cutAll(finder, DATA_BYTES))
  measure(`cut finder, ${kind} memory, 64 KiB at a time`, DATA_BYTES, () => cutArriving(finder, DATA_BYTES, 65536))
  data.fill(0)
  measure(`cut finder, ${kind} memory, zeros`, DATA_BYTES, () => cutAll(finder, DATA_BYTES))
  new Uint32Array(memory.buffer).fill(slowestWord())
  measure(`cut finder, ${kind} memory, hostile`, 4 * MIB, () => finder.find(0, 4 * MIB))
}

const bytes = randomFillSync(new Uint8Array(32 * MIB))
const chunker = createChunker({ profile: PROFILE_1, key })
measure('chunker (copies in and out), 64 KiB pushes', bytes.length, () => {
  for (let at = 0; at < bytes.length; at += 65536) chunker.push(bytes.subarray(at, at + 65536))
  chunker.end()
})
const few = bytes.subarray(0, MIB)
measure('plain TypeScript reference', few.length, () => referenceCuts(few, SMALL_PROFILE, key))
for (const [name, hasher] of [
  ['native', await createNativeIdHasher()],
  ['WebAssembly', await createIdHasher()]
] as const) {
  for (const size of [4096, 65536, MIB]) {
    measure(`id hash, ${name}, ${size / 1024} KiB`, 8 * MIB, () => {
      for (let at = 0; at < 8 * MIB; at += size) hasher.hash(bytes.subarray(at, at + size))
    })
  }
}
measure('sniff, per MiB chunk', bytes.length, () => {
  for (let at = 0; at < bytes.length; at += MIB) looksIncompressible(bytes.subarray(at, at + MIB))
})
