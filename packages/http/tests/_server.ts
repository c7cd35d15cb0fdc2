import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { createLogger, createMetrics, createSystemRandom } from '@cairn/runtime'
import { createHttpServer, type HttpApp, type HttpServerOptions } from '../src/index.ts'

export interface TestServer {
  readonly app: HttpApp
  readonly port: number
  readonly origin: string
}

/** A real server on loopback that is closed when the test ends. */
export const startServer = async (
  t: TestContext,
  register: (app: HttpApp) => void,
  options: Partial<HttpServerOptions> = {}
): Promise<TestServer> => {
  const app = createHttpServer({
    logger: createLogger({ level: 'silent' }),
    metrics: createMetrics(),
    random: createSystemRandom(),
    ...options
  })
  register(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(async () => {
    app.server.closeAllConnections()
    await app.close()
  })
  const { port } = app.server.address() as AddressInfo
  return { app, port, origin: `http://127.0.0.1:${port}` }
}

export interface RawReply {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends bytes as they are and reads until the server closes, or until `until` has been received. */
export const sendRaw = (port: number, bytes: string, until?: RegExp): Promise<RawReply> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    const finish = (): void => {
      socket.destroy()
      const [head = '', ...rest] = received.split('\r\n\r\n')
      resolve({ status: Number(head.split(' ')[1] ?? 0), head, body: rest.join('\r\n\r\n') })
    }
    socket.setTimeout(10_000, () => reject(new Error(`nothing more after: ${received}`)))
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received += chunk
      if (until?.test(received) === true) finish()
    })
    socket.on('close', finish)
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
    })
    socket.write(bytes, 'latin1')
  })
