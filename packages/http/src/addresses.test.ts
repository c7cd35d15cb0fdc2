import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressGroup, createAddressMatcher, networkProblem, plainAddress } from './addresses.ts'

describe('addresses', () => {
  test('match networks of both families, also as a dual-stack socket shows them', () => {
    const matches = createAddressMatcher(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', 'loopback'])
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '2001:db8:1::1', '127.0.0.1', '::1']) {
      assert.equal(matches(address), true, address)
    }
    for (const address of ['10.2.0.1', '192.0.2.8', '2001:db9::1', '::ffff:10.2.0.1', 'x', '', undefined]) {
      assert.equal(matches(address), false, String(address))
    }
  })

  test('no network matches nothing; a bad one throws', () => {
    assert.equal(createAddressMatcher([])('127.0.0.1'), false)
    for (const bad of ['10.0.0.0/33', '10.0.0/8', '::/129', 'everyone', '10.0.0.0/8/8', '10.0.0.0/', '1']) {
      assert.throws(() => createAddressMatcher([bad]), TypeError, bad)
      assert.notEqual(networkProblem(bad), undefined)
    }
    assert.equal(networkProblem('fd00::/8'), undefined)
  })

  test('SEC-079 IPv6 hosts are grouped by /64, however they are written', () => {
    const group = addressGroup('2001:db8:0:1::1')
    for (const same of ['2001:db8:0:1:ffff::9', '2001:0DB8:0000:0001::', '2001:db8::1:0:0:0:5'])
      assert.equal(addressGroup(same), group, same)
    assert.notEqual(addressGroup('2001:db8:0:2::1'), group)
    assert.equal(addressGroup('::ffff:192.0.2.1'), '192.0.2.1')
    assert.equal(addressGroup('::1'), '0:0:0:0::/64')
    assert.equal(plainAddress('fe80::1%eth0'), 'fe80::1')
  })
})
