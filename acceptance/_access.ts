import { randomUUID } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import { signIn, type User } from './_api.ts'
import { expectStatus } from './_http.ts'
import { OCTETS, TUS, tusCreate } from './_tus.ts'

/**
 * Who may call an operation:
 * public   everybody; credentials are not looked at
 * operator by address or an operator's token
 * any      every credential of a user
 * read     sessions, and app passwords with files:read
 * write    sessions, and app passwords with files:write
 * session  sessions only: app passwords do not manage credentials
 * admin    administrators
 */
export type Access = 'public' | 'operator' | 'any' | 'read' | 'write' | 'session' | 'admin'

/** Things of one user that requests can name. */
export interface Things {
  readonly drive: string
  readonly folder: string
  readonly file: string
  readonly version: string
  readonly oldVersion: string
  readonly trashed: string
  readonly upload: string
  readonly complete: string
  readonly chunked: string
  readonly archive: string
  readonly session: string
  readonly appPassword: string
  readonly user: string
  readonly path: string
}

export interface Request {
  readonly json?: unknown
  readonly body?: string
  readonly headers?: OutgoingHttpHeaders
}

export interface Rule {
  readonly access: Access
  /** What stands for the parameters of the path; a parameter that is missing here is `things[name]`. */
  readonly path?: (things: Things) => Readonly<Record<string, string>>
  readonly request?: (things: Things) => Request
  /** What the owner gets; default any of 200, 201, 202, 204. */
  readonly statuses?: readonly number[]
}

/** Fresh things of a user for one operation, so that what it destroys belongs to no other; only those it can name. */
export const makeThings = async (owner: User, label: string): Promise<Things> => {
  const none = randomThings()
  const account = { ...none, user: owner.id }
  if (label.includes('/sessions/')) {
    return { ...account, session: (await signIn(owner.url, owner.username, owner.password)).sessionId }
  }
  if (label.includes('/app-passwords/')) return { ...account, appPassword: (await owner.appPassword()).id }
  return { ...account, ...(await makeFiles(owner, label)) }
}

/** Every request to a durable store waits for a disk: nothing is made that the operation cannot name. */
const makeFiles = async (owner: User, label: string): Promise<Partial<Things>> => {
  const name = randomUUID()
  if (/ \/v1\/uploads\/\{id\}\/commit/.test(label)) {
    return { complete: lastSegment(await tusCreate(owner, 0, { filename: `${name}-empty.bin` })) }
  }
  if (label.includes(' /v1/uploads/{id}')) {
    return { upload: lastSegment(await tusCreate(owner, 4, { filename: `${name}.bin` })) }
  }
  if (label.includes(' /v1/archives/{id}')) {
    await owner.store(`${name}.txt`, 'content')
    const reply = await owner.post('/v1/drives/personal/archives', {})
    return { archive: expectStatus(reply, 201).json<{ id: string }>().id }
  }
  if (!/ \/v1\/(drives|uploads)/.test(label)) return {}
  const file = await owner.store(`${name}/file.txt`, 'first')
  const things = { drive: file.driveId, folder: file.parentId ?? '', file: file.id, path: `${name}/file.txt` }
  if (label.includes('/trash')) {
    expectStatus(await owner.delete(`/v1/drives/personal/nodes/${file.id}`), 204)
    return { ...things, trashed: file.id }
  }
  if (label.includes('{version}')) {
    const { versionId } = await owner.store(`${name}/file.txt`, 'second')
    return { ...things, version: versionId ?? '', oldVersion: file.versionId ?? '' }
  }
  if (label.includes('/uploads/{id}')) {
    const reply = await owner.post('/v1/drives/personal/uploads', { clientKey: name })
    return { ...things, chunked: expectStatus(reply, 200).json<{ uploadId: string }>().uploadId }
  }
  return things
}

const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Ids that nothing has. */
export const randomThings = (): Things => ({
  drive: randomUUID(),
  folder: randomUUID(),
  file: randomUUID(),
  version: randomUUID(),
  oldVersion: randomUUID(),
  trashed: randomUUID(),
  upload: randomUUID(),
  complete: randomUUID(),
  chunked: randomUUID(),
  archive: randomUUID(),
  session: randomUUID(),
  appPassword: randomUUID(),
  user: randomUUID(),
  path: `${randomUUID()}/file.txt`
})

