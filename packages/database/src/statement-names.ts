/** Names under which statements are prepared, so that a session parses and plans each text once. */
export interface StatementNames {
  /** Undefined for texts beyond the bound: a text built anew each time must not fill the server's memory. */
  nameOf(sql: string): string | undefined
}

const MOST = 500

export const createStatementNames = (): StatementNames => {
  const names = new Map<string, string>()
  return {
    nameOf: (sql) => {
      const known = names.get(sql)
      if (known !== undefined || names.size >= MOST) return known
      const name = `cairn_${names.size}`
      names.set(sql, name)
      return name
    }
  }
}
