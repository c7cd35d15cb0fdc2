import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { Readable } from 'node:stream'
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { failureOf, InterruptedError } from './errors.ts'
import type { S3BlobStoreOptions } from './options.ts'
import type { ObjectBody, S3Api } from './s3-api.ts'

const WRITER = 'cairn-writer'
const MAX_SOCKETS = 64
const PAGE_SIZE = 1000
const CONTENT_TYPE = 'application/octet-stream'

type Sdk = typeof import('@aws-sdk/client-s3')

/** Loads the SDK, which costs 35 MiB, only now. */
export const createSdkApi = async (options: S3BlobStoreOptions): Promise<S3Api> => {
  const sdk = await import('@aws-sdk/client-s3')
  const agents = createAgents(options.maxSockets ?? MAX_SOCKETS)
  const client = createClient(sdk, options, agents)
  const bucket = { Bucket: options.bucket }
  return {
    headBucket: async (abortSignal) => {
      await client.send(new sdk.HeadBucketCommand(bucket), { abortSignal })
    },
    head: async (key, abortSignal) => {
      try {
        const answer = await client.send(new sdk.HeadObjectCommand({ ...bucket, Key: key }), { abortSignal })
        return { size: known(answer.ContentLength, 'Content-Length'), writer: answer.Metadata?.[WRITER] }
      } catch (error) {
        if (failureOf(error).status === 404) return undefined
        throw error
      }
    },
    get: async ({ key, offset, length }, abortSignal) => {
      const range = { ...bucket, Key: key, Range: `bytes=${offset}-${offset + length - 1}` }
      return toBody(await client.send(new sdk.GetObjectCommand(range), { abortSignal }))
    },
    put: async ({ key, bytes, writer, onlyIfAbsent }, abortSignal) => {
      const object = { ...bucket, Key: key, Body: bytes, ContentType: CONTENT_TYPE, Metadata: { [WRITER]: writer } }
      const condition = onlyIfAbsent ? { IfNoneMatch: '*' } : {}
      await client.send(new sdk.PutObjectCommand({ ...object, ...condition }), { abortSignal })
    },
    remove: async (key, abortSignal) => {
      await client.send(new sdk.DeleteObjectCommand({ ...bucket, Key: key }), { abortSignal })
    },
    list: async ({ prefix, after }, abortSignal) => {
      const page = { ...bucket, Prefix: prefix, ContinuationToken: after, MaxKeys: options.listPageSize ?? PAGE_SIZE }
      const answer = await client.send(new sdk.ListObjectsV2Command(page), { abortSignal })
      const objects = (answer.Contents ?? []).map((object) => ({
        key: known(object.Key, 'Key'),
        size: known(object.Size, 'Size'),
        modifiedAt: object.LastModified?.getTime() ?? 0
      }))
      return { objects, next: answer.IsTruncated === true ? answer.NextContinuationToken : undefined }
    },
    startParts: async ({ key, writer }, abortSignal) => {
      const object = { ...bucket, Key: key, ContentType: CONTENT_TYPE, Metadata: { [WRITER]: writer } }
      const answer = await client.send(new sdk.CreateMultipartUploadCommand(object), { abortSignal })
      return known(answer.UploadId, 'UploadId')
    },
    putPart: async ({ key, uploadId, number, bytes }, abortSignal) => {
      const part = { ...bucket, Key: key, UploadId: uploadId, PartNumber: number, Body: bytes }
      const answer = await client.send(new sdk.UploadPartCommand(part), { abortSignal })
      return known(answer.ETag, 'ETag')
    },
    finishParts: async ({ key, uploadId, etags }, abortSignal) => {
      const parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }))
      const upload = { ...bucket, Key: key, UploadId: uploadId, MultipartUpload: { Parts: parts } }
      await client.send(new sdk.CompleteMultipartUploadCommand(upload), { abortSignal })
    },
    dropParts: async ({ key, uploadId }, abortSignal) => {
      const upload = { ...bucket, Key: key, UploadId: uploadId }
      await client.send(new sdk.AbortMultipartUploadCommand(upload), { abortSignal })
    },
    close: () => {
      client.destroy()
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
    }
  }
}

const createAgents = (maxSockets: number) => ({
  httpAgent: new HttpAgent({ keepAlive: true, maxSockets }),
  httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets })
})

const createClient = (sdk: Sdk, options: S3BlobStoreOptions, agents: ReturnType<typeof createAgents>): S3Client =>
  new sdk.S3Client({
    region: options.region,
    forcePathStyle: options.forcePathStyle ?? true,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    // The driver retries: only it knows which answers are ambiguous.
    maxAttempts: 1,
    // The signed payload's SHA-256 is checked by every server; newer checksums are unknown to many.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Otherwise every larger PUT opens a connection of its own.
    expectContinueHeader: false,
    requestHandler: { ...agents, connectionTimeout: 10_000, logger: SILENT },
    logger: SILENT
  })

const SILENT = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const toBody = (answer: GetObjectCommandOutput): ObjectBody => {
  if (!(answer.Body instanceof Readable)) throw new InterruptedError('the answer has no body')
  return { length: answer.ContentLength, contentRange: answer.ContentRange, stream: answer.Body }
}

/** A server or a proxy that leaves this out has not answered properly. */
const known = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new InterruptedError(`the answer lacks ${what}`)
  return value
}
