import { connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/** A line between browser and server that can be cut, and that counts. */
export interface Line extends AsyncDisposable {
  readonly port: number
  /** Bytes that went to the server. */
  readonly sent: number
  /** Ends every connection and takes no new ones. */
  cut(): void
  mend(): void
}

export const openLine = async (target: () => number): Promise<Line> => {
  const sockets = new Set<Socket>()
  let sent = 0
  let whole = true
  const server = createServer((browser) => {
    if (!whole) {
      browser.resetAndDestroy()
      return
    }
    const upstream = connect(target(), '127.0.0.1')
    const counter = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        sent += chunk.length
        done(null, chunk)
      }
    })
    browser.pipe(counter).pipe(upstream)
    upstream.pipe(browser)
    for (const socket of [browser, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        browser.destroy()
        upstream.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get sent() {
      return sent
    },
    cut: () => {
      whole = false
      for (const socket of sockets) socket.resetAndDestroy()
    },
    mend: () => {
      whole = true
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
