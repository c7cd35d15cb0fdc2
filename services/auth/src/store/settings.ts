import type { Reading, Writing } from './handles.ts'

export const readSetting = async (db: Reading, name: string): Promise<unknown> =>
  (await db.selectFrom('auth.setting').select('value').where('name', '=', name).executeTakeFirst())?.value

export interface SettingChange {
  readonly name: string
  readonly value: unknown
  readonly at: Date
  readonly by: string
}

export const writeSetting = async (tx: Writing, { name, value, at, by }: SettingChange): Promise<void> => {
  const row = { value: JSON.stringify(value), updated_at: at, updated_by: by }
  await tx
    .insertInto('auth.setting')
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute()
}
