import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { type HttpPort, type HttpReply, type HttpRequest, noAnswer } from '@cairn/client'

// A connection that is to move bytes and moves none for this long is dead (cable pulled, NAT entry gone).
const SILENCE_MS = 60_000
const MAX_SOCKETS = 32
const READ_AHEAD = 1024 * 1024

export interface NodePort extends HttpPort {
  close(): void
}

/** HTTP over Node's own sockets: faster with large bodies than fetch, and dead connections are noticed. */
export function nodePort(env: Readonly<Record<string, string | undefined>>): NodePort {
  const settings = { keepAlive: true, maxSockets: MAX_SOCKETS, proxyEnv: { ...env } }
  const agents = { 'http:': new HttpAgent(settings), 'https:': new HttpsAgent(settings) }
  return {
    exchange: async (request) => {
      const agent = request.url.startsWith('https:') ? agents['https:'] : agents['http:']
      try {
        return await exchange(request, agent)
      } catch (error) {
        // The server closed an idle connection just as we used it: nothing of the request was read.
        if (!(error instanceof StaleConnection) || request.signal?.aborted) throw error
        return await exchange(request, agent)
      }
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy()
    }
  }
}

class StaleConnection extends Error {}

function exchange(request: HttpRequest, agent: HttpAgent | HttpsAgent): Promise<HttpReply> {
  const url = new URL(request.url)
  const length = request.body?.reduce((sum, part) => sum + part.length, 0)
  const options: RequestOptions = {
    method: request.method,
    agent,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    headers: {
      ...Object.fromEntries(request.headers),
      ...(length === undefined ? {} : { 'content-length': String(length) })
    }
  }
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options)
    const silence = new Error(`nothing moved for ${SILENCE_MS / 1000} s`)
    let expected: NodeJS.Timeout | undefined
    outgoing.setTimeout(SILENCE_MS, () => {
      if (expected === undefined) outgoing.destroy(silence)
    })
    // The server may think: it has its own limit.
    outgoing.on('finish', () => {
      expected = setTimeout(() => outgoing.destroy(noAnswer(request.timeoutMs)), request.timeoutMs)
    })
    outgoing.on('close', () => clearTimeout(expected))
    outgoing.on('response', (incoming) => {
      clearTimeout(expected)
      expected = undefined
      resolve(replyOf(incoming))
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const stale = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      reject(stale ? new StaleConnection(error.message, { cause: error }) : error)
    })
    for (const part of request.body ?? []) outgoing.write(part)
    outgoing.end()
  })
}

function replyOf(incoming: IncomingMessage): HttpReply {
  incoming.on('error', () => undefined)
  const bytes = () => incoming as AsyncIterable<Uint8Array>
  return {
    status: incoming.statusCode ?? 0,
    headers: headersOf(incoming),
    bytes,
    text: async () => {
      const parts: Uint8Array[] = []
      for await (const part of bytes()) parts.push(part)
      return Buffer.concat(parts).toString('utf8')
    },
    discard: async () => {
      // A short rest is read so that the connection can serve again.
      const rest = Number(incoming.headers['content-length'] ?? 0)
      if (rest > READ_AHEAD) incoming.destroy()
      else incoming.resume()
    }
  }
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  return headers
}
