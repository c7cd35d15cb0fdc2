import { connect } from 'node:net'

export interface RawReply {
  /** Of the first answer; 0 when the connection ended without one. */
  readonly status: number
  /** Everything that arrived, all answers of the connection. */
  readonly text: string
  /** How many answers arrived. */
  readonly answers: number
}

/** Writes these very bytes and reads until the server closes or falls silent. */
export const sendRaw = (
  { host, port }: { readonly host: string; readonly port: number },
  text: string | Uint8Array,
  quietMs = 2000
): Promise<RawReply> =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    const parts: Buffer[] = []
    const finish = (): void => {
      socket.destroy()
      const received = Buffer.concat(parts).toString('latin1')
      const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(received) ?? []
      resolve({
        status: Number(status ?? 0),
        text: received,
        answers: [...received.matchAll(/HTTP\/1\.[01] \d{3} /g)].length
      })
    }
    socket.setTimeout(quietMs, finish)
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.once('error', finish)
    socket.once('close', finish)
    socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
  })
