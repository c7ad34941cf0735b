import { bearer, openOrg, type OpenedOrg } from '../opened-org.ts';

let org: OpenedOrg;
beforeAll(async () => {
  org = await openOrg();
});
beforeEach(() => org.reset());
afterAll(() => org.close());

const add = async (object: string, fields: object): Promise<string> => (await org.call('POST', `/sobjects/${object}`, fields)).body.id;
const row = async (object: string, id: string): Promise<Record<string, unknown>> =>
  (await org.call('GET', `/sobjects/${object}/${id}`)).body;
const automation = (...rules: object[]) => org.control('automation', { rules });

describe('automation within a save', () => {
  it('changes other fields as the user who saves, in one write with one event', async () => {
    await automation({
      sobject: 'Account',
      when: 'inSave',
      condition: 'ISCHANGED(Phone)',
      set: { Site: { formula: 'Phone & "!"' }, Rating: 'Hot' },
    });
    const id = await add('Account', { Name: 'A', Phone: '1' });
    expect(await row('Account', id)).toMatchObject({ Site: null, Rating: null });
    await org.call('PATCH', `/sobjects/Account/${id}`, { Phone: '2' }, bearer('rep'));
    const [rep] = await org.query("SELECT Id FROM User WHERE Alias = 'rep'");
    expect(await row('Account', id)).toMatchObject({ Site: '2!', Rating: 'Hot', LastModifiedById: rep?.['Id'] });
    expect((await org.control('events')).body.count).toBe(2);
  });

  it('is asked before validation rules, which see what it made', async () => {
    await automation({ sobject: 'Deal_Registration__c', when: 'inSave', set: { Estimated_Value__c: -1 } });
    const refused = await org.call('POST', '/sobjects/Deal_Registration__c', { Estimated_Value__c: 5 });
    expect(refused.body).toMatchObject([{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' }]);
  });

  it('refuses the save when it fails', async () => {
    await automation({ sobject: 'Account', when: 'inSave', set: { NumberOfEmployees: { formula: '1 / 0' } } });
    expect((await org.call('POST', '/sobjects/Account', { Name: 'A' })).body).toMatchObject([
      { errorCode: 'CANNOT_EXECUTE_FLOW_TRIGGER', message: expect.stringContaining('Division by zero') },
    ]);
  });
});

describe('automation after a save', () => {
  it('writes later and by itself, once, as whom it says', async () => {
    await automation({ sobject: 'Account', when: 'later', on: 'create', as: 'vp', set: { Site: { formula: 'Name & "?"' } } });
    const id = await add('Account', { Name: 'A' });
    const [vp] = await org.query("SELECT Id FROM User WHERE Alias = 'vp'");
    expect(await row('Account', id)).toMatchObject({ Site: 'A?', LastModifiedById: vp?.['Id'] });
    expect((await org.control('events')).body.count).toBe(2);
    await org.call('PATCH', `/sobjects/Account/${id}`, { Site: null });
    await row('Account', id);
    expect(await row('Account', id)).toMatchObject({ Site: null });
  });
});

describe('the control of automation', () => {
  it.each([
    [{ sobject: 'Nope', when: 'later', set: {} }, 'unknown sobject Nope'],
    [{ sobject: 'Account', when: 'later', set: { Nope: 1 } }, 'Account has no field Nope'],
    [{ sobject: 'Account', when: 'later', condition: 'Nam = ""', set: {} }, 'Nam = "": Field Nam does not exist. Check spelling.'],
  ])('refuses %j', async (rule, error) => {
    const answer = await automation(rule);
    expect([answer.status, answer.body]).toEqual([400, { error }]);
  });
});
