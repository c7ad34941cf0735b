import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { toPalettePng } from './palette-png.ts';

/** Where the documents look for pictures. */
export const PICTURE_FOLDER = 'docs/images';

/** Keeps what the page shows now as `docs/images/<name>.png`, or in `folder`; `whole` takes the page to its end and not only what the screen shows. Answers its size. */
export async function takePicture(
  page: Page,
  name: string,
  { folder = PICTURE_FOLDER, whole = false }: { readonly folder?: string; readonly whole?: boolean } = {},
): Promise<{ readonly path: string; readonly bytes: number }> {
  await page.evaluate('document.fonts.ready');
  // Nothing is pointed at.
  await page.mouse.move(0, 0);
  const picture = toPalettePng(await page.screenshot({ animations: 'disabled', caret: 'hide', fullPage: whole }));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  writeFileSync(path, picture);
  return { path, bytes: picture.length };
}
