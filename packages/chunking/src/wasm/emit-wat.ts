/**
 * WebAssembly text of the cut scanner. One export:
 *
 *   scan(from, to, shift) -> at
 *
 * examines the 32-byte windows that start at addresses [from, to), in order, and returns the
 * start of the first one that passes both tests, or `to`. It reads bytes [from, to + 31) only.
 *
 *   filter  (m0*w0 + m1*w1 + m2*w2 + m3*w3 + addend) mod 2^32 has FILTER_BITS leading zeros;
 *           w0..w3 are the little-endian words of the window's last 16 bytes
 *   prf     SipHash-2-4(window) >> shift is zero
 *
 * The filter runs on 16 windows at a time: vector k holds in lane l the window start from + 4l + k.
 */
export function emitCutScanner(options: { readonly shared: boolean; readonly filterBits: number }): string {
  const threshold = -(2 ** 31) + 2 ** (32 - options.filterBits)
  return `(module
  (import "env" "memory" (memory ${options.shared ? '0 65536 shared' : '0'}))
  ${[0, 1, 2, 3].map((j) => `(import "key" "m${j}" (global $m${j} i32))`).join('\n  ')}
  (import "key" "addend" (global $addend i32))
  (import "key" "k0" (global $k0 i64))
  (import "key" "k1" (global $k1 i64))
${prfFunction()}
${scanFunction(threshold)}
)
`
}

const local = (name: string): string => `(local.get $${name})`
const set = (name: string, value: string): string => `(local.set $${name} ${value})`
const add = (a: string, b: string): string => set(a, `(i64.add ${local(a)} ${local(b)})`)
const rotateXor = (a: string, by: number, b: string): string =>
  set(a, `(i64.xor (i64.rotl ${local(a)} (i64.const ${by})) ${local(b)})`)
const swapHalves = (a: string): string => set(a, `(i64.rotl ${local(a)} (i64.const 32))`)
const xorInto = (a: string, value: string): string => set(a, `(i64.xor ${local(a)} ${value})`)

const sipRound = [
  add('v0', 'v1'),
  rotateXor('v1', 13, 'v0'),
  swapHalves('v0'),
  add('v2', 'v3'),
  rotateXor('v3', 16, 'v2'),
  add('v0', 'v3'),
  rotateXor('v3', 21, 'v0'),
  add('v2', 'v1'),
  rotateXor('v1', 17, 'v2'),
  swapHalves('v2')
].join('\n    ')

const absorb = (word: string): string =>
  [set('word', word), xorInto('v3', local('word')), sipRound, sipRound, xorInto('v0', local('word'))].join('\n    ')

/** SipHash-2-4 of the 32 bytes at $at. */
function prfFunction(): string {
  return `  (func $prf (param $at i32) (result i64)
    (local $v0 i64) (local $v1 i64) (local $v2 i64) (local $v3 i64) (local $word i64)
    ${set('v0', '(i64.xor (global.get $k0) (i64.const 0x736f6d6570736575))')}
    ${set('v1', '(i64.xor (global.get $k1) (i64.const 0x646f72616e646f6d))')}
    ${set('v2', '(i64.xor (global.get $k0) (i64.const 0x6c7967656e657261))')}
    ${set('v3', '(i64.xor (global.get $k1) (i64.const 0x7465646279746573))')}
    ${[0, 8, 16, 24].map((offset) => absorb(`(i64.load offset=${offset} align=1 ${local('at')})`)).join('\n    ')}
    ${absorb('(i64.const 0x2000000000000000)')}
    ${xorInto('v2', '(i64.const 0xff)')}
    ${[sipRound, sipRound, sipRound, sipRound].join('\n    ')}
    (i64.xor (i64.xor ${local('v0')} ${local('v1')}) (i64.xor ${local('v2')} ${local('v3')})))`
}

