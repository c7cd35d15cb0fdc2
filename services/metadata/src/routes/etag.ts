import { CairnError } from '@cairn/contracts'
import type { FastifyRequest } from 'fastify'
import type { TreeNode } from '../domain/node.ts'
import type { Expectation } from '../domain/operation.ts'

/** Changes with the node and with anything below it. */
export const etagOf = (node: Pick<TreeNode, 'contentRev' | 'metaRev' | 'treeRev'>): string =>
  `"${node.contentRev}.${node.metaRev}.${node.treeRev}"`

const ETAG = /^"(\d{1,15})\.(\d{1,15})\.(\d{1,15})"$/

/** The revs an If-Match header names; any node when there is none or it is `*`. */
export const ifMatch = (request: FastifyRequest): Expectation => {
  const header = request.headers['if-match']
  if (header === undefined || header.trim() === '*') return {}
  const [, contentRev, metaRev, treeRev] = ETAG.exec(header.trim()) ?? []
  if (contentRev === undefined) throw stale()
  return { contentRev: Number(contentRev), metaRev: Number(metaRev), treeRev: Number(treeRev) }
}

/** With If-Match a stale node is a failed precondition. */
export const withPrecondition = async <T>(request: FastifyRequest, work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    const isStale = error instanceof CairnError && error.code === 'stale'
    throw isStale && request.headers['if-match'] !== undefined ? stale() : error
  }
}

const stale = (): CairnError => new CairnError('precondition_failed', 'The node does not have that ETag')

/** Whether If-None-Match names this tag. */
export const notModified = (request: FastifyRequest, etag: string): boolean => {
  const header = request.headers['if-none-match']
  if (header === undefined) return false
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
