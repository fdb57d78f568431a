import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TokenSettings } from '../../controller/api/create-api.ts'
import { start } from '../api/start.ts'
import { eventually } from '../support/eventually.ts'
import { requires } from '../support/requires.ts'
import { fillDashboard } from './dashboard-world.ts'

const found = requires('chromium')

let browser: Browser

/** Where the shell would find a program. */
const onPath = (name: string): string =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path)) ?? name

interface Shown {
  readonly page: Page
  /** Console errors, page errors and requests that the page should not have made. */
  readonly complaints: string[]
}

async function show(url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Shown> {
  const page = await browser.newPage(options)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) complaints.push(`asked for ${request.url()}`)
  })
  await page.goto(url)
  return { page, complaints }
}

describe.skipIf(found.missing !== undefined)(found.title('the status page'), () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: onPath('chromium'), args: ['--no-sandbox'] })
  })

  afterAll(async () => {
    await browser.close()
  })

  it('shows a change of weights without a reload, and complains of nothing', async () => {
    const { url, store, clock } = await start()
    await fillDashboard(store, clock.now())
    const { page, complaints } = await show(url)
    const bar = page.locator('#release-prod-web ~ .sides svg, article:has(#release-prod-web) svg.bar')
    const label = () => bar.getAttribute('aria-label')
    expect(await eventually(label, (text) => text !== null)).toBe(
      'Blue gets 90 %, green gets 10 % of the traffic.',
    )
    await page.evaluate(() => Reflect.set(globalThis, 'wasNotReloaded', true))
    const web = await store.get('Release', 'prod-web')
    if (web !== undefined)
      await store.updateStatus({ ...web, status: { ...web.status, traffic: { blue: 0, green: 100 } } })
    await eventually(label, (text) => text === 'Blue gets 0 %, green gets 100 % of the traffic.')
    expect(await bar.locator('rect.green').getAttribute('width')).toBe('100')
    expect(await page.evaluate('globalThis.wasNotReloaded')).toBe(true)
    expect(await page.locator('#connection').textContent()).toBe('Live')
    expect(complaints).toEqual([])
  })

  it('shows what comes and takes away what goes', async () => {
    const { url, store, clock } = await start()
    const { page, complaints } = await show(url)
    await page.getByText('No environment yet').waitFor()
    await fillDashboard(store, clock.now())
    await page.locator('section.environment').nth(1).waitFor()
    expect(await page.locator('h2').allTextContents()).toEqual(['prod', 'staging', 'Recent rollouts'])
    expect(await page.locator('article h3').allTextContents()).toEqual(['api', 'web', 'worker', 'web'])
    await store.delete('Release', 'prod-worker')
    await page.locator('#release-prod-worker').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('keeps details open and focus where it is while things change', async () => {
    const { url, store, clock } = await start()
    await fillDashboard(store, clock.now())
    const { page } = await show(url)
    const summary = page.locator('details.drift summary')
    await summary.focus()
    await page.keyboard.press('Enter')
    const api = await store.get('Release', 'prod-api')
    if (api !== undefined)
      await store.updateStatus({ ...api, status: { ...api.status, traffic: { blue: 5, green: 95 } } })
    await page.getByLabel('Blue gets 5 %, green gets 95 % of the traffic.').waitFor()
    expect(await page.locator('details.drift').getAttribute('open')).not.toBeNull()
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
  })

  it('takes whatever is said for text', async () => {
    const { url, store, clock } = await start()
    await fillDashboard(store, clock.now())
    const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
    const prod = await store.get('Environment', 'prod')
    if (prod !== undefined)
      await store.updateStatus({
        ...prod,
        status: { ...prod.status, issues: [evil], head: { commit: evil, subject: evil } },
      })
    const { page, complaints } = await show(url)
    await page.locator('.issues code').filter({ hasText: 'onerror' }).waitFor()
    expect(await page.locator('main img, main script').count()).toBe(0)
    expect(await page.title()).toBe('Steersman')
    expect(complaints).toEqual([])
  })

  it('fits a narrow screen and a dark one', async () => {
    const { url, store, clock } = await start()
    await fillDashboard(store, clock.now())
    const { page } = await show(url, { viewport: { width: 320, height: 640 }, colorScheme: 'dark' })
    await page.locator('article').first().waitFor()
    const [width, ground] = await page.evaluate(() => {
      const { document, getComputedStyle } = globalThis as unknown as {
        document: { documentElement: { scrollWidth: number }; body: object }
        getComputedStyle: (element: object) => { backgroundColor: string }
      }
      return [document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor] as const
    })
    expect(width).toBeLessThanOrEqual(320)
    expect(ground).toBe('rgb(20, 24, 26)')
  })

  it('asks for a token where one is needed, and shows what the token may see', async () => {
    const tokens: TokenSettings[] = [
      { name: 'vera', role: 'viewer', environments: ['prod'], token: 'token-of-vera' },
    ]
    const { url, store, clock } = await start({ tokens })
    await fillDashboard(store, clock.now())
    const { page } = await show(url)
    await page.getByLabel('Token').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('The controller does not know that token.').waitFor()
    await page.getByLabel('Token').fill('token-of-vera')
    await page.keyboard.press('Enter')
    await page.locator('section.environment').waitFor()
    expect(await page.locator('section.environment h2').allTextContents()).toEqual(['prod'])
  })
})
