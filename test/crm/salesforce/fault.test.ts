import { CRM_FAILURES, type CrmFailureCode } from '../../../crm/failures.ts';
import type { CrmPort, RemoteWrite } from '../../../crm/port.ts';
import { CLIENT, openRegisteredOrg, type RegisteredOrg } from './registered-org.ts';
import { failureOf } from './stub-org.ts';

/** Everything that the sandbox can be asked to do to a call, and what our connection makes of it. */

let org: RegisteredOrg;
let crm: CrmPort;

beforeAll(async () => void (org = await openRegisteredOrg()));
beforeEach(async () => {
  await org.reset();
  crm = await org.connect(CLIENT);
  await crm.describe('Account');
});
afterAll(() => org.close());

const partner = (id: string, name = `Partner ${id}`): RemoteWrite => ({
  target: { kind: 'external_id', field: 'Partner_Id__c', value: id },
  fields: { Name: name },
});
const read = () => crm.find('Account', 'Partner_Id__c', ['p-1', 'p-2'], ['Name']);
const write = (...rows: readonly RemoteWrite[]) => crm.write('Account', rows);
const fault = (...rules: readonly object[]) => org.control('faults', { rules });
const onRead = { method: 'GET', path: '/query' };
const onWrite = { method: 'PATCH', path: '/composite/sobjects' };

type Case = readonly [what: string, rule: object, code: CrmFailureCode];

/** The call was refused before anything was done. */
const REFUSED: readonly Case[] = [
  ['the calls of the day are used up', { fault: 'limit' }, 'CRM_ALLOWANCE_EXHAUSTED'],
  ['too many calls at once', { fault: 'concurrent_limit' }, 'CRM_RATE_LIMITED'],
  ['a right is missing', { fault: 'status', status: 403 }, 'CRM_PERMISSION_DENIED'],
  ['406 with an empty body', { fault: 'status', status: 406 }, 'CRM_UNAVAILABLE'],
  ['412', { fault: 'status', status: 412 }, 'CRM_REQUEST_INVALID'],
  ['300', { fault: 'status', status: 300 }, 'CRM_DUPLICATE'],
  ['420 with a page', { fault: 'status', status: 420 }, 'CRM_UNAVAILABLE'],
  ['429', { fault: 'status', status: 429 }, 'CRM_RATE_LIMITED'],
  ['500', { fault: 'status', status: 500 }, 'CRM_UNAVAILABLE'],
  ['502', { fault: 'status', status: 502 }, 'CRM_UNAVAILABLE'],
  ['503', { fault: 'status', status: 503 }, 'CRM_UNAVAILABLE'],
  ['503 with a page', { fault: 'unavailable' }, 'CRM_UNAVAILABLE'],
  ['504', { fault: 'status', status: 504 }, 'CRM_UNAVAILABLE'],
  ['a lock on the whole call', { fault: 'status', status: 400 }, 'CRM_RECORD_LOCKED'],
  ['a connection that is cut', { fault: 'drop' }, 'CRM_UNAVAILABLE'],
];

/** The call was carried out, and the answer did not arrive as one. */
const LOST: readonly Case[] = [
  ['a connection that is cut after the commit', { fault: 'lost_answer' }, 'CRM_UNAVAILABLE'],
  ['half an answer', { fault: 'truncate' }, 'CRM_UNAVAILABLE'],
  ['a page in place of the answer', { fault: 'html' }, 'CRM_UNAVAILABLE'],
];

describe('a read that meets a fault', () => {
  it.each([...REFUSED, ...LOST])('%s', async (_what, rule, code) => {
    await fault({ ...onRead, ...rule });
    const failure = await failureOf(read());
    expect(failure).toMatchObject({ code, message: expect.stringMatching(/\S/) });
    expect(failure.message).not.toContain('<html>');
    expect(CRM_FAILURES[failure.code].remedy).toMatch(/\.$/);
    expect(await read()).toEqual([]);
  });

  it('takes an answer that is only late', async () => {
    await write(partner('p-1'));
    await fault({ ...onRead, fault: 'delay', delayMs: 50 }, { ...onRead, nth: 2, fault: 'slow', delayMs: 50 });
    expect([await read(), await read()]).toMatchObject([[{ fields: { Name: 'Partner p-1' } }], [{ fields: { Name: 'Partner p-1' } }]]);
  });
});

describe('a write that meets a fault', () => {
  it.each(REFUSED)('%s: nothing was written, and it can be repeated', async (_what, rule, code) => {
    await fault({ ...onWrite, ...rule });
    expect(await failureOf(write(partner('p-1')))).toMatchObject({ code });
    expect(await read()).toEqual([]);
    expect(await write(partner('p-1'))).toMatchObject([{ kind: 'written', created: true }]);
  });

  it.each(LOST)('%s: it was written, and repeating it makes no second record', async (_what, rule, code) => {
    await fault({ ...onWrite, ...rule });
    expect(await failureOf(write(partner('p-1')))).toMatchObject({ code });
    expect(await write(partner('p-1'))).toMatchObject([{ kind: 'written', created: false }]);
    expect(await read()).toHaveLength(1);
  });

  it('single rows that are locked are refused alone, and pass when they are written again', async () => {
    await fault({ ...onWrite, fault: 'row_lock', rows: [1] });
    const rows = [partner('p-1'), partner('p-2')];
    expect(await write(...rows)).toMatchObject([{ kind: 'written' }, { kind: 'refused', code: 'CRM_RECORD_LOCKED', retryable: true }]);
    expect(await write(...rows)).toMatchObject([
      { kind: 'written', created: false },
      { kind: 'written', created: true },
    ]);
  });

  it('a page in place of a refusal refuses no row', async () => {
    await fault({ ...onWrite, times: 2, fault: 'html' });
    const unknown = { ...partner('p-1'), fields: { Nope__c: 'x' } };
    expect(await failureOf(write(unknown))).toMatchObject({ code: 'CRM_UNAVAILABLE' });
  });
});

describe('a session that is refused', () => {
  it('once: is renewed, and nobody notices', async () => {
    await fault({ ...onRead, fault: 'unauthorized' });
    expect(await read()).toEqual([]);
    expect(await org.tokenCalls()).toBe(2);
  });

  it('for ever, also right after a good renewal: is the end after one renewal', async () => {
    await fault({ ...onRead, times: 100, fault: 'unauthorized' });
    expect(await failureOf(read())).toMatchObject({ code: 'CRM_AUTH_FAILED' });
    expect(await org.tokenCalls()).toBe(2);
  });

  it.each<Case>([
    ['a refusal', { fault: 'status', status: 400 }, 'CRM_AUTH_FAILED'],
    ['an outage', { fault: 'unavailable' }, 'CRM_UNAVAILABLE'],
    ['a cut connection', { fault: 'drop' }, 'CRM_UNAVAILABLE'],
  ])('and the token endpoint answers with %s', async (_what, rule, code) => {
    await fault({ ...onRead, fault: 'unauthorized' }, { method: 'POST', path: '/services/oauth2/token', ...rule });
    expect(await failureOf(read())).toMatchObject({ code });
  });
});
