import type { Page } from 'playwright-core';
import { describeInBrowser, registrationAddress } from './browser-stage.ts';

jest.setTimeout(120_000);

/** More than any page has controls. */
const MOST_STEPS = 120;

/** What the focus is on, as it is called: its label, or its text. */
const FOCUSED = `(() => {
  const node = document.activeElement;
  const label = node.labels?.[0]?.textContent ?? node.getAttribute('aria-label') ?? node.textContent;
  return label.replace(/\\s+/g, ' ').trim();
})()`;
const OUTLINE = 'getComputedStyle(document.activeElement).outlineStyle';

/** Presses Tab until the focus is on what is called `name`; every control on the way shows that it has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press('Tab');
    const focused = String(await page.evaluate(FOCUSED));
    if (!['BODY', 'MAIN'].includes(String(await page.evaluate('document.activeElement.tagName'))))
      expect([focused, await page.evaluate(OUTLINE)]).toEqual([focused, 'solid']);
    if (focused === name) return;
    passed.push(focused);
  }
  throw new Error(`the focus never came to ${name}; it passed ${passed.join(' | ')}`);
}

describeInBrowser('somebody with a keyboard alone', (stage) => {
  const registration = (number: string) => `/sobjects/Deal_Registration__c/${stage().desk.registrations.get(number)}`;

  it('skips to the content, finds what waits for them, and decides it', async () => {
    const page = await stage().visit('#/', { as: 'manager' });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(FOCUSED)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    expect(page.url()).toBe(`${stage().org.url}/#/`);
    await tabTo(page, 'DR-000002 · Rookford Optics LLC');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'DR-000002' }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');

    await tabTo(page, 'Deny');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(FOCUSED)).toBe('Decision Comment (required)');
    await page.keyboard.type('The customer is ours already.');
    await tabTo(page, 'Deny');
    await page.keyboard.press('Space');
    await page.getByText('Waiting for the answer to “Deny”.').waitFor();
    expect((await stage().org.call('GET', registration('DR-000002'))).body).toMatchObject({
      Requested_Decision__c: 'deny',
      Decision_Comment__c: 'The customer is ours already.',
    });
    // The focus is back at the button, for what comes next.
    expect(await page.evaluate(FOCUSED)).toBe('Deny');
  });

  it('chooses the record of a lookup with the arrows; Escape closes the list, then gives back what was there', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000001'), { as: 'rep' });
    await tabTo(page, 'Edit Customer');
    await page.keyboard.press('Enter');
    const customer = page.getByRole('combobox', { name: 'Customer', exact: true });
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('coldmere');
    await page.getByRole('option', { name: /^Coldmere Steel & Wire PLC/ }).waitFor();
    expect(await customer.getAttribute('aria-expanded')).toBe('true');
    await page
      .getByRole('status')
      .getByText(/\d+ found\. Arrow keys move, Enter takes\./)
      .waitFor();
    await page.keyboard.press('ArrowDown');
    const active = await customer.getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Escape');
    expect([await customer.getAttribute('aria-expanded'), await customer.inputValue()]).toEqual(['false', 'coldmere']);
    await page.keyboard.press('Escape');
    expect(await customer.inputValue()).toBe('Hazelfield Robotics Inc');

    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('coldmere');
    await page.getByRole('option', { name: /^Coldmere Steel & Wire PLC/ }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await customer.inputValue()).toBe('Coldmere Steel & Wire PLC');
    // Enter once more saves, as in any form.
    await page.keyboard.press('Enter');
    await customer.waitFor({ state: 'detached' });
    expect((await stage().org.call('GET', registration('DR-000001'))).body.Customer__c).toBe(
      stage().desk.accounts.get('Coldmere Steel & Wire PLC'),
    );
    await page.getByRole('status').getByText('Saved.').waitFor();
    expect(await page.evaluate(FOCUSED)).toBe('Edit Customer');
  });

  it('leaves a form in which nothing was typed with Escape, and is where they were', async () => {
    const page = await stage().visit(registrationAddress(stage(), 'DR-000006'), { as: 'rep' });
    await tabTo(page, 'Edit Description');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Description' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Description' }).waitFor({ state: 'detached' });
    expect(await page.evaluate(FOCUSED)).toBe('Edit Description');
  });

  it('registers a deal', async () => {
    const page = await stage().visit('#/Deal_Registration__c', { as: 'rep' });
    await tabTo(page, 'New Deal Registration');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'New Deal Registration' }).waitFor();
    expect(await page.evaluate(FOCUSED)).toBe('Partner');
    await page.keyboard.type('northwind');
    await page.getByRole('option', { name: /^Northwind/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Customer Name');
    await page.keyboard.type('Riverbend Instruments');
    await tabTo(page, 'Estimated Value');
    await page.keyboard.type('60000');
    await tabTo(page, 'Save');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /Riverbend Instruments/ }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  });

  it('sorts, pages and searches a list, and stays where they are', async () => {
    const page = await stage().visit('#/Account', { as: 'rep' });
    await tabTo(page, 'Search this list');
    await page.keyboard.type('haz');
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .getByText(/found for “haz”/)
      .waitFor();
    expect(await page.evaluate(FOCUSED)).toBe('Search this list');
    await tabTo(page, 'Sort by Website');
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: 'Website' }).and(page.locator('[aria-sort]')).waitFor();
    expect(await page.evaluate(FOCUSED)).toBe('Sort by Website');
  });
});
