import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launch, NO_BROWSER, row, visit } from './_browser.ts'
import { startServer, type TestServer } from './_server.ts'

describe('a first visit', { skip: NO_BROWSER }, () => {
  let server: TestServer
  let browser: Browser
  before(async () => {
    server = await startServer()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
  })

  test('the link of the terminal leads to an administrator with an empty drive that says what to do', async () => {
    await using visitor = await visit(browser, server)
    const { page, troubles } = visitor
    await page.goto(server.url)
    await page.getByLabel('Set-up token').waitFor()
    await page.goto('about:blank')
    await page.goto(`${server.url}/setup#token=${server.setupToken}`)
    await page.getByText('The set-up token came with your link.').waitFor()
    assert.equal(new URL(page.url()).hash, '', 'the token stays in no history')
    await page.getByLabel('Username').fill('root')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await page.getByRole('heading', { name: 'Put in your first files' }).waitFor()

    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Upload files' }).click()
    await (await choosing).setFiles({ name: 'first.txt', mimeType: 'text/plain', buffer: Buffer.from('hello cairn') })
    await row(page, 'first.txt').waitFor()
    await page.getByText('1 item uploaded').waitFor()

    await row(page, 'first.txt').click({ button: 'right' })
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Download' }).click()
    const file = await (await downloading).path()
    assert.equal(await readFile(file, 'utf8'), 'hello cairn')
    assert.deepEqual(troubles, [])
  })

  test('who is not signed in is asked to, and comes back to where they wanted to go', async () => {
    server.admin = () => Promise.reject(new Error('it exists'))
    await using visitor = await visit(browser, server)
    const { page } = visitor
    await page.goto(`${server.url}/account/sessions`)
    await page.waitForURL('**/login?to=*')
    await page.getByLabel('Username or e-mail').fill('root')
    await page.getByLabel('Password', { exact: true }).fill('wrong horse battery')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Username or password is not right').waitFor()
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/account/sessions')
  })

  test('SEC-web-policy: no inline script, nothing from elsewhere, pages only where pages are', async () => {
    const page = await fetch(server.url)
    assert.equal(page.headers.get('cache-control'), 'no-cache')
    const policy = page.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?!')|https?:/)
    const html = await page.text()
    assert.doesNotMatch(html, /<script(?![^>]*src)|style=|onload=|<style/)

    const script = /src="(\/static\/[^"]+\.js)"/.exec(html)?.[1] ?? ''
    for (const encoding of ['br', 'zstd', 'gzip']) {
      const asset = await fetch(server.url + script, { headers: { 'accept-encoding': encoding } })
      assert.match(asset.headers.get('cache-control') ?? '', /immutable/)
      assert.equal(asset.headers.get('content-encoding'), encoding)
    }
    for (const path of ['/v1/nothing', '/nothing', '/static/nothing.js', '/files.js']) {
      const missing = await fetch(server.url + path, { headers: { accept: 'text/html' } })
      assert.equal(missing.status, 404, path)
      assert.match(missing.headers.get('content-type') ?? '', /problem\+json/, path)
    }
    assert.equal((await fetch(`${server.url}/about`)).status, 200)
  })
})
