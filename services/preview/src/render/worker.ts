// A child process: pictures in, thumbnails out. Hostile files meet decoders here, and nothing else is here.
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { LIMITS } from '../recipe.ts'
import { draw, prepareLibrary, type SharpLibrary } from './draw.ts'
import { FrameReader } from './frame-reader.ts'
import { decodeRequest, EXIT_MEMORY, EXIT_NO_SHARP, encodeReply, HEADER_LENGTH } from './protocol.ts'

const WATCH_MS = 50
const NICENESS = 10

const loadSharp = async (): Promise<SharpLibrary> => {
  try {
    return (await import('sharp')).default
  } catch {
    process.exit(EXIT_NO_SHARP)
  }
}

const say = async (...parts: readonly Buffer[]): Promise<void> => {
  for (const part of parts) if (!process.stdout.write(part)) await once(process.stdout, 'drain')
}

const serve = async (sharp: SharpLibrary): Promise<void> => {
  const input = new FrameReader(process.stdin)
  await say(encodeReply({ reason: undefined, length: 0 }))
  for (;;) {
    const header = await input.take(HEADER_LENGTH)
    if (header === undefined) return
    const request = decodeRequest(header)
    const source = await input.take(request.length)
    if (source === undefined) return
    const drawn = await draw(sharp, { ...request, source })
    if (typeof drawn === 'string') await say(encodeReply({ reason: drawn, length: 0 }))
    else await say(encodeReply({ reason: undefined, length: drawn.length }), drawn)
  }
}

setPriority(NICENESS)
setInterval(() => {
  if (process.memoryUsage.rss() > LIMITS.workerBytes) process.exit(EXIT_MEMORY)
}, WATCH_MS).unref()
const sharp = await loadSharp()
prepareLibrary(sharp)
await serve(sharp)
process.exit(0)
