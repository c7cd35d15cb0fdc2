import { createTestDatabase, type TestDatabase } from '@cairn/testing'
import type { Migration } from '../src/index.ts'

export interface Tables {
  'shop.item': { id: number; name: string; stock: number }
}

export const migrations: readonly Migration[] = [
  {
    name: '20260101T0000-create-item',
    sql: `create table shop.item (id int8 primary key, name text constraint item_name_key unique, stock int8 not null);
          insert into shop.item values (1, 'one', 10), (2, 'two', 10)`
  }
]

export const createShop = (): Promise<TestDatabase<Tables>> =>
  createTestDatabase<Tables>({ schema: 'shop', migrations })
