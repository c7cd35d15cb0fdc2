import type { OutgoingHttpHeaders } from 'node:http'
import type { Client } from './_api.ts'
import { type Body, expectStatus, type Reply } from './_http.ts'

export const UPLOADS = '/v1/uploads'
export const TUS = { 'tus-resumable': '1.0.0' }
export const OCTETS = 'application/offset+octet-stream'

export const tusMetadata = (entries: Readonly<Record<string, string>>): string =>
  Object.entries(entries)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')

/** POST with these headers besides Tus-Resumable. */
export const tusPost = (client: Client, headers: OutgoingHttpHeaders, body?: Body): Promise<Reply> =>
  client.send({ method: 'POST', path: UPLOADS, headers: { ...TUS, ...headers }, body })

/** Makes an upload; returns its path. `length` undefined = deferred. */
export const tusCreate = async (
  client: Client,
  length: number | undefined,
  metadata: Readonly<Record<string, string>> = {}
): Promise<string> => {
  const reply = await tusPost(client, {
    ...(length === undefined ? { 'upload-defer-length': '1' } : { 'upload-length': length }),
    'upload-metadata': tusMetadata(metadata)
  })
  return String(expectStatus(reply, 201).headers.location)
}

export interface Patch {
  readonly offset: number | string
  readonly body?: Body
  readonly headers?: OutgoingHttpHeaders
  readonly signal?: AbortSignal
}

export const tusPatch = (client: Client, path: string, { offset, body, headers, signal }: Patch): Promise<Reply> =>
  client.send({
    method: 'PATCH',
    path,
    headers: { ...TUS, 'upload-offset': offset, 'content-type': OCTETS, ...headers },
    body: body ?? new Uint8Array(0),
    signal
  })

export const tusHead = (client: Client, path: string): Promise<Reply> =>
  client.send({ method: 'HEAD', path, headers: TUS })

export const tusOffset = async (client: Client, path: string): Promise<number> =>
  Number(expectStatus(await tusHead(client, path), 200).headers['upload-offset'])

export const tusDelete = (client: Client, path: string): Promise<Reply> =>
  client.send({ method: 'DELETE', path, headers: TUS })
