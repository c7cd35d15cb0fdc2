import type { Database } from '@cairn/database'
import type { StorageTables } from '../db/tables.ts'
import { hex } from '../format/uuid.ts'
import { findLive } from '../store/chunks.ts'

interface Question {
  readonly chunkId: Uint8Array
  readonly answer: (live: boolean) => void
  readonly fail: (error: unknown) => void
}

/** Asks "is this chunk there already?" for many chunks with few queries: while one runs, the next gathers. */
export class LiveLookup {
  readonly #database: Database<StorageTables>
  readonly #vaultId: string
  #gathering: Question[] = []
  #running = false

  constructor(database: Database<StorageTables>, vaultId: string) {
    this.#database = database
    this.#vaultId = vaultId
  }

  isLive(chunkId: Uint8Array): Promise<boolean> {
    return new Promise((answer, fail) => {
      this.#gathering.push({ chunkId, answer, fail })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#gathering.length > 0) {
      const questions = this.#gathering
      this.#gathering = []
      try {
        const ids = questions.map((question) => question.chunkId)
        const live = await findLive(this.#database.query, this.#vaultId, ids)
        for (const question of questions) question.answer(live.has(hex(question.chunkId)))
      } catch (error) {
        for (const question of questions) question.fail(error)
      }
    }
    this.#running = false
  }
}
