import assert from 'node:assert/strict'
import pg from 'pg'
import { type Backing, createBacking, ORIGIN, type Replica, type ReplicaOptions, startReplica } from './_host.ts'

export const PASSWORD = 'orange lamps hum quietly'
export const OTHER_PASSWORD = 'seven blue umbrellas dance'

export interface CallOptions {
  readonly token?: string
  readonly ip?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
  readonly cookies: readonly { name: string; value: string; [attribute: string]: unknown }[]
}

export interface User {
  readonly id: string
  readonly username: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly sessionId: string
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A replica and short ways to talk to it. */
export interface System extends Replica {
  readonly backing: Backing
  call(method: Method, path: string, body?: unknown, options?: CallOptions): Promise<Answer>
  get(path: string, options?: CallOptions): Promise<Answer>
  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer>
  /** Completes set-up. */
  setUp(username?: string): Promise<User>
  register(username: string, options?: CallOptions): Promise<User>
  login(username: string, password?: string, options?: CallOptions): Promise<Answer>
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

export const startSystem = async (options: ReplicaOptions = {}): Promise<System> => {
  const backing = await createBacking()
  const system = await joinSystem(backing, options)
  return {
    ...system,
    [Symbol.asyncDispose]: async () => {
      await system[Symbol.asyncDispose]()
      await backing[Symbol.asyncDispose]()
    }
  }
}

/** Another replica over the same database and cache. */
export const joinSystem = async (backing: Backing, options: ReplicaOptions = {}): Promise<System> => {
  const replica = await startReplica(backing, options)

  const call = async (method: Method, path: string, body?: unknown, given: CallOptions = {}): Promise<Answer> => {
    const response = await replica.app.inject({
      method,
      url: path,
      remoteAddress: given.ip ?? '192.0.2.1',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(given.token === undefined ? {} : { authorization: `Bearer ${given.token}` }),
        ...given.headers
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    return {
      status: response.statusCode,
      body: response.body === '' ? undefined : JSON.parse(response.body),
      headers: response.headers,
      cookies: response.cookies
    }
  }
  const post = (path: string, body?: unknown, given?: CallOptions) => call('POST', path, body, given)

  return {
    ...replica,
    backing,
    call,
    get: (path, given) => call('GET', path, undefined, given),
    post,
    setUp: async (username = 'root') => {
      const { token } = replica.auth.setup
      return userOf(await post('/v1/auth/setup', { token, username, password: PASSWORD }))
    },
    register: async (username, given) =>
      userOf(await post('/v1/auth/register', { username, password: PASSWORD }, given)),
    login: (username, password = PASSWORD, given = {}) => post('/v1/auth/login', { username, password }, given),
    sql: async (text, values) => {
      const client = new pg.Client({ connectionString: backing.url })
      await client.connect()
      try {
        return (await client.query(text, values)).rows
      } finally {
        await client.end()
      }
    },
    [Symbol.asyncDispose]: () => replica[Symbol.asyncDispose]()
  }
}

export const userOf = (answer: Answer): User => {
  assert.ok(answer.status === 200 || answer.status === 201, JSON.stringify(answer.body))
  const { user, accessToken, refreshToken, sessionId } = answer.body
  return { id: user.id, username: user.username, accessToken, refreshToken, sessionId }
}

/** Headers of a page of ours. */
export const ownPage = (cookies: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  origin: ORIGIN,
  'sec-fetch-site': 'same-origin',
  'x-cairn-csrf': '1',
  ...(Object.keys(cookies).length === 0
    ? {}
    : {
        cookie: Object.entries(cookies)
          .map(([name, value]) => `${name}=${value}`)
          .join('; ')
      })
})
