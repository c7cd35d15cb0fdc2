import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface SilencingProxy extends AsyncDisposable {
  readonly origin: string
  /**
   * The next answers to requests whose first line matches are thrown away and their connections closed:
   * the server has done it, the client does not know.
   */
  silence: (firstLine: RegExp, times: number) => void
  /** Answers thrown away so far. */
  readonly silenced: () => number
}

/** Passes bytes between a client and a real server, and loses acknowledgements on request. */
export const startSilencingProxy = async (target: URL): Promise<SilencingProxy> => {
  const sockets = new Set<Socket>()
  let pattern = /^$/
  let left = 0
  let silenced = 0
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((client) => {
    track(client)
    const upstream = track(connect(Number(target.port), target.hostname))
    let muted = false
    client.on('data', (data: Buffer) => {
      const firstLine = data.toString('latin1').split('\r\n', 1)[0] ?? ''
      if (left > 0 && pattern.test(firstLine)) {
        left -= 1
        muted = true
      }
      upstream.write(data)
    })
    upstream.on('data', (data: Buffer) => {
      if (!muted) return void client.write(data)
      silenced += 1
      client.destroy()
      upstream.destroy()
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence: (firstLine, times) => {
      pattern = firstLine
      left = times
    },
    silenced: () => silenced,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
}
