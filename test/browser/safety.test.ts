import { describeInBrowser } from './browser-stage.ts';

jest.setTimeout(60_000);

const MARKUP = '<img src=x onerror="document.title=\'struck\'">';

describeInBrowser('a page that shows what strangers wrote', (stage) => {
  it('shows markup in names as the text that it is: in lists, on records, in lookups, dialogs and titles', async () => {
    const { org, desk } = stage();
    const account = await org.call('POST', '/sobjects/Account', {
      Name: `${MARKUP} Ltd`,
      Website: 'javascript:document.title="struck"',
      Description: '<script>document.title="struck"</script>',
    });
    const registration = await org.call('POST', '/sobjects/Deal_Registration__c', {
      Customer__c: account.body.id,
      Customer_Name__c: MARKUP,
      Partner__c: desk.accounts.get('Harbor Cloud Ltd'),
      Product_Lines__c: `platform;${MARKUP}`,
      Status__c: 'in_review',
      Approver__c: desk.users.get('manager'),
      Conflict_Summary__c: MARKUP,
      Sync_Note__c: MARKUP,
    });
    await org.call('POST', '/sobjects/Task', { Subject: MARKUP, OwnerId: desk.users.get('manager'), WhatId: account.body.id });

    const page = await stage().visit('#/', { as: 'manager' });
    expect(await page.getByRole('link', { name: new RegExp(`DR-\\d+ · ${MARKUP.replace(/[()"']/g, '.')}`) }).count()).toBe(1);
    for (const hash of [
      '#/Deal_Registration__c',
      `#/Deal_Registration__c/${registration.body.id}`,
      '#/Account?search=%3Cimg',
      `#/Account/${account.body.id}`,
      '#/Task?view=AllTasks',
    ]) {
      await page.goto('about:blank');
      await page.goto(`${org.url}/${hash}`);
      await page.locator('main[aria-busy="false"]').waitFor();
      expect(await page.getByRole('main').getByText(MARKUP).count()).toBeGreaterThan(0);
      expect([hash, await page.locator('main img, main script, [onerror]').count()]).toEqual([hash, 0]);
    }
    await page.goto(`${org.url}/#/Deal_Registration__c/${registration.body.id}`);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog').getByRole('heading', { name: MARKUP }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Edit Customer', exact: true }).click();
    await page.getByRole('combobox', { name: 'Customer', exact: true }).fill('<img');
    await page.getByRole('option', { name: MARKUP }).waitFor();
    expect(await page.title()).toContain(MARKUP);
    expect(await page.locator('img').count()).toBe(0);
  });

  it('does not follow an address that would run something', async () => {
    const { body } = await stage().org.call('POST', '/sobjects/Account', { Name: 'Odd Ltd', Website: 'JavaScript:alert(1)' });
    const page = await stage().visit(`#/Account/${body.id}`, { as: 'rep' });
    expect(await page.getByText('JavaScript:alert(1)').count()).toBeGreaterThan(0);
    expect(await page.getByRole('link', { name: 'JavaScript:alert(1)' }).count()).toBe(0);
  });

  it('asks nobody but the sandbox for anything', async () => {
    const { page, open } = await stage().openPage({ as: 'manager' });
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    for (const hash of ['#/', '#/Account', '#/User']) await open(hash);
    expect([...asked].filter((origin) => origin !== 'null')).toEqual([stage().org.url]);
  });

  it('lets nothing inline run, nothing from elsewhere in, and no text become markup', async () => {
    const { page, takeComplaints, open } = await stage().openPage({ as: 'rep' });
    await open('#/');
    const outcome = await page.evaluate(`(async () => {
      const script = document.createElement('script');
      script.append('document.title = "struck"');
      let refused = 0;
      try { document.body.append(script); } catch { refused += 1; }
      try { document.body.innerHTML = '<b>struck</b>'; } catch { refused += 1; }
      const style = document.createElement('style');
      style.append('main { display: none }');
      document.head.append(style);
      const image = await new Promise((resolve) => {
        const img = new Image();
        img.onload = () => resolve('loaded');
        img.onerror = () => resolve('refused');
        img.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
      });
      const elsewhere = await fetch('http://127.0.0.1:9/').then(() => 'answered', () => 'refused');
      return { title: document.title, mainShown: getComputedStyle(document.querySelector('main')).display, image, elsewhere, refused };
    })()`);
    expect(outcome).toMatchObject({ title: 'My work · Salesforce sandbox', mainShown: 'block', image: 'refused', elsewhere: 'refused' });
    expect((outcome as { refused: number }).refused).toBeGreaterThanOrEqual(1);
    // The browser said what its policy held back; nothing else is wrong.
    const complaints = takeComplaints();
    expect(complaints.length).toBeGreaterThanOrEqual(4);
    expect(complaints.filter((words) => !/Content.Security.Policy|TrustedScript|TrustedHTML|requires 'Trusted/i.test(words))).toEqual([]);
  });
});
