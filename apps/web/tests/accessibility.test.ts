import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launch, NO_BROWSER, row, signIn, visit } from './_browser.ts'
import { startServer, type TestServer } from './_server.ts'

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Every rule that is broken, with where. */
const violations = async (page: Page): Promise<readonly string[]> => {
  // Menus float above every landmark, as they should.
  const { violations: found } = await new AxeBuilder({ page }).withTags(WCAG).disableRules(['region']).analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`)
  )
}

describe('accessibility (axe, WCAG 2.2 AA)', { skip: NO_BROWSER }, () => {
  let server: TestServer
  let browser: Browser
  before(async () => {
    server = await startServer()
    browser = await launch()
    const admin = await server.admin()
    const drive = await admin.drives.get('personal')
    await admin.nodes.makeFolder('personal', { parentId: drive.rootId, name: 'Photos' })
    await admin.content.write('personal', { path: '/notes.md', bytes: new TextEncoder().encode('# Notes\n\n* one') })
    await admin.content.write('personal', { path: '/script.html', bytes: new TextEncoder().encode('<b>hi</b>') })
    await admin.content.write('personal', { path: '/gone.txt', bytes: new TextEncoder().encode('x') })
    await admin.nodes.trash('personal', (await admin.drives.resolve('personal', '/gone.txt')).id)
  })
  after(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`pages before signing in, ${colorScheme}`, async () => {
      await using visitor = await visit(browser, server, { colorScheme, reducedMotion: 'reduce' })
      const { page } = visitor
      for (const path of ['/login', '/setup', '/register', '/forgot-password', '/reset-password#token=crs_x']) {
        await page.goto(server.url + path)
        await page.getByRole('heading', { level: 1 }).waitFor()
        assert.deepEqual(await violations(page), [], path)
      }
    })

    test(`files, menus, dialogs and previews, ${colorScheme}`, async () => {
      await using visitor = await visit(browser, server, { colorScheme, reducedMotion: 'reduce' })
      const { page } = visitor
      await signIn(page, server)
      await row(page, 'Photos').waitFor()
      assert.deepEqual(await violations(page), [], 'list')
      await row(page, 'notes.md').click()
      await page.getByRole('button', { name: 'Details' }).click()
      assert.deepEqual(await violations(page), [], 'selection and details')
      await row(page, 'notes.md').click({ button: 'right' })
      await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
      assert.deepEqual(await violations(page), [], 'context menu')
      await page.getByRole('menuitem', { name: 'Move to …' }).click()
      await page.getByRole('button', { name: 'Move here' }).waitFor()
      assert.deepEqual(await violations(page), [], 'move dialog')
      await page.keyboard.press('Escape')
      await page.getByRole('link', { name: 'notes.md' }).click()
      await page.getByRole('heading', { name: 'Notes' }).waitFor()
      assert.deepEqual(await violations(page), [], 'markdown preview')
      await page.keyboard.press('ArrowRight')
      await page.getByText('Shown as text').waitFor()
      assert.deepEqual(await violations(page), [], 'text preview')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Grid' }).click()
      assert.deepEqual(await violations(page), [], 'grid')
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
      assert.deepEqual(await violations(page), [], 'palette')
      await page.keyboard.press('Escape')
      await page.goto(`${server.url}/trash`)
      await page.getByText('gone.txt').first().waitFor()
      assert.deepEqual(await violations(page), [], 'trash')
    })
  }
})
