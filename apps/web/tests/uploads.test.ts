import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createTemporaryFolder, type TemporaryFolder, waitFor } from '@cairn/testing'
import type { Browser, Page } from 'playwright-core'
import { launch, NO_BROWSER, row, signIn, visit } from './_browser.ts'
import { type Line, openLine } from './_proxy.ts'
import { startServer, type TestServer } from './_server.ts'

const MIB = 1024 * 1024
const SIZE = 160 * MIB
/** What may be on its way, unacknowledged, when the line breaks. */
const IN_FLIGHT = 3 * 15 * MIB

describe('uploads', { skip: NO_BROWSER, timeout: 300_000 }, () => {
  let server: TestServer
  let browser: Browser
  let line: Line
  let files: TemporaryFolder
  before(async () => {
    let port = 0
    line = await openLine(() => port)
    server = await startServer({ publicPort: line.port })
    port = server.port
    browser = await launch()
    files = await createTemporaryFolder('web-uploads')
  })
  after(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
    await line?.[Symbol.asyncDispose]()
    await files?.[Symbol.asyncDispose]()
  })

  const choose = async (page: Page, path: string | readonly string[], what = 'Upload files') => {
    await page.getByRole('button', { name: 'New', exact: true }).click()
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('menuitem', { name: what }).click()
    await (await choosing).setFiles(path)
  }
  const makeFile = async (name: string) => {
    const path = join(files.path, name)
    const bytes = randomBytes(SIZE)
    await writeFile(path, bytes)
    return { path, hash: createHash('sha256').update(bytes).digest('hex') }
  }
  const storedHash = async (name: string) => {
    const admin = await server.admin()
    const node = await admin.drives.resolve('personal', `/${name}`)
    const { bytes } = await admin.content.read('personal', node.id)
    const hash = createHash('sha256')
    for await (const part of bytes) hash.update(part)
    return hash.digest('hex')
  }

  test('FLT-web-kill: a server that is killed in the middle costs nothing that was acknowledged', async () => {
    const { path, hash } = await makeFile('killed.bin')
    await using visitor = await visit(browser, server)
    const { page } = visitor
    await signIn(page, server)
    const begin = line.sent
    await choose(page, path)
    await waitFor(() => line.sent - begin > 90 * MIB, { timeout: 60_000 })
    await server.kill()
    await page.getByText('Waiting for the connection').waitFor()
    await server.start()
    await page.getByText('1 item uploaded').waitFor({ timeout: 90_000 })
    assert.ok(line.sent - begin < SIZE + IN_FLIGHT + 4 * MIB, `${line.sent - begin} bytes`)
    assert.equal(await storedHash('killed.bin'), hash)
  })

  test('FLT-web-line: a line that is cut mends itself', async () => {
    const { path, hash } = await makeFile('cut.bin')
    await using visitor = await visit(browser, server)
    const { page } = visitor
    await signIn(page, server)
    const begin = line.sent
    await choose(page, path)
    await waitFor(() => line.sent - begin > 60 * MIB, { timeout: 60_000 })
    line.cut()
    await page.getByText('Waiting for the connection').waitFor()
    line.mend()
    await page.getByText('1 item uploaded').waitFor({ timeout: 90_000 })
    assert.ok(line.sent - begin < SIZE + IN_FLIGHT + 4 * MIB, `${line.sent - begin} bytes`)
    assert.equal(await storedHash('cut.bin'), hash)
  })

  test('FLT-web-tab: a closed tab goes on when the file is chosen again, and sends only what is missing', async () => {
    const { path, hash } = await makeFile('closed.bin')
    await using visitor = await visit(browser, server)
    const { context, page } = visitor
    await signIn(page, server)
    const begin = line.sent
    await choose(page, path)
    await waitFor(() => line.sent - begin > 80 * MIB, { timeout: 60_000 })
    await page.close()
    // What is under way then ends by itself.
    await pause(300)
    const again = await context.newPage()
    await again.goto(`${server.url}/files`)
    await again.getByRole('heading', { name: '1 item was not finished' }).waitFor()
    await again.getByTestId('resume-files').setInputFiles(path)
    await again.getByText('1 item uploaded').waitFor({ timeout: 90_000 })
    assert.ok(line.sent - begin < SIZE + IN_FLIGHT + 4 * MIB, `${line.sent - begin} bytes`)
    assert.equal(await storedHash('closed.bin'), hash)
  })

  test('known content is not sent; paused and resumed uploads finish', async () => {
    const { path } = await makeFile('once.bin')
    await using visitor = await visit(browser, server)
    const { page } = visitor
    await signIn(page, server)
    await choose(page, path)
    await page.getByRole('button', { name: 'Pause all' }).click()
    await page.getByRole('heading', { name: 'Paused' }).waitFor()
    await page.getByRole('button', { name: 'Resume all' }).click()
    await page.getByText('1 item uploaded').waitFor({ timeout: 90_000 })
    await page.getByRole('button', { name: 'Clear list' }).click()

    const copy = join(files.path, 'twice.bin')
    await writeFile(copy, await readFile(path))
    const begin = line.sent
    await choose(page, copy)
    await page.getByText('1 item uploaded').waitFor({ timeout: 60_000 })
    await page.getByText('were known and not sent').waitFor()
    assert.ok(line.sent - begin < 2 * MIB, `${line.sent - begin} bytes`)
  })

  test('a taken name is asked about: both, replaced or skipped', async () => {
    await using visitor = await visit(browser, server)
    const { page } = visitor
    await signIn(page, server)
    const named = (text: string) => ({ name: 'same.txt', mimeType: 'text/plain', buffer: Buffer.from(text) })
    const put = async (text: string) => {
      const choosing = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'New', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Upload files' }).click()
      await (await choosing).setFiles(named(text))
    }
    await put('one')
    await row(page, 'same.txt').waitFor()
    await put('two')
    await page.getByRole('button', { name: 'Keep both' }).click()
    await row(page, 'same (2).txt').waitFor()
    await put('three')
    await page.getByRole('button', { name: 'Replace' }).click()
    const admin = await server.admin()
    const node = await admin.drives.resolve('personal', '/same.txt')
    await waitFor(async () => (await Array.fromAsync(admin.versions.list('personal', node.id))).length === 2)
    await put('four')
    await page.getByRole('button', { name: 'Skip' }).click()
    await page.getByText('Skipped').waitFor()
  })

  test('a folder of 5,000 files in 50 folders arrives whole', async () => {
    const root = join(files.path, 'tree')
    for (let folder = 0; folder < 50; folder++) {
      const path = join(root, `folder ${folder}`)
      await mkdir(path, { recursive: true })
      for (let file = 0; file < 100; file++) await writeFile(join(path, `file ${file}.txt`), `${folder} ${file}`)
    }
    await using visitor = await visit(browser, server)
    const { page, troubles } = visitor
    await signIn(page, server)
    await choose(page, root, 'Upload folder')
    await page.getByText('5,000 items uploaded').waitFor({ timeout: 120_000 })
    await page.getByRole('grid').getByRole('link', { name: 'tree', exact: true }).click()
    await page.getByRole('grid').getByRole('link', { name: 'folder 7', exact: true }).click()
    await row(page, 'file 3.txt').waitFor()
    const admin = await server.admin()
    const { id } = await admin.drives.resolve('personal', '/tree')
    const folders = await Array.fromAsync(admin.nodes.children('personal', id))
    assert.equal(folders.length, 50)
    for (const { id: folder } of folders) {
      assert.equal((await Array.fromAsync(admin.nodes.children('personal', folder))).length, 100)
    }
    assert.deepEqual(troubles, [])
  })
})
