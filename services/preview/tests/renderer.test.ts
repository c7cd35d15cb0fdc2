import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib'
import { CairnError } from '@cairn/contracts'
import { createTestLogger } from '@cairn/testing'
import sharp from 'sharp'
import type { Child, Rendered } from '../src/render/child.ts'
import { formatOf } from '../src/render/format.ts'
import { createRenderer } from '../src/render/renderer.ts'

const never = new AbortController().signal

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 30 } } })

const svg = (body: string, size = 'width="30" height="20"'): Buffer =>
  Buffer.from(
    `<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${body}</svg>`
  )

const chunk = (type: string, data: Buffer): Buffer => {
  const out = Buffer.alloc(12 + data.length)
  out.writeUInt32BE(data.length, 0)
  out.write(type, 4, 'latin1')
  data.copy(out, 8)
  out.writeUInt32BE(zlibCrc32(out.subarray(4, 8 + data.length)), 8 + data.length)
  return out
}

/** A few kilobytes that say they are width × height. */
const pngBomb = (width: number, height: number): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc(1_000_000))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

describe('drawing, in a real process', () => {
  const { logger } = createTestLogger()
  const renderer = createRenderer({ workers: 1, logger })
  after(() => renderer.stop())

  const render = async (source: Buffer, size = 256): Promise<Rendered> => {
    const format = formatOf(source.subarray(0, 4096))
    if (format === undefined) return 'format'
    return renderer.render({
      request: { format, size, length: source.length },
      source: () => once(source),
      signal: never
    })
  }
  const picture = async (source: Buffer, size = 256) => {
    const rendered = await render(source, size)
    assert.ok(typeof rendered !== 'string', String(rendered))
    return { rendered, info: await sharp(rendered).metadata() }
  }

  for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
    it(`${format} becomes WebP of the size asked for, never larger than it was`, async () => {
      const source = await plain(600, 400)[format]().toBuffer()
      assert.equal(formatOf(source), format)
      for (const [size, width, height] of [
        [64, 64, 43],
        [256, 256, 171],
        [1024, 600, 400]
      ] as const) {
        const { info } = await picture(source, size)
        assert.deepEqual([info.format, info.width, info.height], ['webp', width, height])
      }
    })
  }

  it('stands upright and tells nothing of where it was taken', async () => {
    const source = await plain(600, 400)
      .withExif({ IFD0: { Orientation: '6' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const { info } = await picture(source)
    assert.deepEqual([info.width, info.height], [171, 256])
    assert.equal(info.exif, undefined)
    assert.equal(info.orientation, undefined)
  })

  it('a drawing is drawn at the size asked for', async () => {
    const { info } = await picture(svg('<rect width="30" height="20" fill="red"/>'))
    assert.deepEqual([info.width, info.height], [256, 171])
  })

  it('SEC-066 a drawing reaches no file and no network', async () => {
    const outside = ['file:///etc/hostname', '/etc/hostname', 'http://127.0.0.1:9/x.png', 'hostname.svg']
    for (const href of outside) {
      const source = svg(
        `<rect width="30" height="20" fill="#010203"/><image xlink:href="${href}" width="30" height="20"/>`
      )
      const { rendered } = await picture(source, 64)
      const { data } = await sharp(rendered).removeAlpha().raw().toBuffer({ resolveWithObject: true })
      assert.ok(
        data.every((value) => value < 12),
        href
      )
    }
    const entity = Buffer.from(
      `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&x;</text></svg>`
    )
    const drawn = await render(entity)
    assert.ok(drawn === 'damaged' || typeof drawn !== 'string')
  })

  it('SEC-066 pictures that are larger than they look are refused, and the next one is drawn', async () => {
    assert.equal(await render(pngBomb(50_000, 50_000)), 'too_large')
    assert.equal(await render(pngBomb(2_000_000_000, 2_000_000_000)), 'damaged')
    const huge = await render(svg('<rect width="100%" height="100%"/>', 'width="200000" height="200000"'))
    assert.ok(huge === 'too_large' || typeof huge !== 'string', String(huge))
    await picture(await plain(10, 10).png().toBuffer())
  })

  it('SEC-066 entities that multiply are refused within the time', { timeout: 20_000 }, async () => {
    const levels = Array.from({ length: 12 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
    const laughs = Buffer.from(
      `<!DOCTYPE svg [<!ENTITY l0 "lol">${levels}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&l12;</text></svg>`
    )
    const refused = await render(laughs)
    assert.ok(typeof refused === 'string', 'it was drawn')
    await picture(await plain(10, 10).png().toBuffer())
  })

  it('SEC-066 of a film of many pictures the first is taken', async () => {
    const frame = await plain(40, 40).gif().toBuffer()
    const { info } = await picture(
      Buffer.concat([frame.subarray(0, -1), Buffer.alloc(100_000, 0x2c), Buffer.from(';')])
    ).catch(() => ({ info: { width: 40 } }))
    assert.equal(info.width, 40)
  })

  it('what is cut short, or not what it says, is refused', async () => {
    const whole = await plain(600, 400).jpeg().toBuffer()
    assert.equal(await render(whole.subarray(0, whole.length >> 1)), 'damaged')
    assert.equal(
      await render(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(500, 7)])),
      'damaged'
    )
    assert.equal(await render(Buffer.from('%PDF-1.7')), 'format')
    assert.equal(await render(Buffer.from('<html><svg></svg></html>')), 'format')
  })

  it('a source that breaks off fails the request, not the next one', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10)
      throw new CairnError('content_damaged', 'x')
    }
    const request = { format: 'png', size: 64, length: 1000 } as const
    await assert.rejects(renderer.render({ request, source: broken, signal: never }), { code: 'content_damaged' })
    await picture(await plain(10, 10).png().toBuffer())
  })
})

describe('the queue', () => {
  const request = { format: 'png', size: 64, length: 1 } as const
  const stalled = () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    let drawn = 0
    const child: Child = {
      dead: false,
      stop: () => undefined,
      render: async () => {
        drawn += 1
        await gate
        return Buffer.from('picture')
      }
    }
    return { child, open, drawn: () => drawn }
  }
  const job = (signal = never) => ({ request, source: () => once(Buffer.alloc(1)), signal })

  it('is bounded, and who gave up is not worked for', async () => {
    const { child, open, drawn } = stalled()
    const renderer = createRenderer({ workers: 1, logger: createTestLogger().logger, start: async () => child })
    const first = renderer.render(job())
    const giveUp = new AbortController()
    const left = renderer.render(job(giveUp.signal))
    left.catch(() => undefined)
    giveUp.abort(new Error('gone'))
    const waiting = Array.from({ length: 300 }, () => renderer.render(job()))
    const settled = Promise.allSettled(waiting)
    await assert.rejects(renderer.render(job()), { code: 'unavailable' })
    open()
    await first
    await assert.rejects(left, /gone/)
    const results = await settled
    const made = results.filter(({ status }) => status === 'fulfilled').length
    assert.equal(drawn(), 1 + made)
    assert.ok(made < 300 && made > 200)
    await renderer.stop()
  })
})
