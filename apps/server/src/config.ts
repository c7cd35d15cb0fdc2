import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createEnvReader, type Env, type EnvReader } from '@cairn/runtime'

/** What the process itself needs to know; services read their own slices. */
export interface ServerConfig {
  readonly dataFolder: string
  readonly port: number
  readonly publicOrigin: string
  /** Undefined = the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined
  readonly blobsUrl: string
  readonly masterKey: string | undefined
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly otlpEndpoint: string | undefined
  /** Encode and decode every call between services, as between processes. */
  readonly serializeRpc: boolean
  readonly summary: readonly string[]
}

export const readServerConfig = (env: Env, cwd: string): ServerConfig => {
  const reader = createEnvReader(env)
  const data = reader.string('CAIRN_DATA', { default: './data', example: '/srv/cairn' })
  const dataFolder = isAbsolute(data) ? data : resolve(cwd, data)
  const port = reader.int('CAIRN_PORT', { default: 8080, min: 0, max: 65_535, example: '8080' })
  const config = {
    dataFolder,
    port,
    publicOrigin: readOrigin(reader, port),
    databaseUrl: readDatabaseUrl(reader),
    blobsUrl: reader.string('CAIRN_BLOBS_URL', {
      default: pathToFileURL(join(dataFolder, 'blobs')).href,
      example: 's3://key:secret@host:9000/bucket?region=eu-1',
      secret: true
    }),
    masterKey: reader.string('CAIRN_MASTER_KEY', {
      default: undefined,
      example: 'output of: openssl rand -base64 32',
      secret: true
    }),
    logLevel: reader.enum<'debug' | 'info' | 'warn' | 'error'>('CAIRN_LOG_LEVEL', {
      default: 'info',
      values: ['debug', 'info', 'warn', 'error'],
      example: 'info'
    }),
    otlpEndpoint: reader.url('CAIRN_OTLP_ENDPOINT', {
      default: undefined,
      protocols: ['http:', 'https:'],
      example: 'http://localhost:4318'
    })?.href,
    serializeRpc: reader.bool('CAIRN_RPC_SERIALIZE', { default: false, example: 'true' })
  }
  return reader.finish({ ...config, summary: reader.summary() })
}

const readOrigin = (reader: EnvReader, port: number): string =>
  reader.url('CAIRN_ORIGIN', {
    default: new URL(`http://localhost:${port}`),
    protocols: ['http:', 'https:'],
    example: 'https://files.example.org'
  }).origin

const readDatabaseUrl = (reader: EnvReader): string | undefined =>
  reader.url('CAIRN_DATABASE_URL', {
    default: undefined,
    protocols: ['postgres:', 'postgresql:'],
    example: 'postgres://cairn:secret@db.example.org/cairn'
  })?.href
