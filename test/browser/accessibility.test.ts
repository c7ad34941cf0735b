import type { Page } from 'playwright-core';
import { accountAddress, describeInBrowser, registrationAddress, type BrowserStage } from './browser-stage.ts';
import { findBreaches, findFaintTexts, headingLevels, overhang } from './page-check.ts';

jest.setTimeout(120_000);

interface Scene {
  readonly hash: (stage: BrowserStage) => string;
  readonly as: string;
  /** What a person does before the page is looked at. */
  readonly enter?: (page: Page) => Promise<void>;
}

const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

const SCENES: Readonly<Record<string, Scene>> = {
  'the start page': { hash: () => '#/', as: 'manager' },
  'the start page with nothing to do': { hash: () => '#/', as: 'integration' },
  'a list': { hash: () => '#/Deal_Registration__c', as: 'rep' },
  'a page of a list': { hash: () => '#/Account?page=2', as: 'rep' },
  'an empty list': { hash: () => '#/Lead', as: 'rep' },
  'a registration': { hash: (stage) => registrationAddress(stage, 'DR-000001'), as: 'manager' },
  'an approved registration': { hash: (stage) => registrationAddress(stage, 'DR-000003'), as: 'manager' },
  'an account': { hash: (stage) => accountAddress(stage, 'Harbor Cloud Ltd'), as: 'rep' },
  'a user': { hash: (stage) => `#/User/${stage.desk.users.get('vp')}`, as: 'rep' },
  'a form with a refusal': {
    hash: (stage) => registrationAddress(stage, 'DR-000001'),
    as: 'rep',
    enter: async (page) => {
      await click(page, 'Edit Estimated Value');
      await page.getByLabel('Estimated Value').fill('much');
      await click(page, 'Save');
      await page.getByText('Enter a number such as').waitFor();
    },
  },
  'a new record': { hash: () => '#/Task/new', as: 'rep' },
  'the matches of a lookup': {
    hash: () => '#/Deal_Registration__c/new',
    as: 'rep',
    enter: async (page) => {
      await page.getByRole('combobox', { name: 'Customer', exact: true }).fill('haz');
      await page.getByRole('listbox').getByRole('option').first().waitFor();
      await page.keyboard.press('ArrowDown');
    },
  },
  'a button’s dialog': {
    hash: (stage) => registrationAddress(stage, 'DR-000001'),
    as: 'manager',
    enter: async (page) => {
      await click(page, 'Deny');
      await page.getByRole('dialog').getByRole('button', { name: 'Deny' }).click();
    },
  },
  'a refusal': { hash: () => '#/Account/001000000000001AAA', as: 'rep' },
};

describeInBrowser('every page', (stage) => {
  const enter = async (name: string, screen: { readonly width: number; readonly colorScheme: 'light' | 'dark' }) => {
    const scene = SCENES[name];
    if (scene === undefined) throw new Error(`no scene ${name}`);
    const page = await stage().visit(scene.hash(stage()), { as: scene.as, ...screen });
    await scene.enter?.(page);
    return page;
  };

  it.each(Object.keys(SCENES))('keeps the rules of accessibility, wide and light: %s', async (name) => {
    const page = await enter(name, { width: 1280, colorScheme: 'light' });
    expect(await findBreaches(page)).toEqual([]);
    const { faint, seen } = await findFaintTexts(page);
    expect(faint).toEqual([]);
    expect(seen).toBeGreaterThan(10);
    expect(await overhang(page)).toBe(0);
    const levels = await headingLevels(page);
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  });

  it.each(Object.keys(SCENES))('keeps them narrow and dark: %s', async (name) => {
    const page = await enter(name, { width: 390, colorScheme: 'dark' });
    expect(await findBreaches(page)).toEqual([]);
    expect((await findFaintTexts(page)).faint).toEqual([]);
    expect(await overhang(page)).toBe(0);
  });

  it.each(['the start page', 'a list', 'a registration', 'a new record'])('fits the narrowest screen: %s', async (name) => {
    const page = await enter(name, { width: 320, colorScheme: 'light' });
    expect(await overhang(page)).toBe(0);
  });

  it('would be caught where it did not', async () => {
    const page = await stage().visit('#/', { as: 'rep' });
    await page.evaluate(`(() => {
      const image = document.createElement('img');
      const faint = document.createElement('p');
      faint.textContent = 'Hardly to be seen';
      faint.style.color = '#999';
      faint.style.width = '3000px';
      document.querySelector('main').append(image, faint);
    })()`);
    expect(await findBreaches(page)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^image-alt: /), expect.stringMatching(/^color-contrast: /)]),
    );
    expect((await findFaintTexts(page)).faint).toEqual([expect.stringMatching(/^Hardly to be seen 2\.\d\d$/)]);
    expect(await overhang(page)).toBeGreaterThan(1000);
  });

  it('moves nothing for those who asked for that', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000005'), { as: 'rep' });
    await click(page, 'Extend');
    await page.getByRole('dialog').getByRole('button', { name: 'Extend' }).click();
    await page.getByText('Waiting for the answer to “Extend”.').waitFor();
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  });
});
