import { Upload } from 'tus-js-client'
import type { Client } from './_api.ts'

type UploadOptions = NonNullable<ConstructorParameters<typeof Upload>[1]>

export interface ClientUpload {
  readonly upload: Upload
  /** Resolves when the client says it is done; rejects with the error it gives up with. */
  readonly done: Promise<void>
}

/** An upload by the unmodified tus-js-client. */
export const clientUpload = (client: Client, content: Buffer, options: UploadOptions): ClientUpload => {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>()
  const upload = new Upload(content, {
    endpoint: `${client.url}/v1/uploads`,
    headers: client.authorization === undefined ? {} : { authorization: client.authorization },
    retryDelays: [100, 200, 400, 800, 1600, 3200, 5000, 5000],
    ...options,
    onError: reject,
    onSuccess: () => resolve()
  })
  // Whoever pauses an upload does not wait for its end.
  done.catch(() => undefined)
  return { upload, done }
}
