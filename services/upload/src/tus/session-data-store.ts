import { CairnError } from '@cairn/contracts'
import { DataStore, Upload } from '@tus/server'
import type { UploadContext } from '../context.ts'
import { cancelUpload } from '../domain/cancel.ts'
import { createStreamSession } from '../domain/create.ts'
import { finishUpload } from '../domain/finish.ts'
import type { Session } from '../domain/session.ts'
import { tooLarge, uploadExpired, uploadNotFound } from '../errors.ts'
import type { HeldLock } from '../lock/held-lock.ts'
import { setLength } from '../store/transitions.ts'
import type { TusBody, TusCall, TusCalls } from './call.ts'
import { TUS_EXTENSIONS } from './constants.ts'
import { receive } from './receive.ts'

/**
 * The library's view of sessions. Everything runs inside one TusCall and, but for creation, under the
 * session's lock. Offsets are storage's; leases are ours, hence no library expiration.
 */
export class SessionDataStore extends DataStore {
  override extensions = [...TUS_EXTENSIONS]
  readonly #context: UploadContext
  readonly #calls: TusCalls

  constructor(context: UploadContext, calls: TusCalls) {
    super()
    this.#context = context
    this.#calls = calls
  }

  override async create(upload: Upload): Promise<Upload> {
    const call = this.#calls.current()
    if (call.creation === undefined) throw new CairnError('internal', 'Nothing was prepared for this upload.')
    call.session = await createStreamSession(this.#context, call.creation)
    call.offset = 0
    if (call.body !== undefined || upload.size === 0) {
      const lock = await this.#context.locks.acquire({ key: call.session, urgency: 'urgent', signal: call.signal })
      call.lock = lock
      call.session = lock.session
      if (upload.size === 0) await this.#finish(call, lock, lock.session)
    }
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const call = this.#calls.current()
    const { session, lock } = underLock(call)
    if (session.kind === 'chunked') throw uploadNotFound()
    if (session.expired) throw uploadExpired()
    if (call.method === 'PATCH' && session.kind === 'final') throw assembledByServer()
    const offset = await this.#offset(session)
    call.offset = offset
    // "Offset = length" means success to a client that asks: make it true, or say why it is not.
    if (call.method === 'HEAD' && isComplete(session, offset)) await this.#finish(call, lock, session)
    return new Upload({ id, offset, ...(session.length === undefined ? {} : { size: session.length }) })
  }

  /** `_stream` is empty: the request's body comes to storage without passing through the library. */
  override async write(stream: AsyncIterable<unknown>, _id: string, offset: number): Promise<number> {
    await Array.fromAsync(stream)
    const call = this.#calls.current()
    const { session, lock } = underLock(call)
    const reached = call.body === undefined ? offset : await this.#receive(call.body, { session, lock, offset })
    call.offset = reached
    if (isComplete(session, reached)) await this.#finish(call, lock, { ...session, durable: reached })
    return reached
  }

  override async declareUploadLength(_id: string, length: number): Promise<void> {
    const call = this.#calls.current()
    const { session, lock } = underLock(call)
    if (length > session.byteLimit) throw tooLarge(session.byteLimit)
    call.session = await setLength(this.#context.database.query, lock.token, length)
  }

  override async remove(): Promise<void> {
    const { session, lock } = underLock(this.#calls.current())
    await cancelUpload(this.#context, lock, session)
  }

  /** A complete stream takes no more, and storage may have closed it already. */
  async #receive(body: TusBody, to: { session: Session; lock: HeldLock; offset: number }): Promise<number> {
    if (!isComplete(to.session, to.offset)) return await receive(this.#context, { ...to, body })
    await Array.fromAsync(body.open({ limit: 0, signal: this.#context.stopping }))
    return to.offset
  }

  async #offset(session: Session): Promise<number> {
    if (session.state === 'done') return session.length ?? 0
    const { vaultId } = session.target
    const state = await this.#context.storage.getUpload({ vaultId, uploadId: session.uploadId })
    return Number(state.durableOffset)
  }

  async #finish(call: TusCall, lock: HeldLock, session: Session): Promise<void> {
    if (session.kind !== 'partial') call.finished = await finishUpload(this.#context, lock, session)
  }
}

const assembledByServer = (): CairnError =>
  new CairnError('forbidden', 'A final upload is made of its parts; nothing can be appended.')

const isComplete = (session: Session, offset: number): boolean => session.length === offset

const underLock = (call: TusCall): { session: Session; lock: HeldLock } => {
  if (call.session === undefined || call.lock === undefined)
    throw new CairnError('internal', 'The upload is not locked.')
  return { session: call.session, lock: call.lock }
}
