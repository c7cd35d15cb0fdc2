import { connect, type Socket } from 'node:net'

/** A request written by hand, so that it can stop anywhere. */
export const openRaw = async (
  url: string,
  head: { method: string; path: string; headers: Record<string, string | number> }
): Promise<RawRequest> => {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  socket.on('error', () => undefined) // the server may reset us
  let received = ''
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
  })
  const lines = Object.entries({ host: hostname, ...head.headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${head.method} ${head.path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  return { socket, received: () => received, send: (bytes) => send(socket, bytes) }
}

export interface RawRequest {
  readonly socket: Socket
  received(): string
  send(bytes: Uint8Array | string): Promise<void>
}

const send = (socket: Socket, bytes: Uint8Array | string): Promise<void> =>
  new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())))
