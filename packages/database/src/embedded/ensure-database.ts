import { Client } from 'pg'
import { sqlState } from '../sql-errors.ts'

/** Proves that the server answers, and creates the database on the first start. */
export const ensureDatabase = async (url: string, name: string): Promise<void> => {
  const state = await tryConnect(url)
  if (state === undefined) return
  const client = connectionTo(url.replace(`/${name}?`, '/postgres?'))
  await client.connect()
  try {
    await client.query(`create database ${name}`)
  } finally {
    await client.end()
  }
}

/** '3D000' when there is no such database, undefined when connected. */
const tryConnect = async (url: string): Promise<string | undefined> => {
  const client = connectionTo(url)
  try {
    await client.connect()
    await client.end()
    return undefined
  } catch (error) {
    const state = sqlState(error)
    if (state !== '3D000') throw error
    return state
  }
}

const connectionTo = (url: string): Client => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // A connection lost between two statements is noticed by the next one; unheard it would end the process.
  client.on('error', () => {})
  return client
}
