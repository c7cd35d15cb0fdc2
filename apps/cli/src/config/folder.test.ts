import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configFolder } from './folder.ts'

test('by the customs of each system', () => {
  const folder = (os: NodeJS.Platform, home: string, env: Record<string, string> = {}) =>
    configFolder({ env, os, home })
  assert.equal(folder('linux', '/home/a'), '/home/a/.config/cairn')
  assert.equal(folder('linux', '/home/a', { XDG_CONFIG_HOME: '/x' }), '/x/cairn')
  assert.equal(folder('linux', '/home/a', { XDG_CONFIG_HOME: 'relative' }), '/home/a/.config/cairn')
  assert.equal(folder('darwin', '/Users/a'), '/Users/a/Library/Application Support/cairn')
  assert.equal(folder('win32', 'C:\\Users\\a', { APPDATA: 'D:\\r' }), 'D:\\r\\cairn')
  assert.equal(folder('win32', 'C:\\Users\\a'), 'C:\\Users\\a\\AppData\\Roaming\\cairn')
  assert.equal(folder('linux', '/home/a', { CAIRN_CONFIG_HOME: '/own' }), '/own')
})
