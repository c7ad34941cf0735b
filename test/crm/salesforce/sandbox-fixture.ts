import { join } from 'node:path';
import type { CrmPort } from '../../../crm/port.ts';
import { connectSalesforce } from '../../../crm/salesforce/connect.ts';
import { openSalesforceSandbox } from '../../../sandbox/salesforce/open-sandbox.ts';
import type { CrmFixture } from '../crm-fixture.ts';

const SESSION = '00D000000000001!';

/** An empty sandbox org, and the port as the integration user and as a rep. */
export async function openSalesforceFixture(): Promise<
  CrmFixture & { readonly url: string; control(path: string, body: object): Promise<void> }
> {
  const metadataRoot = join(process.cwd(), 'crm/salesforce/force-app');
  const sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot, sampleFile: null, seed: 1 });
  const connectAs = (alias: string): Promise<CrmPort> =>
    connectSalesforce({
      connection: 'salesforce',
      instanceUrl: sandbox.url,
      auth: { kind: 'token', accessToken: SESSION + alias },
      apiVersion: '66.0',
      requestTimeoutMs: 10_000,
    });
  const control = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`/_sandbox/${path}: ${response.status} ${await response.text()}`);
  };
  const faultWrite = (fault: object): Promise<void> =>
    control('faults', { rules: [{ method: 'PATCH', path: '/composite/sobjects', nth: 1, times: 1, ...fault }] });
  const totalCalls = async (): Promise<number> =>
    ((await (await fetch(`${sandbox.url}/_sandbox/calls`)).json()) as { total: number }).total;
  let forgotten = 0;
  return {
    url: sandbox.url,
    control,
    names: {
      partner: { object: 'Account', id: 'Partner_Id__c', name: 'Name' },
      registration: {
        object: 'Deal_Registration__c',
        id: 'Registration_Id__c',
        status: 'Status__c',
        partner: 'Partner__c',
        customerName: 'Customer_Name__c',
        value: 'Estimated_Value__c',
        closeDate: 'Expected_Close_Date__c',
        description: 'Description__c',
        isDescriptionTracked: false,
        longest: { id: 36, customerName: 255 },
      },
      task: {
        object: 'Task',
        id: 'Question_Id__c',
        title: 'Subject',
        due: 'ActivityDate',
        owner: 'OwnerId',
        record: 'WhatId',
        closed: { Status: 'Completed' },
        open: { Status: 'Not Started' },
        isClosed: { field: 'IsClosed', yes: true, no: false },
        isTracked: false,
      },
    },
    crm: await connectAs('integration'),
    rep: await connectAs('rep'),
    calls: async () => (await totalCalls()) - forgotten,
    forgetCalls: async () => {
      forgotten = await totalCalls();
    },
    remove: async (object, id) => {
      const response = await fetch(`${sandbox.url}/services/data/v66.0/sobjects/${object}/${id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${SESSION}rep` },
      });
      if (response.status !== 204) throw new Error(`DELETE ${object} ${id}: ${response.status} ${await response.text()}`);
    },
    advanceClock: (advanceMs) => control('clock', { advanceMs }),
    loseNextWriteAnswer: () => faultWrite({ fault: 'lost_answer' }),
    lockNextRow: () => faultWrite({ fault: 'row_lock', rows: [0] }),
    failNextCall: () => control('faults', { rules: [{ method: '*', path: '/', nth: 1, times: 1, fault: 'unavailable' }] }),
    close: () => sandbox.close(),
  };
}
