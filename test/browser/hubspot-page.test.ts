import type { Page } from 'playwright-core';
import { bearer, OBJECTS } from '../sandbox/hubspot/opened-portal.ts';
import { until } from '../support/until.ts';
import { describeOnPortal } from './hubspot-stage.ts';
import { findBreaches } from './page-check.ts';

jest.setTimeout(60_000);

describeOnPortal('the page of the HubSpot sandbox', (stage) => {
  const read = async (objectType: string, id: string) => {
    const names = 'dealname,dealstage,pipeline,amount,closedate,hubspot_owner_id,name,description';
    return (await stage().portal.call('GET', `${OBJECTS}/${objectType}/${id}?properties=${names}&propertiesWithHistory=`)).body;
  };
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const saved = (page: Page) => page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });

  it('lists the records of every object, custom ones too, finds some of them and sorts them', async () => {
    const schema = { name: 'thing', labels: { singular: 'Thing', plural: 'Things' }, properties: [], associatedObjects: ['DEAL'] };
    await stage().portal.call('POST', '/crm-object-schemas/v3/schemas', schema);
    for (const [name, city] of [
      ['Wickhaven', 'Ulm'],
      ['Ebersgrund', 'Bremen'],
    ])
      await stage().portal.add('companies', { name, city });
    const page = await stage().visit('#/');
    await heading(page, 'Deals');
    expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts()).toEqual([
      'Deals',
      'Companies',
      'Contacts',
      'Tasks',
      'Notes',
      'Things',
    ]);
    await page.getByRole('link', { name: 'Companies' }).click();
    await heading(page, 'Companies');
    const names = () => page.locator('a.row-link').allInnerTexts();
    expect(await names()).toEqual(['Ebersgrund', 'Wickhaven']);
    await page.getByRole('link', { name: 'Sort by City' }).press('Enter');
    await page.getByRole('columnheader', { name: 'City' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    await page.getByRole('link', { name: 'Sort by City' }).press('Enter');
    await until('the other order', async () => (await names())[0] === 'Wickhaven');
    await page.getByLabel('Search this list').fill('ebers');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('main').getByText('1–1 of 1 found for “ebers”').waitFor();
    expect(await names()).toEqual(['Ebersgrund']);
  });

  it('makes a record in the name of whoever works here, and goes to it', async () => {
    const page = await stage().visit('#/0-3');
    await page.getByRole('link', { name: 'New deal' }).click();
    await page.getByLabel('Deal Name').fill('Fleet');
    await page.getByLabel('Deal Stage').selectOption({ label: 'Contract Sent' });
    await page.getByLabel('Amount').fill('25000.50');
    await page.getByRole('button', { name: 'Save' }).click();
    await heading(page, 'Fleet');
    const id = page.url().split('/').at(-1) ?? '';
    expect((await read('deals', id)).properties).toMatchObject({
      dealname: 'Fleet',
      dealstage: 'contractsent',
      pipeline: 'default',
      amount: '25000.50',
      hubspot_owner_id: '70000004',
    });
    const history = await stage().portal.call('GET', `${OBJECTS}/deals/${id}?propertiesWithHistory=dealname`);
    expect(history.body.propertiesWithHistory.dealname).toMatchObject([{ sourceType: 'CRM_UI', sourceId: 'userId:60000004' }]);
  });

  it('writes only what was changed, and empties a field', async () => {
    const id = await stage().portal.add('companies', { name: 'Before', description: 'Old words', city: 'Ulm' });
    const page = await stage().visit(`#/0-2/${id}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Company name').fill('After');
    await page.getByLabel('Description').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page);
    await heading(page, 'After');
    expect((await read('companies', id)).properties).toMatchObject({ name: 'After', description: null });
    const { body } = await stage().portal.call('GET', `${OBJECTS}/companies/${id}?propertiesWithHistory=city,name`);
    const counts = ['city', 'name'].map((name) => body.propertiesWithHistory[name].length);
    expect(counts).toEqual([1, 2]);
  });

  it('shows what HubSpot refuses at the field, what the administrator requires included, and keeps what was typed', async () => {
    const when = { property: 'dealstage', values: ['closedwon'] };
    await stage().portal.control('required-properties', { rules: [{ objectType: 'deals', property: 'closedate', when }] });
    const id = await stage().portal.add('deals', { dealname: 'Fleet', dealstage: 'contractsent' });
    const page = await stage().visit(`#/0-3/${id}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Deal Stage').selectOption({ label: 'Closed Won' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Property "closedate" is required when "dealstage" is closedwon').waitFor();
    expect(await page.getByLabel('Close Date').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Close Date').fill('2026-05-01T09:30');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page);
    expect((await read('deals', id)).properties).toMatchObject({ dealstage: 'closedwon', closedate: '2026-05-01T09:30:00Z' });
  });

  it('asks before it writes over what somebody else changed meanwhile', async () => {
    const id = await stage().portal.add('deals', { dealname: 'Fleet', amount: '1' });
    const page = await stage().visit(`#/0-3/${id}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Amount').fill('3');
    await stage().portal.call('PATCH', `${OBJECTS}/deals/${id}`, { properties: { amount: '2' } }, bearer('rep2'));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody changed this to “2” meanwhile. Save again to write over it.').waitFor();
    expect((await read('deals', id)).properties.amount).toBe('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await saved(page);
    expect((await read('deals', id)).properties.amount).toBe('3');
  });

  it('shows what is associated, adds a record to it and takes an association away', async () => {
    const company = await stage().portal.add('companies', { name: 'Ebersgrund' });
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }];
    await stage().portal.add('deals', { dealname: 'Fleet' }, [{ to: { id: company }, types }]);
    const page = await stage().visit(`#/0-2/${company}`);
    const deals = page.getByRole('region', { name: 'Deals' });
    await deals.getByRole('link', { name: 'New deal' }).click();
    await page.getByLabel('Deal Name').fill('Second');
    await page.getByRole('button', { name: 'Save' }).click();
    await heading(page, 'Second');
    await page.getByRole('region', { name: 'Companies' }).getByRole('link', { name: 'Ebersgrund' }).click();
    await heading(page, 'Ebersgrund');
    expect(await deals.getByRole('listitem').count()).toBe(2);
    await deals.getByRole('button', { name: 'Remove the association with Fleet' }).click();
    await until('one is left', async () => (await deals.getByRole('listitem').count()) === 1);
    expect((await stage().portal.call('GET', `/crm/v4/objects/companies/${company}/associations/deals`)).body.results).toHaveLength(1);
  });

  it('deletes after a question, and follows a merged record to the one that came of it', async () => {
    const [one, two] = [await stage().portal.add('companies', { name: 'One' }), await stage().portal.add('companies', { name: 'Two' })];
    const merge = { primaryObjectId: one, objectIdToMerge: two };
    const { id } = (await stage().portal.call('POST', `${OBJECTS}/companies/merge`, merge)).body;
    const page = await stage().visit(`#/0-2/${two}`);
    await heading(page, 'One');
    expect(page.url().endsWith(`#/0-2/${id}`)).toBe(true);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete One?' }).getByRole('button', { name: 'Delete' }).click();
    await heading(page, 'Companies');
    expect((await stage().portal.call('GET', `${OBJECTS}/companies/${id}`)).status).toBe(404);
  });

  it('restores what was deleted', async () => {
    const id = await stage().portal.add('companies', { name: 'Ebersgrund' });
    await stage().portal.call('DELETE', `${OBJECTS}/companies/${id}`);
    const page = await stage().visit('#/0-2');
    await page.getByRole('link', { name: 'Deleted' }).click();
    await heading(page, 'Deleted companies');
    await page.getByRole('list', { name: 'Deleted companies' }).getByRole('listitem').waitFor();
    await page.getByRole('button', { name: 'Restore Ebersgrund' }).click();
    await heading(page, 'Ebersgrund');
    expect((await stage().portal.call('GET', `${OBJECTS}/companies/${id}`)).body).toMatchObject({ id, archived: false });
    await page.goto(`${stage().portal.url}/#/0-2/deleted`);
    await page.getByText('No deleted companies.').waitFor();
  });

  it('merges a record with another one that is found by its name', async () => {
    const add = (name: string) => stage().portal.add('companies', { name });
    const [one, two] = [await add('Wickhaven'), await add('Wickhaven Works')];
    await add('Ebersgrund');
    const page = await stage().visit(`#/0-2/${one}`);
    await page.getByRole('button', { name: 'Merge' }).click();
    const dialog = page.getByRole('dialog', { name: 'Merge Wickhaven' });
    await dialog.getByRole('button', { name: 'Merge' }).click();
    await dialog.getByRole('alert').getByText('Find the other company, and choose it.').waitFor();
    await dialog.getByLabel('Which other company?').fill('wick');
    await dialog.getByRole('button', { name: 'Find' }).click();
    await dialog.getByLabel(`Wickhaven Works (${two})`).check();
    expect(await dialog.getByRole('radio').count()).toBe(1);
    await dialog.getByRole('button', { name: 'Merge' }).click();
    await dialog.waitFor({ state: 'detached' });
    await heading(page, 'Wickhaven');
    const merged = await read('companies', page.url().split('/').at(-1) ?? '');
    expect([merged.id === one, merged.id === two]).toEqual([false, false]);
    expect((await read('companies', two)).id).toBe(merged.id);
  });

  it('asks for a decision with a comment, as the card of the app does', async () => {
    await stage().portal.call('POST', '/crm/v3/properties/deals/batch/create', {
      inputs: [
        {
          name: 'requested_decision',
          label: 'Requested decision',
          groupName: 'dealinformation',
          type: 'enumeration',
          fieldType: 'select',
          options: [
            { label: 'Approve', value: 'approve' },
            { label: 'Deny', value: 'deny' },
          ],
        },
        { name: 'decision_comment', label: 'Decision comment', groupName: 'dealinformation', type: 'string', fieldType: 'textarea' },
      ],
    });
    const id = await stage().portal.add('deals', { dealname: 'Fleet' });
    const page = await stage().visit(`#/0-3/${id}`);
    await page.getByRole('button', { name: 'Deny' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deny Fleet' });
    await dialog.getByLabel('Decision comment').fill('No budget');
    await dialog.getByRole('button', { name: 'Deny' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { properties } = (await stage().portal.call('GET', `${OBJECTS}/deals/${id}?properties=requested_decision,decision_comment`)).body;
    expect(properties).toMatchObject({ requested_decision: 'deny', decision_comment: 'No budget' });
  });

  it('works as the person in its address, or as the one who is chosen', async () => {
    const page = await stage().visit('#/0-3', { as: 'rep2' });
    expect(await page.getByLabel('Working as').inputValue()).toBe('rep2');
    await page.getByLabel('Working as').selectOption({ label: 'Mona Gerber (manager)' });
    await page.getByText('Working as Mona Gerber (manager).').waitFor();
    await page.goto(`${stage().portal.url}/?as=director#/0-3`);
    await heading(page, 'Deals');
    expect(await page.getByLabel('Working as').inputValue()).toBe('director');
    await page.goto(`${stage().portal.url}/#/0-2`);
    await heading(page, 'Companies');
    expect(await page.getByLabel('Working as').inputValue()).toBe('manager');
  });

  it('says in HubSpot’s words what a token may not do', async () => {
    await stage().portal.control('scopes', { token: 'pat-sandbox-rep', without: ['crm.objects.deals.read'] });
    const page = await stage().visit('#/0-3');
    await page.getByRole('alert').getByText('This app hasn').waitFor();
  });

  it('breaks no rule of accessibility, in list, record and form', async () => {
    const id = await stage().portal.add('deals', { dealname: 'Fleet', amount: '1', dealstage: 'contractsent' });
    const page = await stage().visit('#/0-3');
    expect(await findBreaches(page)).toEqual([]);
    const gone = await stage().portal.add('deals', { dealname: 'Gone' });
    await stage().portal.call('DELETE', `${OBJECTS}/deals/${gone}`);
    for (const hash of [`#/0-3/${id}`, '#/0-3/new', '#/0-3/deleted']) expect(await findBreaches(await stage().visit(hash))).toEqual([]);
  });
});
