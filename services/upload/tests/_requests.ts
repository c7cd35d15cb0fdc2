import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { CairnError } from '@cairn/contracts'
import type { Cluster } from './_cluster.ts'

export interface Call {
  readonly method: string
  readonly path: string
  readonly user?: string
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array<ArrayBuffer> | string | ReadableStream
}

export const send = (url: string, { method, path, user, headers = {}, body }: Call): Promise<Response> =>
  fetch(`${url}${path}`, {
    method,
    headers: { ...(user === undefined ? {} : { authorization: `Bearer ${user}` }), ...headers },
    ...(body === undefined ? {} : { body, duplex: 'half' })
  } as RequestInit)

export const sendJson = async <T>(url: string, call: Omit<Call, 'body'> & { json: unknown }): Promise<T> => {
  const response = await send(url, {
    ...call,
    headers: { ...call.headers, 'content-type': 'application/json' },
    body: JSON.stringify(call.json)
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return JSON.parse(text) as T
}

export const tusMetadata = (entries: Record<string, string>): string =>
  Object.entries(entries)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')

export interface TusUser {
  readonly url: string
  readonly user: string
}

export const tusHeaders = (headers: Record<string, string | number> = {}): Record<string, string> => ({
  'tus-resumable': '1.0.0',
  ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
})

/** Creates an upload; returns the path of its URL. */
export const tusCreate = async (
  { url, user }: TusUser,
  length: number | undefined,
  metadata: Record<string, string> = {}
): Promise<string> => {
  const response = await send(url, {
    method: 'POST',
    path: '/v1/uploads',
    user,
    headers: tusHeaders({
      ...(length === undefined ? { 'upload-defer-length': 1 } : { 'upload-length': length }),
      'upload-metadata': tusMetadata(metadata)
    })
  })
  const location = response.headers.get('location')
  if (response.status !== 201 || location === null) throw new Error(`${response.status} ${await response.text()}`)
  return location
}

export const tusPatch = (
  { url, user }: TusUser,
  path: string,
  patch: { offset: number | string; body?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> }
): Promise<Response> =>
  send(url, {
    method: 'PATCH',
    path,
    user,
    headers: {
      ...tusHeaders({ 'upload-offset': patch.offset, 'content-type': 'application/offset+octet-stream' }),
      ...patch.headers
    },
    body: patch.body ?? new Uint8Array(0)
  })

export const tusHead = ({ url, user }: TusUser, path: string): Promise<Response> =>
  send(url, { method: 'HEAD', path, user, headers: tusHeaders() })

export const tusOffset = async (at: TusUser, path: string): Promise<number> => {
  const response = await tusHead(at, path)
  return Number(response.headers.get('upload-offset') ?? Number.NaN)
}

export const problemCode = async (response: Response): Promise<string> =>
  ((await response.json()) as { code: string }).code

export const noise = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(length))

/** What metadata knows of a user's file; undefined when there is no such file. */
export const fileInfo = async (cluster: Cluster, userId: string, path: string) => {
  try {
    return await cluster.metadata.authorizeRead({ userId, drive: 'personal', place: { path } })
  } catch (error) {
    if (error instanceof CairnError && error.code === 'not_found') return undefined
    throw error
  }
}

/** The bytes of a user's file as storage hands them out; undefined when there is no such file. */
export const fileContent = async (cluster: Cluster, user: string, path: string): Promise<Buffer | undefined> => {
  const file = await fileInfo(cluster, user, path)
  if (file === undefined) return undefined
  const source = { vaultId: file.vaultId, manifestId: file.manifestId, start: 0, end: Number(file.size) }
  const parts: Buffer[] = []
  for await (const part of cluster.host.storageData.read(source, new AbortController().signal)) {
    parts.push(Buffer.from(part))
  }
  return Buffer.concat(parts)
}

/** Id of the folder a path lies in. */
export const folderOf = async (cluster: Cluster, userId: string, path: string): Promise<string> =>
  (await cluster.metadata.authorizeWrite({ userId, drive: 'personal', place: { path } })).parentId

export const trash = async (cluster: Cluster, userId: string, nodeId: string): Promise<void> => {
  const operation = { opId: cluster.uuid(), kind: { case: 'trash' as const, value: { nodeId } } }
  const { results } = await cluster.metadata.commit({ userId, drive: 'personal', operations: [operation] })
  assert.equal(results[0]?.errorCode, '')
}
