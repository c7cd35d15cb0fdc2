import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { ADMIN, type TestServer } from './_server.ts'

const PLACES = [
  process.env['CAIRN_TEST_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome'
]

export const CHROMIUM = PLACES.find((path): path is string => path !== undefined && existsSync(path))

/** For `skip`: why there is no browser, or false. */
export const NO_BROWSER: string | false =
  CHROMIUM === undefined ? 'no Chromium here (scripts/services/install.sh chromium, or CAIRN_TEST_CHROMIUM)' : false

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

export const launch = (): Promise<Browser> => {
  if (CHROMIUM === undefined) throw new Error('no Chromium')
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS, headless: true })
}

export interface Visit extends AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors of scripts, refusals of the policy, requests to elsewhere: there must be none. */
  readonly troubles: string[]
}

/** A fresh profile at the server; remembers everything that must not happen. */
export const visit = async (
  browser: Browser,
  server: TestServer,
  options: BrowserContextOptions = {}
): Promise<Visit> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options })
  context.setDefaultTimeout(20_000)
  const troubles: string[] = []
  const watch = (page: Page) => {
    page.on('pageerror', (error) => troubles.push(`error: ${error.message}`))
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) troubles.push(`policy: ${message.text()}`)
    })
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol.startsWith('http') && origin !== server.url) troubles.push(`elsewhere: ${request.url()}`)
    })
  }
  context.on('page', watch)
  const page = await context.newPage()
  return { context, page, troubles, [Symbol.asyncDispose]: () => context.close() }
}

export const signIn = async (page: Page, server: TestServer, who = ADMIN): Promise<void> => {
  await server.admin()
  await page.goto(`${server.url}/login`)
  await page.getByLabel('Username or e-mail').fill(who.username)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('grid').waitFor()
}

/** The row of an entry. */
export const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
