import { CairnError } from '@cairn/contracts'
import type { Identity } from '@cairn/identity'
import { type Authorized, authorizeWrite } from '../../domain/authorize.ts'
import { parseDrive, parseMtime, parseOnConflict } from '../../domain/fields.ts'
import { declaredLength } from '../../http/body.ts'
import type { NewSession } from '../../store/sessions.ts'
import type { TusCall } from '../../tus/call.ts'
import { TUS_BODY_TYPE } from '../../tus/constants.ts'
import { destinationOf } from '../../tus/destination.ts'
import { parseMetadata } from '../../tus/metadata.ts'
import type { Exchange, RouteDeps } from '../deps.ts'
import { concatenate } from './concatenate.ts'
import {
  carriesBody,
  type DeclaredLength,
  parseBodyChecksum,
  parseConcatenation,
  parseDeclaredLength,
  refuseMethodOverride,
  requireTusBody,
  requireTusVersion
} from './headers.ts'
import { libraryHeaders, runTus, tusBody } from './run.ts'

/** POST: a new upload, with its first bytes if they come along. */
export const createUpload = async (deps: RouteDeps, exchange: Exchange): Promise<void> => {
  const { request, reply } = exchange
  requireTusVersion(request, reply)
  refuseMethodOverride(request)
  const concatenation = parseConcatenation(request.headers['upload-concat'])
  const metadata = parseMetadata(request.headers['upload-metadata'])
  if (typeof concatenation === 'object') return await concatenate(deps, exchange, { ...concatenation, metadata })

  const declared = parseDeclaredLength(request.headers, deps.context.config.maxBytes)
  const withBody = carriesBody(request)
  if (withBody) requireTusBody(request)
  const checksum = parseBodyChecksum(request)
  const creation = await prepareSession(deps, {
    identity: request.identity,
    kind: concatenation ?? 'stream',
    metadata,
    header: request.headers['upload-metadata'] as string | undefined,
    declared
  })
  const call: TusCall = {
    userId: creation.userId,
    method: 'POST',
    urgency: 'urgent',
    signal: deps.context.stopping,
    creation,
    ...(withBody ? { body: tusBody(exchange, checksum) } : {})
  }
  const headers = libraryHeaders({
    'upload-length': declared.length,
    'upload-defer-length': declared.length === undefined ? 1 : undefined,
    'content-type': withBody ? TUS_BODY_TYPE : undefined,
    'content-length': withBody ? declaredLength(request.raw) : undefined
  })
  await runTus(deps, exchange, { call, request: { uploadId: undefined, headers } })
}

interface Preparation {
  readonly identity: Identity
  readonly kind: 'stream' | 'partial'
  readonly metadata: ReadonlyMap<string, string>
  readonly header: string | undefined
  readonly declared: DeclaredLength
}

const prepareSession = async ({ context }: RouteDeps, preparation: Preparation): Promise<NewSession> => {
  const { identity, kind, metadata, header, declared } = preparation
  const uploadId = context.random.uuid()
  const mtimeMs = parseMtime(metadata.get('mtime')) ?? context.clock.now()
  const onConflict = parseOnConflict(metadata.get('onConflict'))
  const owner = { userId: identity.userId, deviceId: identity.credentialId, uploadId }
  const target =
    kind === 'partial'
      ? await authorizeWrite(context, identity.userId, {
          drive: parseDrive(metadata.get('drive')),
          size: declared.length
        })
      : await authorizeWrite(
          context,
          identity.userId,
          await destinationOf(context, { ...owner, metadata, size: declared.length })
        )
  if (onConflict === 'fail' && target.existing !== undefined) throw nameTaken(target)
  return {
    ...owner,
    kind,
    state: 'open',
    target,
    length: declared.length,
    byteLimit: declared.length ?? target.byteLimit,
    metadata: header,
    mtimeMs,
    onConflict,
    leaseSeconds: context.config.leaseSeconds
  }
}

const nameTaken = ({ name }: Authorized): CairnError => new CairnError('name_taken', `There is already a "${name}".`)
