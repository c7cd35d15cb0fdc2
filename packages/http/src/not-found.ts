import { CairnError } from '@cairn/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './error-handler.ts'

interface KnownPath {
  readonly pattern: RegExp
  readonly methods: Set<string>
}

/** 404 and 405 as problem documents. Must be set before routes are added, to learn of them. */
export const handleNotFound = (app: FastifyInstance): void => {
  const paths = new Map<string, KnownPath>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    paths.set(url, known)
    for (const name of [method].flat()) known.methods.add(name)
  })
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const allowed = new Set(
      [...paths.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : []))
    )
    if (allowed.size === 0 || allowed.has(request.method)) {
      return sendProblem(request, reply, new CairnError('not_found', 'There is nothing at this address'))
    }
    reply.header('allow', [...allowed].toSorted().join(', '))
    return sendProblem(request, reply, new CairnError('method_not_allowed', `${request.method} is not offered here`))
  })
}

/** Matches what the router's pattern matches; parameters hold one segment, a final star the rest. */
const patternOf = (url: string): RegExp => {
  const source = url
    .split('/')
    .map((segment) => (segment === '*' ? '.*' : segment.startsWith(':') ? '[^/]+' : RegExp.escape(segment)))
    .join('/')
  return new RegExp(`^${source}$`)
}
