import { anonymous, type Credentials } from './credentials/credentials.ts'
import { type AdminResource, adminResource } from './resources/admin.ts'
import { type ArchivesResource, archivesResource } from './resources/archives.ts'
import { type AuthResource, authResource } from './resources/auth.ts'
import { type BrowserSessionResource, browserSessionResource } from './resources/browser-session.ts'
import { type ContentResource, contentResource } from './resources/content.ts'
import { type DrivesResource, drivesResource } from './resources/drives.ts'
import { type JournalResource, journalResource } from './resources/journal.ts'
import { type NodesResource, nodesResource } from './resources/nodes.ts'
import { type TrashResource, trashResource } from './resources/trash.ts'
import { type UploadsResource, uploadsResource } from './resources/uploads.ts'
import { type VersionsResource, versionsResource } from './resources/versions.ts'
import { systemTiming, type Timing } from './transport/clock.ts'
import { fetchPort, type HttpPort } from './transport/http-port.ts'
import { DEFAULT_RETRY, type RetryEvent, type RetryPolicy } from './transport/retry.ts'
import { createTransport, type Transport } from './transport/transport.ts'

export interface ClientOptions {
  /** Where the server is, e.g. `https://files.example.org`; a path prefix is kept. */
  readonly baseUrl: string
  /** Default: none. */
  readonly credentials?: Credentials
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch
  /** Instead of fetch. */
  readonly http?: HttpPort
  /** Ignored by browsers. */
  readonly userAgent?: string
  readonly retry?: Partial<RetryPolicy>
  /** How long an answer may take once the request is sent, where a call knows no better. Default 60,000 ms. */
  readonly timeoutMs?: number
  /** Told before each pause. */
  readonly onRetry?: (event: RetryEvent) => void
  readonly timing?: Timing
}

/**
 * The public API, typed. Calls reject with ApiError (the server refused), NetworkError (no usable
 * answer, after retries), ProtocolError (not this API) or the signal's reason.
 */
export interface CairnClient {
  readonly auth: AuthResource
  /** Signing in with cookies, for pages of the same origin. */
  readonly browserSession: BrowserSessionResource
  readonly drives: DrivesResource
  readonly nodes: NodesResource
  readonly journal: JournalResource
  readonly trash: TrashResource
  readonly versions: VersionsResource
  readonly uploads: UploadsResource
  readonly content: ContentResource
  readonly archives: ArchivesResource
  readonly admin: AdminResource
  /** For what has no method yet: same credentials, retries and errors. */
  readonly transport: Transport
}

/** @throws TypeError when `baseUrl` is not an http(s) URL. */
export function createClient(options: ClientOptions): CairnClient {
  const transport = createTransport({
    baseUrl: parseBaseUrl(options.baseUrl),
    credentials: options.credentials ?? anonymous,
    http: options.http ?? fetchPort(options.fetch ?? ((...args) => globalThis.fetch(...args))),
    userAgent: options.userAgent,
    timing: options.timing ?? systemTiming,
    retry: { ...DEFAULT_RETRY, ...options.retry },
    timeoutMs: options.timeoutMs ?? 60_000,
    onRetry: options.onRetry
  })
  return {
    auth: authResource(transport),
    browserSession: browserSessionResource(transport),
    drives: drivesResource(transport),
    nodes: nodesResource(transport),
    journal: journalResource(transport),
    trash: trashResource(transport),
    versions: versionsResource(transport),
    uploads: uploadsResource(transport),
    content: contentResource(transport),
    archives: archivesResource(transport),
    admin: adminResource(transport),
    transport
  }
}

function parseBaseUrl(text: string): string {
  const url = new URL(text)
  const plain = url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (!plain || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new TypeError('The server must be given as http(s)://host[:port][/prefix]')
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}
