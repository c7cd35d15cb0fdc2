import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { testServerUrl } from './test-server.ts'

export interface EmptyDatabase extends AsyncDisposable {
  readonly url: string
}

/** A database with a random name and nothing in it. */
export const createEmptyDatabase = async (): Promise<EmptyDatabase> => {
  const server = await testServerUrl()
  const name = `cairn_test_${Date.now().toString(36)}_${randomBytes(6).toString('hex')}`
  await onServer(server, `create database ${name}`)
  return {
    url: withDatabase(server, name),
    [Symbol.asyncDispose]: () => onServer(server, `drop database if exists ${name} with (force)`)
  }
}

const onServer = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const withDatabase = (url: string, name: string): string => url.replace(/^(\w+:\/\/[^/]*)\/[^?]*/, `$1/${name}`)
