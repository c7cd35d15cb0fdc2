export { type AddressMatcher, addressGroup, createAddressMatcher, networkProblem, plainAddress } from './addresses.ts'
export { type HttpApp, httpRoutes } from './app.ts'
export type { ByteRange } from './byte-range.ts'
export type { Identity, IdentityVerifier } from './caller.ts'
export { urlProblem } from './canonical-url.ts'
export { streamBodies } from './content-type.ts'
export { sendProblem } from './error-handler.ts'
export { toCairnError } from './fastify-errors.ts'
export { DEFAULT_LIMITS, type HttpLimits } from './limits.ts'
export { PROBLEM_TYPE, problemHeaders, problemOf } from './problem.ts'
export { problemResponses } from './problem-responses.ts'
export { REQUEST_ID_HEADER } from './request-id.ts'
export { ClientGoneError } from './request-signal.ts'
export {
  hasScope,
  type IdentityObserver,
  identityOf,
  requireAdmin,
  requireIdentity,
  requireScope
} from './require-identity.ts'
export { Cursor, DriveParam, PageQuery, Problem, Timestamp, Uuid } from './schemas.ts'
export { type ByteContent, sendBytes } from './send-bytes.ts'
export { createHttpServer, type HttpServerOptions } from './server.ts'
