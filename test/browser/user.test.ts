import { describeInBrowser, registrationAddress } from './browser-stage.ts';

jest.setTimeout(60_000);

describeInBrowser('working as somebody', (stage) => {
  it('is shown on every page, remembered in this browser, and changes at once what is mine', async () => {
    const page = await stage().visit('#/', { as: 'rep' });
    const chosen = page.getByLabel('Working as');
    expect(await chosen.inputValue()).toBe('rep');
    await chosen.selectOption({ label: 'Mona Gerber (manager)' });
    await page.getByRole('heading', { level: 1, name: 'My work Mona Gerber, Partner Manager' }).waitFor();
    await page.getByRole('status').getByText('Working as Mona Gerber.').waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'My work Mona Gerber, Partner Manager' }).waitFor();
    await page.getByRole('link', { name: 'DR-000002 · Rookford Optics LLC' }).click();
    await page.getByRole('heading', { level: 1, name: 'DR-000002' }).waitFor();
    expect(await chosen.inputValue()).toBe('manager');
    await chosen.selectOption('director');
    // The same record, read as somebody else.
    await page.getByRole('status').getByText('Working as Dario Reyes.').waitFor();
    expect(page.url()).toContain(registrationAddress(stage(), 'DR-000002'));
  });

  it('signs what is written with the chosen user: two people side by side', async () => {
    const { desk, org } = stage();
    const address = registrationAddress(stage(), 'DR-000005');
    const first = await stage().visit(address, { as: 'rep' });
    const second = await stage().visit(address, { as: 'rep2' });
    const write = async (page: typeof first, label: string, value: string) => {
      await page.getByRole('button', { name: `Edit ${label}` }).click();
      await page.getByLabel(label).fill(value);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    };
    await write(first, 'Estimated Value', '181000');
    await write(second, 'Expected Close Date', '2026-07-01');
    const history = await org.query(
      `SELECT Field, CreatedById FROM Deal_Registration__History WHERE ParentId = '${desk.registrations.get('DR-000005')}' AND Field IN ('Estimated_Value__c', 'Expected_Close_Date__c')`,
    );
    expect(Object.fromEntries(history.map((row) => [row['Field'], row['CreatedById']]))).toEqual({
      Estimated_Value__c: desk.users.get('rep'),
      Expected_Close_Date__c: desk.users.get('rep2'),
    });
    // Each sees what the other wrote.
    await first.getByRole('definition').getByText('1 Jul 2026').waitFor();
    await second.getByRole('definition').getByText('USD 181,000').first().waitFor();
  });

  it('goes with another tab of the same browser, but never under what is being typed', async () => {
    const address = registrationAddress(stage(), 'DR-000006');
    const page = await stage().visit(address, { as: 'rep' });
    const typing = await page.context().newPage();
    const reading = await page.context().newPage();
    for (const tab of [typing, reading]) await tab.goto(`${stage().org.url}/${address}`);
    await typing.getByRole('button', { name: 'Edit Customer Name' }).click();
    await typing.getByLabel('Customer Name').fill('Tamgate Software Limited');
    await page.getByLabel('Working as').selectOption('rep2');
    await reading.getByRole('status').getByText('Working as Rana Okafor.').waitFor();
    expect(await typing.getByLabel('Working as').inputValue()).toBe('rep');
    await typing.getByRole('button', { name: 'Save' }).click();
    await typing.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    const { body } = await stage().org.call('GET', `/sobjects/Deal_Registration__c/${stage().desk.registrations.get('DR-000006')}`);
    expect([body.Customer_Name__c, body.LastModifiedById]).toEqual(['Tamgate Software Limited', stage().desk.users.get('rep')]);
  });

  it('shows who is inactive, and what the system says to them; somebody else can be chosen', async () => {
    const { org, desk } = stage();
    await org.call('PATCH', `/sobjects/User/${desk.users.get('rep2')}`, { IsActive: false });
    const page = await stage().visit('#/Account', { as: 'rep2' });
    await page.getByRole('alert').getByText('Session expired or invalid').waitFor();
    const chosen = page.getByLabel('Working as');
    expect(await chosen.getByRole('option', { name: 'Rana Okafor (rep2, inactive)' }).count()).toBe(1);
    expect(await chosen.inputValue()).toBe('rep2');
    await chosen.selectOption('rep');
    await page.getByText(/1–25 of 4\d\d/).waitFor();
    await org.call('PATCH', `/sobjects/User/${desk.users.get('rep2')}`, { IsActive: true });
  });

  it('says so where the org has nobody of the name that the browser remembers', async () => {
    const page = await stage().visit('#/Account', { as: 'somebody' });
    await page.getByRole('alert').getByText('Session expired or invalid').waitFor();
    expect(await page.getByLabel('Working as').getByRole('option', { name: 'somebody (unknown)' }).count()).toBe(1);
  });
});