const term = (j: number, k: number): string =>
  `(i32x4.mul (v128.load offset=${16 + 4 * j + k} align=1 ${local('at')}) ${local(`x${j}`)})`

/** Sign-flipped filter hashes of the windows starting at $at + 4 * lane + k. */
const filterHashes = (k: number): string =>
  `(i32x4.add (i32x4.add ${term(0, k)} ${term(1, k)}) (i32x4.add (i32x4.add ${term(2, k)} ${term(3, k)}) ${local('xa')}))`

/** Byte k of every lane of h<k> that is below the threshold, so that bits come out in window order. */
const passing = (k: number): string => {
  const byte = `0x${(0xff * 2 ** (8 * k)).toString(16)}`
  return `(v128.and (i32x4.lt_s ${local(`h${k}`)} ${local('limit')}) (v128.const i32x4 ${byte} ${byte} ${byte} ${byte}))`
}

const scalarTerm = (j: number): string =>
  `(i32.mul (i32.load offset=${16 + 4 * j} align=1 ${local('at')}) (global.get $m${j}))`

function scanFunction(threshold: number): string {
  const minimum = (a: string, b: string): string => `(i32x4.min_s ${a} ${b})`
  const smallest = minimum(minimum(local('h0'), local('h1')), minimum(local('h2'), local('h3')))
  const either = (a: string, b: string): string => `(v128.or ${a} ${b})`
  const bits = either(either(passing(0), passing(1)), either(passing(2), passing(3)))
  const accept = (at: string): string => `(i64.eqz (i64.shr_u (call $prf ${at}) (i64.extend_i32_u ${local('shift')})))`
  return `  (func (export "scan") (param $at i32) (param $to i32) (param $shift i32) (result i32)
    (local $x0 v128) (local $x1 v128) (local $x2 v128) (local $x3 v128) (local $xa v128) (local $limit v128)
    (local $h0 v128) (local $h1 v128) (local $h2 v128) (local $h3 v128) (local $bits i32) (local $hit i32)
    ${[0, 1, 2, 3].map((j) => set(`x${j}`, `(i32x4.splat (global.get $m${j}))`)).join('\n    ')}
    ;; the sign bit is flipped so that "leading zeros" becomes one signed comparison
    ${set('xa', '(i32x4.splat (i32.xor (global.get $addend) (i32.const 0x80000000)))')}
    ${set('limit', `(i32x4.splat (i32.const ${threshold}))`)}
    (block $short (loop $vectors
      (br_if $short (i32.lt_u (i32.sub ${local('to')} ${local('at')}) (i32.const 16)))
      ${[0, 1, 2, 3].map((k) => set(`h${k}`, filterHashes(k))).join('\n      ')}
      (if (v128.any_true (i32x4.lt_s ${smallest} ${local('limit')})) (then
        ${set('bits', `(i8x16.bitmask ${bits})`)}
        (loop $hits
          ${set('hit', `(i32.add ${local('at')} (i32.ctz ${local('bits')}))`)}
          (if ${accept(local('hit'))} (then (return ${local('hit')})))
          (br_if $hits (local.tee $bits (i32.and ${local('bits')} (i32.sub ${local('bits')} (i32.const 1))))))))
      ${set('at', `(i32.add ${local('at')} (i32.const 16))`)}
      (br $vectors)))
    (block $done (loop $rest
      (br_if $done (i32.eq ${local('at')} ${local('to')}))
      (if (i32.lt_s
            (i32.add (i32.add ${scalarTerm(0)} ${scalarTerm(1)}) (i32.add (i32.add ${scalarTerm(2)} ${scalarTerm(3)})
              (i32.xor (global.get $addend) (i32.const 0x80000000))))
            (i32.const ${threshold}))
        (then (if ${accept(local('at'))} (then (return ${local('at')})))))
      ${set('at', `(i32.add ${local('at')} (i32.const 1))`)}
      (br $rest)))
    ${local('to')})`
}
