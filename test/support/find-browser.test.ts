import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBrowser } from './find-browser.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

describe('findBrowser', () => {
  const folder = makeTemporaryFolder('find-browser');
  afterAll(folder.remove);

  const program = (path: string, mode = 0o700): string => {
    const whole = join(folder.path, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, '#!/bin/sh\n');
    chmodSync(whole, mode);
    return whole;
  };
  const onPath = program('bin/chromium');
  const named = program('own/chrome');
  const downloaded = program('home/.cache/ms-playwright/chromium-1200/chrome-linux/chrome');
  const plain = program('own/readme.txt', 0o600);

  it.each([
    ['the program that CHROME_PATH names, before any other', { CHROME_PATH: named, PATH: dirname(onPath) }, named],
    ['a program on the PATH', { PATH: `/nowhere:${dirname(onPath)}`, HOME: join(folder.path, 'home') }, onPath],
    ['what Playwright has downloaded', { PATH: '/nowhere', HOME: join(folder.path, 'home') }, downloaded],
  ])('finds %s', (_what, environment, path) => {
    expect(findBrowser(environment, [])).toEqual({ kind: 'found', path });
  });

  it.each([
    [
      'there is none anywhere',
      { PATH: '/nowhere', HOME: join(folder.path, 'empty') },
      /there is no Chromium; install chromium or set CHROME_PATH/,
    ],
    ['CHROME_PATH is wrong, whatever the PATH has', { CHROME_PATH: plain, PATH: dirname(onPath) }, /CHROME_PATH names no program/],
  ])('says so where %s', (_what, environment, reason) => {
    expect(findBrowser(environment, [])).toEqual({ kind: 'missing', reason: expect.stringMatching(reason) });
  });
});
