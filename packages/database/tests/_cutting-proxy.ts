import { once } from 'node:events'
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net'

export interface CuttingProxy extends AsyncDisposable {
  /** URL of the same database through the proxy. */
  readonly url: string
}

/** Cuts a connection when the client sends `word`: the server gets it (`after`) or does not (`before`). */
export const createCuttingProxy = async (
  url: string,
  word: string,
  when: 'before' | 'after'
): Promise<CuttingProxy> => {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(targetOf(url))
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    upstream.pipe(client)
    client.on('data', (data) => {
      if (!data.includes(word)) {
        upstream.write(data)
        return
      }
      upstream.unpipe(client)
      if (when === 'after') upstream.end(data)
      else upstream.destroy()
      client.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(typeof address === 'object' ? address?.port : '')
  through.searchParams.delete('host')
  return {
    url: through.href,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
}

const targetOf = (url: string): NetConnectOpts => {
  const { hostname, port, searchParams } = new URL(url)
  const folder = searchParams.get('host')
  return folder === null
    ? { host: hostname, port: Number(port || 5432) }
    : { path: `${folder}/.s.PGSQL.${port || 5432}` }
}