const json = (make: (things: Things) => unknown): Pick<Rule, 'request'> => ({
  request: (things) => ({ json: make(things) })
})
const file = (things: Things) => ({ drive: things.drive, node: things.file })
const folder = (things: Things) => ({ drive: things.drive, node: things.folder })
const trashed = (things: Things) => ({ drive: things.drive, node: things.trashed })
const oldVersion = (things: Things) => ({ ...file(things), version: things.oldVersion })
const upload = (things: Things) => ({ id: things.upload })
const chunked = (things: Things) => ({ drive: things.drive, id: things.chunked })
const user = (things: Things) => ({ id: things.user })
const wrongPassword = { currentPassword: 'not the password at all' }

export const RULES: Readonly<Record<string, Rule>> = {
  'GET /livez': { access: 'public' },
  'GET /readyz': { access: 'public' },
  'GET /metrics': { access: 'operator' },
  'GET /.well-known/jwks.json': { access: 'public' },

  'GET /v1/auth/setup': { access: 'public' },
  'POST /v1/auth/setup': {
    access: 'public',
    statuses: [409],
    ...json(() => ({ token: 'x', username: 'x', password: 'x' }))
  },
  'GET /v1/auth/policy': { access: 'public' },
  'POST /v1/auth/register': {
    access: 'public',
    statuses: [403],
    ...json(() => ({ username: 'nobody', password: 'harbour over the hills' }))
  },
  'POST /v1/auth/login': { access: 'public', statuses: [400], ...json(() => ({ username: '' })) },
  'POST /v1/auth/refresh': { access: 'public', statuses: [401], ...json(() => ({ refreshToken: 'x' })) },
  'POST /v1/auth/logout': { access: 'public', statuses: [204], ...json(() => ({ refreshToken: 'x' })) },
  'POST /v1/auth/password-reset/request': {
    access: 'public',
    statuses: [202, 429],
    ...json(() => ({ username: 'nobody' }))
  },
  'POST /v1/auth/password-reset/confirm': {
    access: 'public',
    statuses: [403, 429],
    ...json(() => ({ token: 'x', newPassword: 'harbour over the hills' }))
  },
  // Proven by the master key: credentials are of no use.
  'POST /v1/auth/operator/password-reset': {
    access: 'public',
    statuses: [403, 429],
    ...json(() => ({ at: Date.now(), tokenId: randomUUID(), secretHash: '0'.repeat(64), proof: '0'.repeat(64) }))
  },
  'GET /v1/auth/me': { access: 'any' },
  'PATCH /v1/auth/me': { access: 'session', statuses: [403], ...json(() => ({ email: null, ...wrongPassword })) },
  'POST /v1/auth/password': {
    access: 'session',
    statuses: [403],
    ...json(() => ({ newPassword: 'harbour over it', ...wrongPassword }))
  },
  // By a session of its own, see the test.
  'POST /v1/auth/logout-all': { access: 'session' },
  'GET /v1/auth/sessions': { access: 'session' },
  'DELETE /v1/auth/sessions/{id}': { access: 'session', path: (things) => ({ id: things.session }) },
  'GET /v1/auth/app-passwords': { access: 'session' },
  'POST /v1/auth/app-passwords': { access: 'session', ...json(() => ({ name: 'x' })) },
  'DELETE /v1/auth/app-passwords/{id}': { access: 'session', path: (things) => ({ id: things.appPassword }) },
  'GET /v1/auth/audit': { access: 'session' },

  'GET /v1/auth/admin/users': { access: 'admin' },
  'POST /v1/auth/admin/users': { access: 'admin', ...json(() => ({ username: `m-${randomUUID().slice(0, 8)}` })) },
  'GET /v1/auth/admin/users/{id}': { access: 'admin', path: user },
  'PATCH /v1/auth/admin/users/{id}': { access: 'admin', path: user, ...json(() => ({ email: null })) },
  'DELETE /v1/auth/admin/users/{id}': { access: 'admin', path: () => ({ id: randomUUID() }), statuses: [404] },
  'POST /v1/auth/admin/users/{id}/password-reset': { access: 'admin', path: user },
  'POST /v1/auth/admin/users/{id}/logout': { access: 'admin', path: () => ({ id: randomUUID() }), statuses: [404] },
  'PUT /v1/auth/admin/policy': { access: 'admin', ...json(() => ({ signup: 'closed' })) },
  'GET /v1/auth/admin/invites': { access: 'admin' },
  'POST /v1/auth/admin/invites': { access: 'admin', ...json(() => ({})) },
  'DELETE /v1/auth/admin/invites/{id}': { access: 'admin', path: () => ({ id: randomUUID() }), statuses: [404] },
  'GET /v1/auth/admin/messages': { access: 'admin' },
  'GET /v1/auth/admin/audit': { access: 'admin' },
  'GET /v1/auth/admin/audit/verify': { access: 'admin' },
  'POST /v1/auth/admin/signing-keys': { access: 'admin', ...json(() => ({})) },
  'POST /v1/admin/storage/doctor': { access: 'admin', ...json(() => ({ level: 0 })) },
  // Only one at a time: the matrix asks more than once.
  'POST /v1/admin/storage/doctor/runs': { access: 'admin', statuses: [202, 409], ...json(() => ({ level: 0 })) },
  'GET /v1/admin/storage/doctor/runs': { access: 'admin' },
  'GET /v1/admin/storage/doctor/runs/{id}': {
    access: 'admin',
    path: () => ({ id: randomUUID() }),
    statuses: [404]
  },
  'DELETE /v1/admin/storage/doctor/runs/{id}': {
    access: 'admin',
    path: () => ({ id: randomUUID() }),
    statuses: [404]
  },
  'POST /v1/admin/storage/gc': { access: 'admin' },
  'GET /v1/admin/storage/stats': { access: 'admin' },
  'GET /v1/admin/quotas': { access: 'admin' },
  'GET /v1/admin/users/{user}/quota': { access: 'admin', path: ({ user }) => ({ user }) },
  'PUT /v1/admin/users/{user}/quota': {
    access: 'admin',
    path: ({ user }) => ({ user }),
    ...json(() => ({ limit: null }))
  },
  'GET /v1/admin/queues': { access: 'admin' },
  'POST /v1/admin/dead-letters/replay': { access: 'admin', ...json(() => ({})) },
  'GET /v1/admin/dead-letters': { access: 'admin' },
  'POST /v1/admin/dead-letters/{id}/replay': { access: 'admin', path: () => ({ id: randomUUID() }), statuses: [404] },
  'DELETE /v1/admin/dead-letters/{id}': { access: 'admin', path: () => ({ id: randomUUID() }), statuses: [404] },

  'GET /v1/drives': { access: 'read' },
  'GET /v1/drives/{drive}': { access: 'read' },
  'GET /v1/drives/{drive}/journal': { access: 'read' },
  'GET /v1/drives/{drive}/resolve': { access: 'read', path: ({ drive, path }) => ({ drive, '?path': `/${path}` }) },
  'GET /v1/drives/{drive}/nodes/{node}': { access: 'read', path: file },
  'PATCH /v1/drives/{drive}/nodes/{node}': { access: 'write', path: file, ...json(() => ({ name: randomUUID() })) },
  'DELETE /v1/drives/{drive}/nodes/{node}': { access: 'write', path: file },
  'GET /v1/drives/{drive}/nodes/{node}/path': { access: 'read', path: file },
  'GET /v1/drives/{drive}/nodes/{node}/children': { access: 'read', path: folder },
  'POST /v1/drives/{drive}/nodes/{node}/copy': {
    access: 'write',
    path: file,
    ...json((things) => ({ parentId: things.folder, name: randomUUID() }))
  },
  'POST /v1/drives/{drive}/folders': {
    access: 'write',
    ...json((things) => ({ parentId: things.folder, name: 'new' }))
  },
  'POST /v1/drives/{drive}/operations': {
    access: 'write',
    ...json((things) => ({ operations: [{ op: 'move', nodeId: things.file, name: 'moved' }] }))
  },
  'GET /v1/drives/{drive}/trash': { access: 'read' },
  'DELETE /v1/drives/{drive}/trash': { access: 'write' },
  'DELETE /v1/drives/{drive}/trash/{node}': { access: 'write', path: trashed },
  'POST /v1/drives/{drive}/trash/{node}/restore': { access: 'write', path: trashed },
  'GET /v1/drives/{drive}/nodes/{node}/versions': { access: 'read', path: file },
  'DELETE /v1/drives/{drive}/nodes/{node}/versions/{version}': { access: 'write', path: oldVersion },
  'POST /v1/drives/{drive}/nodes/{node}/versions/{version}/restore': { access: 'write', path: oldVersion },

  'PUT /v1/drives/{drive}/files/{path}': { access: 'write', request: () => ({ body: 'new' }) },
  'PUT /v1/drives/{drive}/nodes/{node}/content': { access: 'write', path: file, request: () => ({ body: 'new' }) },
  'GET /v1/drives/{drive}/files/{path}': { access: 'read' },
  'HEAD /v1/drives/{drive}/files/{path}': { access: 'read' },
  'GET /v1/drives/{drive}/nodes/{node}/content': { access: 'read', path: file },
  'HEAD /v1/drives/{drive}/nodes/{node}/content': { access: 'read', path: file },

  // The things are no pictures: that is said only to those who may read them.
  'GET /v1/drives/{drive}/nodes/{node}/thumbnail': { access: 'read', path: file, statuses: [415] },
  'POST /v1/drives/{drive}/archives': {
    access: 'read',
    ...json((things) => ({ nodeIds: [things.file] }))
  },
  'GET /v1/archives/{id}': { access: 'read', path: ({ archive }) => ({ id: archive }) },
  'HEAD /v1/archives/{id}': { access: 'read', path: ({ archive }) => ({ id: archive }) },

  'OPTIONS /v1/uploads': { access: 'public' },
  'POST /v1/uploads': {
    access: 'write',
    request: (things) => ({
      headers: {
        ...TUS,
        'upload-length': 5,
        'upload-metadata': `filename ${btoa('x.bin')},parentId ${btoa(things.folder)},drive ${btoa(things.drive)}`
      }
    })
  },
  'GET /v1/uploads': { access: 'read' },
  'GET /v1/uploads/{id}/status': { access: 'read', path: upload },
  'HEAD /v1/uploads/{id}': { access: 'write', path: upload, request: () => ({ headers: TUS }) },
  'PATCH /v1/uploads/{id}': {
    access: 'write',
    path: upload,
    request: () => ({ headers: { ...TUS, 'upload-offset': 0, 'content-type': OCTETS }, body: 'data' })
  },
  'DELETE /v1/uploads/{id}': { access: 'write', path: upload, request: () => ({ headers: TUS }) },
  'POST /v1/uploads/{id}': {
    access: 'write',
    path: upload,
    request: () => ({ headers: { ...TUS, 'x-http-method-override': 'HEAD' } })
  },
  'POST /v1/uploads/{id}/commit': { access: 'write', path: ({ complete }) => ({ id: complete }) },
  'POST /v1/drives/{drive}/uploads': { access: 'write', ...json(() => ({ clientKey: randomUUID() })) },
  'POST /v1/drives/{drive}/uploads/{id}/have': {
    access: 'write',
    path: chunked,
    ...json(() => ({ wireIds: ['0'.repeat(64)] }))
  },
  'PUT /v1/drives/{drive}/uploads/{id}/frames': {
    access: 'write',
    path: chunked,
    // Not a frame stream: refused as such once the right to send one is settled.
    statuses: [400],
    request: () => ({ headers: { 'content-type': 'application/vnd.cairn.frames' }, body: 'no frames' })
  },
  'POST /v1/drives/{drive}/uploads/{id}/commit': {
    access: 'write',
    path: chunked,
    ...json((things) => ({ files: [{ opId: randomUUID(), parentId: things.folder, name: 'empty', chunks: [] }] }))
  },
  'DELETE /v1/drives/{drive}/uploads/{id}': { access: 'write', path: chunked },
  'POST /v1/drives/{drive}/batch': {
    access: 'write',
    statuses: [400],
    request: () => ({ headers: { 'content-type': 'application/vnd.cairn.frames' }, body: 'no frames' })
  }
}
