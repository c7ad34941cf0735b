import { bearer, openOrg, type Answer, type OpenedOrg } from '../opened-org.ts';
import { connect } from '../metadata/packaged.ts';
import { BY_MANAGER, byUser, deployProcess } from './deployed-process.ts';

const OBJECT = 'Deal_Registration__c';
const LOCKED = [{ message: 'the entity is locked for editing', errorCode: 'ENTITY_IS_LOCKED', fields: [] }];

// A deployment and what follows it take seconds on a busy machine.
jest.setTimeout(30_000);

let org: OpenedOrg;
beforeAll(async () => {
  org = await openOrg();
});
beforeEach(() => org.reset());
afterAll(() => org.close());

const idOf = async (alias: string): Promise<unknown> => (await org.query(`SELECT Id FROM User WHERE Alias = '${alias}'`))[0]?.['Id'];
const register = async (value = 500): Promise<string> =>
  (await org.call('POST', `/sobjects/${OBJECT}`, { Estimated_Value__c: value }, bearer('rep'))).body.id;
const process = (alias: string, request: object): Promise<Answer> =>
  org.call('POST', '/process/approvals', { requests: [request] }, bearer(alias));
const submit = (contextId: string, more: object = {}): Promise<Answer> =>
  process('rep', { actionType: 'Submit', contextId, comments: 'Please', ...more });
const edit = (id: string, alias = 'rep'): Promise<Answer> =>
  org.call('PATCH', `/sobjects/${OBJECT}/${id}`, { Customer_Name__c: 'N' }, bearer(alias));
const noteOf = async (id: string): Promise<unknown> => (await org.call('GET', `/sobjects/${OBJECT}/${id}`)).body.Sync_Note__c;

