import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const BLOCK = 1024 * 1024
/** Bodies up to this size are kept, for JSON; turning content into text would be measured too. */
const KEPT = 64 * 1024

export interface Target {
  readonly port: number
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly bytes: number
  readonly body: string
}

/** Sends `length` bytes out of `source`, repeating it block by block as given. Discards large answers. */
export const send = (target: Target, source?: { blocks: readonly Buffer[]; keepBody?: boolean }): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const length = source?.blocks.reduce((sum, block) => sum + block.length, 0) ?? 0
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port: target.port,
        path: target.path,
        method: target.method ?? 'GET',
        // A kept connection may have been closed while a large body was prepared.
        agent: length > BLOCK ? false : agent,
        headers: { ...target.headers, ...(source && { 'content-length': String(length) }) }
      },
      (incoming) => {
        let bytes = 0
        const kept: Buffer[] = []
        incoming.on('data', (part: Buffer) => {
          bytes += part.length
          if (bytes < KEPT) kept.push(part)
        })
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            bytes,
            body: Buffer.concat(kept).toString()
          })
        )
        incoming.on('error', reject)
      }
    )
    outgoing.on('error', reject)
    void pump(outgoing, source?.blocks ?? [])
  })

const pump = async (outgoing: ReturnType<typeof httpRequest>, blocks: readonly Buffer[]): Promise<void> => {
  for (const block of blocks) {
    if (!outgoing.write(block)) await new Promise((resolve) => outgoing.once('drain', resolve))
  }
  outgoing.end()
}

export const requireOk = (answer: Answer, what: string): Answer => {
  if (answer.status >= 300) throw new Error(`${what}: ${answer.status} ${answer.body}`)
  return answer
}
