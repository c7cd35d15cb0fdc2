import assert from 'node:assert/strict'
import { after } from 'node:test'
import { adminOf, type User } from './_api.ts'
import { type Env, type Server, startServer } from './_server.ts'

export interface World {
  readonly server: Server
  readonly admin: User
}

/**
 * A server of this test file's own with its administrator; ended with the file. A request that made the server log an
 * error fails the file, unless `faulty`: faults are part of the test.
 */
export const createWorld = async (options: { env?: Env; faulty?: boolean } = {}): Promise<World> => {
  const server = await startServer(options.env)
  after(async () => {
    await server[Symbol.asyncDispose]()
    const errors = server
      .logs()
      .split('\n')
      .filter((line) => /"level":"(error|fatal)"/.test(line))
    if (options.faulty !== true) assert.deepEqual(errors, [])
  })
  return { server, admin: await adminOf(server) }
}
