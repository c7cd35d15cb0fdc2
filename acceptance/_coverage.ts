import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import { send } from './_http.ts'
import type { Server } from './_server.ts'
import { COVERAGE } from './coverage.ts'

/** "GET /v1/drives/{drive}" as the metrics count it. */
const toLabel = (route: string): string =>
  route.replace('/files/{path}', '/files/*').replaceAll(/\{(\w+)\}/g, (_, name) => `:${name}`)

/** Routes the server has answered with success since its start, as "METHOD /path/:param". */
export const servedRoutes = async (server: Server): Promise<ReadonlySet<string>> => {
  const { text } = await send(server.url, { method: 'GET', path: '/metrics' })
  const lines = text.matchAll(/^cairn_http_requests_total\{([^}]*)\} (\d+)/gm)
  const served = new Set<string>()
  for (const [, labels = ''] of lines) {
    const [method, route, status] = ['method', 'route', 'status'].map(
      (name) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? ''
    )
    if (Number(status) < 400) served.add(`${method} ${route}`)
  }
  return served
}

/**
 * The last test of a file: the server counted a success for every route that coverage.ts assigns to it,
 * whoever sent the request: our helpers, the command line or a tus client.
 */
export const testCoverage = (file: string, server: Server): void => {
  test('every route this file answers for was used with success', async () => {
    const wanted = Object.entries(COVERAGE).filter(([, name]) => name === basename(file))
    assert.ok(wanted.length > 0, `coverage.ts assigns nothing to ${basename(file)}`)
    const served = await servedRoutes(server)
    const missing = wanted.map(([route]) => route).filter((route) => !served.has(toLabel(route)))
    assert.deepEqual(missing, [])
  })
}