describe('an approval process', () => {
  it('takes a record, asks the submitter’s manager and ends with the decision, by jsforce', async () => {
    expect(await deployProcess(org.url)).toMatchObject({ status: 'Succeeded' });
    const id = await register();
    const asked = await connect(org.url, 'rep').process.approval.submit(id, 'Please');
    const manager = await idOf('manager');
    expect(asked).toEqual({
      actorIds: [manager],
      entityId: id,
      errors: null,
      instanceId: expect.stringMatching(/^04g/),
      instanceStatus: 'Pending',
      newWorkitemIds: [expect.stringMatching(/^04i/)],
      success: true,
    });
    expect(await noteOf(id)).toBe('Sent');
    // The client's types spell the key in another way than the API.
    const [workitem = ''] = (asked as unknown as { newWorkitemIds: string[] }).newWorkitemIds;
    expect(await connect(org.url, 'manager').process.approval.approve(workitem, 'Fine')).toMatchObject({
      instanceStatus: 'Approved',
      actorIds: [],
      newWorkitemIds: [],
    });
    expect(await noteOf(id)).toBe('Yes');
    const [instance] = await org.query(
      'SELECT Status, CompletedDate, ProcessDefinition.DeveloperName, (SELECT StepStatus, Comments, Actor.Alias FROM Steps ORDER BY Id) FROM ProcessInstance',
    );
    expect(instance).toMatchObject({
      Status: 'Approved',
      CompletedDate: '2026-03-02T09:00:00.000+0000',
      ProcessDefinition: { DeveloperName: 'Deal_Desk' },
      Steps: {
        records: [
          { StepStatus: 'Started', Comments: 'Please', Actor: { Alias: 'rep' } },
          { StepStatus: 'Approved', Comments: 'Fine', Actor: { Alias: 'manager' } },
        ],
      },
    });
    expect(await org.query('SELECT Id FROM ProcessInstanceWorkitem')).toEqual([]);
  });

  it('locks its record, for writes and deletions over every API, until it ends', async () => {
    await deployProcess(org.url);
    const [id, free] = [await register(), await register(1)];
    const [workitem] = (await submit(id)).body[0].newWorkitemIds;
    expect([(await edit(id)).status, (await edit(id)).body]).toEqual([400, LOCKED]);
    expect((await edit(id, 'manager')).body).toEqual(LOCKED);
    expect((await org.call('DELETE', `/sobjects/${OBJECT}/${id}`, undefined, bearer('rep'))).body).toEqual(LOCKED);
    // Those who modify all data are held by no lock, unless somebody else is named.
    await org.control('approvals', { administrators: [] });
    expect((await edit(id, 'integration')).body).toEqual(LOCKED);
    const records = [id, free].map((each) => ({ attributes: { type: OBJECT }, id: each, Customer_Name__c: 'N' }));
    const collection = await org.call('PATCH', '/composite/sobjects', { records });
    expect(collection.body).toMatchObject([{ success: false, errors: [{ statusCode: 'ENTITY_IS_LOCKED' }] }, { success: true }]);
    const { failedResults } = await connect(org.url).bulk2.loadAndWaitForResults({
      object: OBJECT,
      operation: 'update',
      input: [{ Id: id, Customer_Name__c: 'N' }],
      pollInterval: 5,
      pollTimeout: 20_000,
    });
    expect(failedResults).toMatchObject([{ sf__Error: 'ENTITY_IS_LOCKED:the entity is locked for editing:--' }]);
    expect((await process('manager', { actionType: 'Reject', contextId: workitem })).body).toMatchObject([{ instanceStatus: 'Rejected' }]);
    expect(await noteOf(id)).toBe('No');
    expect((await edit(id)).status).toBe(204);
  });

  it.each([
    ['Modify All Data', async () => undefined],
    [
      'Modify All of the object alone',
      async () => {
        const [standard] = await org.query("SELECT Id FROM Profile WHERE Name = 'Standard User'");
        await org.call('PATCH', `/sobjects/User/${String(await idOf('integration'))}`, { ProfileId: standard?.['Id'] });
      },
    ],
  ])('holds nobody who has %s, who may decide too', async (_what, change) => {
    await deployProcess(org.url);
    const id = await register();
    const [workitem] = (await submit(id)).body[0].newWorkitemIds;
    await change();
    expect([(await edit(id, 'rep2')).status, (await edit(id, 'integration')).status]).toEqual([400, 204]);
    expect((await process('rep2', { actionType: 'Approve', contextId: workitem })).body[0].errorCode).toBe(
      'INSUFFICIENT_ACCESS_OR_READONLY',
    );
    expect((await process('integration', { actionType: 'Approve', contextId: workitem })).body).toMatchObject([
      { instanceStatus: 'Approved' },
    ]);
  });

  it('lets its approver edit where it says so, and whoever is named an administrator', async () => {
    await deployProcess(org.url, { editability: 'AdminOrCurrentApprover' });
    const id = await register();
    await submit(id);
    expect([(await edit(id)).status, (await edit(id, 'manager')).status]).toEqual([400, 204]);
    await org.control('approvals', { administrators: ['rep2'] });
    expect([(await edit(id)).status, (await edit(id, 'rep2')).status, (await edit(id, 'integration')).status]).toEqual([400, 204, 400]);
    await org.control('approvals', { administrators: null });
    expect([(await edit(id, 'rep2')).status, (await edit(id, 'integration')).status]).toEqual([400, 204]);
    expect((await org.control('approvals', { administrators: ['nobody'] })).status).toBe(400);
  });

  it('can be recalled by its submitter, and keeps a record locked where it says so', async () => {
    await deployProcess(org.url, { extras: '<finalApprovalRecordLock>true</finalApprovalRecordLock>' });
    const id = await register();
    const [first] = (await submit(id)).body[0].newWorkitemIds;
    expect((await process('rep2', { actionType: 'Removed', contextId: first })).body).toMatchObject([
      { errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY' },
    ]);
    expect((await process('rep', { actionType: 'Removed', contextId: first })).body).toMatchObject([{ instanceStatus: 'Removed' }]);
    expect([await noteOf(id), (await edit(id)).status]).toEqual(['Back', 204]);
    const [second] = (await submit(id)).body[0].newWorkitemIds;
    await process('manager', { actionType: 'Approve', contextId: second });
    expect((await edit(id)).body).toEqual(LOCKED);
  });

  it('goes step by step, unanimously where it says so, and back where a step sends it back', async () => {
    const both = `${byUser('manager')}${byUser('vp')}<whenMultipleApprovers>Unanimous</whenMultipleApprovers>`;
    await deployProcess(org.url, {
      steps: [both, byUser('director')],
      stepExtras: '<rejectBehavior><type>BackToPrevious</type></rejectBehavior>',
    });
    const id = await register();
    const [one, two] = (await submit(id)).body[0].newWorkitemIds;
    expect((await process('manager', { actionType: 'Approve', contextId: one })).body).toMatchObject([
      { instanceStatus: 'Pending', newWorkitemIds: [], actorIds: [await idOf('vp')] },
    ]);
    const [next] = (await process('vp', { actionType: 'Approve', contextId: two })).body[0].newWorkitemIds;
    const sentBack = await process('director', { actionType: 'Reject', contextId: next });
    expect(sentBack.body).toMatchObject([{ instanceStatus: 'Pending', actorIds: [await idOf('manager'), await idOf('vp')] }]);
    const [again] = sentBack.body[0].newWorkitemIds;
    expect((await process('manager', { actionType: 'Reject', contextId: again })).body).toMatchObject([{ instanceStatus: 'Rejected' }]);
  });

  it('is listed, with what it says of itself', async () => {
    expect((await org.call('GET', '/process/approvals')).body).toEqual({ approvals: {} });
    await deployProcess(org.url);
    const { approvals } = (await org.call('GET', '/process/approvals')).body;
    const entry = { description: 'The desk', id: expect.stringMatching(/^04a.{12}$/), name: 'Deal Desk', object: OBJECT, sortOrder: 1 };
    expect(approvals).toEqual({ [OBJECT]: [entry] });
  });
});

describe('what cannot be submitted or decided', () => {
  it('is refused in the words of the org, and changes nothing', async () => {
    const small = await register(1);
    expect([(await submit(small)).status, (await submit(small)).body]).toEqual([
      400,
      [{ message: 'No applicable approval process was found.', errorCode: 'NO_APPLICABLE_PROCESS' }],
    ]);
    await deployProcess(org.url);
    expect((await submit(small)).body).toMatchObject([{ errorCode: 'NO_APPLICABLE_PROCESS' }]);
    expect((await submit(small, { skipEntryCriteria: true, processDefinitionNameOrId: 'Deal_Desk' })).status).toBe(200);
    expect((await submit(small)).body).toEqual([{ message: 'Cannot submit object already in process.', errorCode: 'ALREADY_IN_PROCESS' }]);
    expect((await submit('a00000000000000AAA')).body).toMatchObject([{ errorCode: 'INVALID_CROSS_REFERENCE_KEY' }]);
    const id = await register();
    // Nobody stands above the VP, to whom the record cannot go.
    expect((await process('vp', { actionType: 'Submit', contextId: id })).body).toMatchObject([{ errorCode: 'MANAGER_NOT_DEFINED' }]);
    expect((await edit(id)).status).toBe(204);
    const [workitem] = (await submit(id)).body[0].newWorkitemIds;
    expect((await process('rep2', { actionType: 'Approve', contextId: workitem })).body).toMatchObject([
      { errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY' },
    ]);
    await process('manager', { actionType: 'Approve', contextId: workitem });
    expect((await process('manager', { actionType: 'Approve', contextId: workitem })).body).toMatchObject([
      { errorCode: 'INVALID_CROSS_REFERENCE_KEY' },
    ]);
    await org.call('DELETE', `/sobjects/${OBJECT}/${id}`);
    expect((await submit(id)).body).toMatchObject([{ errorCode: 'ENTITY_IS_DELETED' }]);
  });

  it('is told of a formula that cannot be evaluated, and of an approver who has to be chosen', async () => {
    await deployProcess(org.url, { entry: '1 / Estimated_Value__c > 0' });
    expect((await submit(await register(0))).body).toMatchObject([
      { errorCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message: expect.stringContaining('Division by zero') },
    ]);
    await deployProcess(org.url, { steps: ['<approver><type>adhoc</type></approver>'] });
    const id = await register();
    expect((await submit(id)).body).toMatchObject([{ errorCode: 'REQUIRED_FIELD_MISSING', fields: ['nextApproverIds'] }]);
    const vp = await idOf('vp');
    expect((await submit(id, { nextApproverIds: [vp] })).body).toMatchObject([{ actorIds: [vp] }]);
  });

  it.each([
    ['lessThan', '500', 499, 500],
    ['equals', '7, 8', 8, 9],
    ['notEqual', '7, 8', 9, 8],
  ])('is told by items too: %s %s takes %d and not %d', async (operation, value, inside, outside) => {
    const items = `<criteriaItems><field>${OBJECT}.Estimated_Value__c</field><operation>${operation}</operation><value>${value}</value></criteriaItems>`;
    await deployProcess(org.url, { entry: items });
    expect([(await submit(await register(inside))).status, (await submit(await register(outside))).status]).toEqual([200, 400]);
  });
});

describe('the deployment of an approval process', () => {
  it.each([
    ['a formula of nothing', { entry: 'Gone__c > 1' }, 'Field Gone__c does not exist. Check spelling.'],
    ['an unknown kind of approver', { steps: ['<approver><type>oracle</type></approver>'] }, 'Error parsing file: '],
    [
      'an action that the object does not have',
      { stepExtras: '<approvalActions><action><name>Nope</name><type>FieldUpdate</type></action></approvalActions>', steps: [BY_MANAGER] },
      'In field: action - no WorkflowFieldUpdate named Deal_Registration__c.Nope found',
    ],
  ])('is refused for %s', async (_what, text, problem) => {
    const result = await deployProcess(org.url, text);
    expect(result).toMatchObject({ status: 'Failed' });
    expect(result.details.componentFailures).toMatchObject([
      { componentType: 'ApprovalProcess', problem: expect.stringContaining(problem) },
    ]);
  });
});
