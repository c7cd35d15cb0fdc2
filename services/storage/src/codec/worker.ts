import { parentPort } from 'node:worker_threads'
import { createNativeIdHasher } from '@cairn/chunking/native'
import { release } from '../format/release.ts'
import type { CodecReply, CodecRequest } from './messages.ts'
import { openRecord, sealInPlace } from './seal-chunk.ts'
import { matchesId } from './verify.ts'

const port = parentPort
if (!port) throw new Error('the codec runs as a worker thread')

const hasher = await createNativeIdHasher()
const arenas = new Map<number, SharedArrayBuffer>()

const roomOf = (request: { arena: number; start: number; end: number }): Buffer => {
  const memory = arenas.get(request.arena)
  if (!memory) throw new Error(`arena ${request.arena} is not known here`)
  return Buffer.from(memory, request.start, request.end - request.start)
}

const answer = (request: Extract<CodecRequest, { job: number }>): CodecReply => {
  const room = roomOf(request)
  if (request.kind === 'seal') {
    return { job: request.job, length: sealInPlace(room, request.plainLength, request.cipher) }
  }
  const plain = openRecord(room, request.cipher, request.plainLength)
  if (typeof plain === 'string') return { job: request.job, failure: plain }
  const genuine = matchesId(plain, request.cipher.chunkId, { hasher, idKey: request.idKey })
  if (genuine) plain.copy(room)
  const length = plain.length
  release(plain)
  return genuine ? { job: request.job, length } : { job: request.job, failure: 'wrong id' }
}

port.on('message', (request: CodecRequest) => {
  if (request.kind === 'arena') arenas.set(request.arena, request.memory)
  else if (request.kind === 'forget') arenas.delete(request.arena)
  else {
    try {
      port.postMessage(answer(request))
    } catch (error) {
      port.postMessage({ job: request.job, failure: error instanceof Error ? error.message : String(error) })
    }
  }
})
