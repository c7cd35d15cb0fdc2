import { BlobError } from '../blob-store.ts'
import { InterruptedError } from './errors.ts'
import type { ObjectBody, ObjectRange } from './s3-api.ts'

/**
 * Fills `target` from the answer. Throws `truncated` only when the server itself says that the object
 * ends earlier; a body cut short is an InterruptedError, worth another try.
 */
export const readRange = async (body: ObjectBody, range: ObjectRange, target: Uint8Array): Promise<void> => {
  try {
    assertCovers(body, range)
    await fill(body, target)
  } finally {
    // Releases the socket also when the body was not read to its end.
    body.stream.destroy()
  }
}

const CONTENT_RANGE = /^bytes (\d+)-(\d+)\/(\d+|\*)$/

const assertCovers = (body: ObjectBody, { key, offset, length }: ObjectRange): void => {
  const parsed = CONTENT_RANGE.exec(body.contentRange ?? '')
  if (parsed === null) {
    // A server may send the whole object when all of it was asked for; nothing else can be trusted.
    if (offset === 0 && body.length !== undefined && body.length < length) throw truncated(key, body.length)
    if (offset === 0 && body.length === length) return
    throw new BlobError('unavailable', `the server ignored the range of ${key}`)
  }
  const [first, last] = [Number(parsed[1]), Number(parsed[2])]
  const total = parsed[3] === '*' ? last + 1 : Number(parsed[3])
  if (total < offset + length) throw truncated(key, total)
  if (first !== offset || last !== offset + length - 1) throw new InterruptedError('the answer covers another range')
}

const truncated = (key: string, end: number): BlobError => new BlobError('truncated', `${key} ends at ${end}`)

const fill = async (body: ObjectBody, target: Uint8Array): Promise<void> => {
  let filled = 0
  for await (const chunk of body.stream as AsyncIterable<Uint8Array>) {
    if (filled + chunk.byteLength > target.byteLength) throw new InterruptedError('the body is longer than announced')
    target.set(chunk, filled)
    filled += chunk.byteLength
  }
  if (filled < target.byteLength) throw new InterruptedError(`the body ended after ${filled} bytes`)
}
