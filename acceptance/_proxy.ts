import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy on loopback whose cable can be pulled. */
export interface Proxy extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Bytes clients have sent through it so far. */
  readonly sent: number
  readonly received: number
  /** Ends all connections: "reset" tells both ends, "silence" neither (bytes just stop). Refuses new ones until mend(). */
  cut(how: 'reset' | 'silence'): void
  mend(): void
  /** Calls back once so many bytes of clients have passed since now. */
  after(bytes: number, direction: 'sent' | 'received', then: () => void): void
}

interface Link {
  readonly client: Socket
  readonly server: Socket
}

export const startProxy = async (target: { host: string; port: number }): Promise<Proxy> => {
  const links = new Set<Link>()
  const sockets = new Set<Socket>()
  const watchers = new Set<() => void>()
  const counts = { sent: 0, received: 0 }
  let isCut = false

  const listener = createServer((client) => {
    if (isCut) {
      client.resetAndDestroy()
      return
    }
    const server = connect(target.port, target.host)
    const link = { client, server }
    links.add(link)
    for (const socket of [client, server]) sockets.add(socket)
    const pass = (from: Socket, to: Socket, direction: 'sent' | 'received'): void => {
      from.on('data', (bytes: Buffer) => {
        counts[direction] += bytes.length
        for (const watch of watchers) watch()
        if (links.has(link) && !to.write(bytes)) from.pause()
      })
      to.on('drain', () => from.resume())
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => {
        links.delete(link)
        sockets.delete(from)
        to.destroy()
      })
    }
    pass(client, server, 'sent')
    pass(server, client, 'received')
  })
  // A failing test must not keep its process alive.
  listener.listen(0, '127.0.0.1').unref()
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get sent() {
      return counts.sent
    },
    get received() {
      return counts.received
    },
    cut: (how) => {
      isCut = true
      for (const { client, server } of links) {
        if (how === 'reset') {
          client.resetAndDestroy()
          server.resetAndDestroy()
        } else {
          for (const socket of [client, server]) socket.pause().removeAllListeners('data')
        }
      }
      links.clear()
    },
    mend: () => {
      isCut = false
    },
    after: (bytes, direction, then) => {
      const goal = counts[direction] + bytes
      const watch = (): void => {
        if (counts[direction] < goal) return
        watchers.delete(watch)
        then()
      }
      watchers.add(watch)
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => listener.close(() => resolve()))
    }
  }
}
