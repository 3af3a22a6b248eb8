import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** A Chromium on PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A headless browser that talks to nobody but the page's server. */
export function openBrowser(executablePath: string): Promise<Browser> {
  const off = ['background-networking', 'component-update', 'sync', 'default-apps', 'extensions', 'gpu'];
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--no-first-run', ...off.map((feature) => `--disable-${feature}`)],
  });
}

/** What the browser complains about on a page: errors of scripts, and what the content security policy forbids. Network errors are not among them. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    const isNetwork = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isNetwork) complaints.push(message.text());
  });
  return complaints;
}
