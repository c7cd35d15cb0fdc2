import { randomUUID } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import { type Body, type Call, expectStatus, type Reply, send } from './_http.ts'
import { foreign, type Server } from './_server.ts'

type Options = Omit<Call, 'method' | 'path'>

/** Sends requests of one caller. */
export class Client {
  readonly url: string
  readonly authorization: string | undefined

  constructor(url: string, authorization?: string) {
    this.url = url
    this.authorization = authorization
  }

  send(call: Call): Promise<Reply> {
    const own: OutgoingHttpHeaders = this.authorization === undefined ? {} : { authorization: this.authorization }
    return send(this.url, { ...call, headers: { ...own, ...call.headers } })
  }

  get(path: string, options: Options = {}): Promise<Reply> {
    return this.send({ method: 'GET', path, ...options })
  }

  post(path: string, json?: unknown, options: Options = {}): Promise<Reply> {
    return this.send({ method: 'POST', path, json, ...options })
  }

  patch(path: string, json: unknown, options: Options = {}): Promise<Reply> {
    return this.send({ method: 'PATCH', path, json, ...options })
  }

  put(path: string, body: Body, options: Options = {}): Promise<Reply> {
    return this.send({ method: 'PUT', path, body, ...options })
  }

  delete(path: string, options: Options = {}): Promise<Reply> {
    return this.send({ method: 'DELETE', path, ...options })
  }
}

export interface SignIn {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresIn: number
  readonly sessionId: string
  readonly user: { readonly id: string; readonly username: string; readonly admin: boolean }
}

export interface Node {
  readonly id: string
  readonly driveId: string
  readonly parentId: string | null
  readonly name: string
  readonly kind: 'file' | 'folder'
  readonly state: 'live' | 'trashed'
  readonly size: number
  readonly treeSize: number
  readonly treeRev: number
  readonly versionId: string | null
  readonly mtime: string
  readonly contentRev: number
  readonly metaRev: number
  readonly seq: number
}

export interface Drive {
  readonly id: string
  readonly rootId: string
  readonly headSeq: number
  readonly quota: { readonly used: number; readonly limit: number }
  readonly journalCursor: string
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** Somebody with an account, signed in. */
export class User extends Client {
  readonly id: string
  readonly username: string
  readonly password: string
  readonly signIn: SignIn

  constructor(url: string, password: string, signIn: SignIn) {
    super(url, `Bearer ${signIn.accessToken}`)
    this.id = signIn.user.id
    this.username = signIn.user.username
    this.password = password
    this.signIn = signIn
  }

  async drive(): Promise<Drive> {
    return expectStatus(await this.get('/v1/drives/personal'), 200).json<Drive>()
  }

  /** Stores a file by path and returns its node. */
  async store(path: string, content: Body, query = '?parents=true'): Promise<Node> {
    const reply = await this.put(`/v1/drives/personal/files/${encodePath(path)}${query}`, content)
    return expectStatus(reply, 200, 201).json<Node>()
  }

  async folder(name: string, parentId?: string): Promise<Node> {
    const reply = await this.post('/v1/drives/personal/folders', { name, ...(parentId ? { parentId } : {}) })
    return expectStatus(reply, 201).json<Node>()
  }

  async read(path: string): Promise<Buffer> {
    return expectStatus(await this.get(`/v1/drives/personal/files/${encodePath(path)}`), 200).bytes
  }

  async children(folder: string): Promise<Node[]> {
    return await allPages<Node>(this, `/v1/drives/personal/nodes/${folder}/children?limit=1000`)
  }

  async appPassword(options: { scopes?: readonly string[]; expiresAt?: string } = {}): Promise<AppPassword> {
    const reply = await this.post('/v1/auth/app-passwords', { name: 'test', ...options })
    return expectStatus(reply, 201).json<AppPassword>()
  }
}

export interface AppPassword {
  readonly id: string
  readonly secret: string
  readonly scopes: readonly string[]
}

export const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** All items of a listing. */
export const allPages = async <T>(client: Client, path: string): Promise<T[]> => {
  const items: T[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const at: string = cursor === '' ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`
    const page: Page<T> = expectStatus(await client.get(at), 200).json<Page<T>>()
    items.push(...page.items)
    cursor = page.nextCursor
  }
  return items
}

const ADMIN_PASSWORD = 'granite over slow rivers 17'

/** The first administrator: made with the set-up token, or of the deployment under test by CAIRN_ADMIN_TOKEN. */
export const adminOf = async (server: Server): Promise<User> => {
  if (foreign === undefined) {
    const reply = await send(server.url, {
      method: 'POST',
      path: '/v1/auth/setup',
      json: { token: server.setupToken, username: 'root', password: ADMIN_PASSWORD }
    })
    return new User(server.url, ADMIN_PASSWORD, expectStatus(reply, 200, 201).json<SignIn>())
  }
  const accessToken = process.env['CAIRN_ADMIN_TOKEN'] ?? ''
  const client = new Client(server.url, `Bearer ${accessToken}`)
  const user = expectStatus(await client.get('/v1/auth/me'), 200).json<SignIn['user']>()
  return new User(server.url, '', { accessToken, refreshToken: '', expiresIn: 600, sessionId: '', user })
}

export const signIn = async (url: string, username: string, password: string): Promise<SignIn> =>
  expectStatus(await send(url, { method: 'POST', path: '/v1/auth/login', json: { username, password } }), 200).json()

/** A new account, made by the administrator, signed in. */
export const createUser = async (admin: Client, name = 'user'): Promise<User> => {
  const username = `${name}-${randomUUID().slice(0, 8)}`
  const password = `cobalt ${randomUUID()}`
  expectStatus(await admin.post('/v1/auth/admin/users', { username, password }), 201)
  return new User(admin.url, password, await signIn(admin.url, username, password))
}
