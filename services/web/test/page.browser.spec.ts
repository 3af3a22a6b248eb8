import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUp, type SetUp } from '../../../test/playground/set-up.js';
import { aReleaseList } from './a-release-list.js';
import { complaintsOf, findChromium, openBrowser } from './open-browser.js';

const chromium = findChromium();
const reason = chromium === undefined ? ' (skipped: no chromium, chromium-browser or google-chrome on PATH)' : '';
/** A folder for the pictures of the documentation; they are taken only where it is named. */
const screenshots = process.env['SHIPIT_SCREENSHOTS'];

describe.skipIf(chromium === undefined)(`The page in a browser${reason}`, () => {
  let pg: SetUp;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '');
    pg = await setUp();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(30_000);
    complaints = complaintsOf(page);
    await page.goto(`${pg.ready.web}#token=${pg.ready.token}`);
  });
  afterAll(async () => {
    await browser?.close();
    await pg?.tearDown();
  });

  const row = (name: string): Locator => page.locator(`[data-release="default/${name}"]`);
  const rows = (): Locator => page.locator('[data-release]');
  const link = (name: string): Locator => page.getByRole('link', { name, exact: true });
  const state = (): Locator => page.locator('.title-line [data-state]');
  const seen = (locator: Locator, text: string): Promise<true> =>
    pg.until(async () => (await locator.innerText({ timeout: 1_000 })).includes(text));
  const picture = async (name: string): Promise<void> => {
    if (screenshots === undefined) return;
    await mkdir(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, name), fullPage: true });
  };

  it('shows the four samples deployed, and takes the token out of the address', async () => {
    for (const name of ['word-counts', 'billing', 'stories-web', 'story-index'])
      await row(name).locator('[data-state=Deployed]').waitFor();
    expect(await rows().count()).toBe(4);
    expect(page.url()).not.toContain('token');
    await seen(page.locator('[data-connection]'), 'Live');
    await seen(row('word-counts'), 'velocity');
  });

  it('shows a push deployed with its new tag, without being loaded anew', async () => {
    await page.evaluate(() => (document.body.dataset['mark'] = 'same page'));
    const push = await pg.push('word-counts');
    await seen(row('word-counts'), `word-counts:${push.tag.slice(0, 7)}`);
    await row('word-counts').locator('[data-state=Deployed]').waitFor();

    expect(await page.evaluate(() => document.body.dataset['mark'])).toBe('same page');
    const image = row('word-counts').getByTitle(`word-counts:${push.tag}`);
    expect(await image.innerText()).toBe(`word-counts:${push.tag.slice(0, 7)}`);
  });

  it('shows a bad push failed and rolled back with its cause, and the feed tells it', async () => {
    const [good] = (await pg.api.release('word-counts')).images;
    await link('word-counts').click();
    await seen(state(), 'Deployed');
    const push = await pg.pushBad('word-counts');
    await seen(state(), 'RollingBack');
    await seen(state(), 'RolledBack');

    const cause = page.locator('[data-cause]');
    await seen(cause, `word-counts:${push.tag.slice(0, 7)}`);
    expect(await cause.innerText()).toContain('not found');
    expect(await cause.innerText()).not.toContain(push.tag);
    await seen(page.locator('.facts'), `word-counts:${good?.split(':').at(-1)?.slice(0, 7)}`);
    await page.locator('[data-step=rollback]').waitFor();
    await page
      .locator('[data-revision]', { hasText: push.tag.slice(0, 7) })
      .getByText('Failed')
      .waitFor();
    await pg.until(async () => (await page.locator('[data-object^="Pod/"] [data-health=Current]').count()) === 2);
    await picture('release.png');

    await link('Activity').click();
    await page.locator('[data-event="release.rolled-back"]').waitFor();
    const told = await page
      .locator('[data-event]', { has: link('word-counts') })
      .locator('.badge')
      .allInnerTexts();
    // The committer and the deployer work side by side: which of them is told first is open.
    const states = told.slice(0, 6).filter((label) => !['Committed', 'Rollback asked'].includes(label));
    expect(states.reverse()).toEqual(['Deploying', 'Failed', 'Rolling back', 'Rolled back']);
    await page.getByText(`word-counts:${push.tag.slice(0, 7)} was pushed`).waitFor();
  });

  it('finds by words whatever their case, and by state', async () => {
    await link('Releases').click();
    await row('word-counts').waitFor();
    await picture('releases.png');
    await page.keyboard.press('/');
    await page.keyboard.type('VELOCITY deployed');
    await pg.until(async () => (await rows().count()) === 1);
    await row('billing').waitFor();
    await pg.until(() => page.url().includes('q=VELOCITY'));
    await page.getByLabel('Search').fill('');

    await page.getByRole('button', { name: 'RolledBack 1' }).click();
    await pg.until(async () => (await rows().count()) === 1);
    await row('word-counts').waitFor();
    await pg.until(() => page.url().includes('state=RolledBack'));
    await link('word-counts').click();
    await page.goBack();
    await pg.until(async () => (await rows().count()) === 1);
    await link('Releases').click();
    await pg.until(async () => (await rows().count()) === 4);
  });

  it('asks why before it rolls back, and ends in a commit', async () => {
    await pg.untilDeployed('stories-web', await pg.push('stories-web'));
    await link('stories-web').click();
    await page.getByRole('button', { name: 'Roll back' }).click();
    const dialog = page.getByRole('dialog');
    const submit = dialog.getByRole('button', { name: 'Roll back' });
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel('Why?').fill('the stories are too long');
    await submit.click();
    await dialog.getByText(/Commit [0-9a-f]{7} is on the branch/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await seen(state(), 'RolledBack');

    await seen(page.locator('[data-cause]'), 'the stories are too long');
    const [commit] = await pg.clone.commits();
    expect(commit?.subject).toContain('stories-web');
    expect(commit?.body).toContain('the stories are too long');
  });

  it('says in the words of the server why a rollback is not possible', async () => {
    await link('Releases').click();
    await link('billing').click();
    await page.getByRole('button', { name: 'Roll back' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why?').fill('to see what it says');
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await seen(dialog.getByRole('alert'), 'It was not rolled back');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('says that the server is away, and goes on by itself when it is back', async () => {
    await link('Releases').click();
    await pg.playground.stopService('api');
    await page.getByRole('alert').getByText('The server is not reachable').waitFor();
    expect(await rows().count()).toBe(4);

    await pg.playground.startService('api');
    await pg.until(async () => (await page.getByRole('alert').count()) === 0);
    const push = await pg.push('story-index');
    await seen(row('story-index'), `story-index:${push.tag.slice(0, 7)}`);
  });

  it('asks for a token where there is none or a wrong one', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto(pg.ready.web);
    await other.getByLabel('Token', { exact: true }).fill('not the token');
    await other.keyboard.press('Enter');
    await other.getByText('The server does not accept this token.').waitFor();
    await other.getByLabel('Token', { exact: true }).fill(pg.ready.token);
    await other.keyboard.press('Enter');
    await other.locator('[data-release="default/billing"]').waitFor();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByLabel('Token', { exact: true }).waitFor();
    await context.close();
  });

  it('stays quick with five hundred releases', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.route('**/api/v1/releases?*', (route) => route.fulfill({ json: aReleaseList(500) }));
    await other.goto(`${pg.ready.web}#token=${pg.ready.token}`);
    await pg.until(async () => (await other.locator('[data-release]').count()) === 500);
    const start = Date.now();
    await other.getByLabel('Search').pressSequentially('service-499');
    await pg.until(async () => (await other.locator('[data-release]').count()) === 1);
    // Eleven keys, each of which narrows the list. A key takes a few ms; the limit is for machines that do much else.
    expect(Date.now() - start).toBeLessThan(5_000);
    await context.close();
  });

  it('draws nothing that the browser complains about', () => {
    expect(complaints).toEqual([]);
  });
});
