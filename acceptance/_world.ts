import { after } from 'node:test'
import { adminOf, type User } from './_api.ts'
import { type Env, type Server, startServer } from './_server.ts'

export interface World {
  readonly server: Server
  readonly admin: User
}

/** A server of this test file's own with its administrator; ended with the file. */
export const createWorld = async (env: Env = {}): Promise<World> => {
  const server = await startServer(env)
  after(() => server[Symbol.asyncDispose]())
  return { server, admin: await adminOf(server) }
}
