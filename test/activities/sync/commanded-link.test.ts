import type { SyncActivities } from '../../../activities/contract.ts';
import { CrmFailure } from '../../../crm/failures.ts';
import { auditOf } from '../../support/conversion-stage.ts';
import { link, LOST_ANSWER, openOpportunitySync, relink, UNLINK, type OpportunitySync } from '../../support/opportunity-sync.ts';
import { openSyncStage, type CrmRow, type SyncStage } from '../../support/sync-stage.ts';

jest.setTimeout(120_000);

describe('the link of a command', () => {
  let stage: SyncStage;
  let sync: OpportunitySync;
  let id = '';
  let remoteId = '';
  let [first, second] = ['', ''];

  beforeAll(async () => {
    stage = await openSyncStage();
  });
  beforeEach(async () => {
    await stage.reset();
    sync = openOpportunitySync(stage);
    [id = ''] = await stage.settledRegistrations(1);
    await stage.setState(id, { status: 'approved' });
    await stage.settle();
    remoteId = await stage.remoteId('registration', id);
    first = await sync.opportunity({ Name: 'First' });
    second = await sync.opportunity({ Name: 'Second' });
  });
  afterAll(() => stage.close());

  const onRecord = async () => (await stage.rep.row('registration', remoteId))['Opportunity__c'];
  const history = () => sync.history('registration', remoteId, 'Opportunity__c');
  const saveAsRep = (fields: CrmRow) => stage.rep.edit('registration', remoteId, fields);

  it('is written to the record once, by us, and echoes to nothing', async () => {
    await sync.command(id, link(first));
    await stage.settle();
    expect([await onRecord(), await history()]).toEqual([first, [['integration', first]]]);
    expect(await sync.link(id)).toEqual({ opportunity: first, isPrimary: true, by: 'manager', isCommanded: false });
    await stage.control('clock', { advanceMs: 61_000 });
    expect((await stage.callsDuring(() => stage.settle())).writes).toBe(0);
    expect([await stage.decisions(id), await stage.differences()]).toEqual([[], []]);
    expect(await auditOf(sync.decisions, id)).not.toContain('edited in CRM');
  });

  it.each([
    ['relink moves it at once', relink, 'second'],
    ['unlink empties it', () => UNLINK, null],
  ] as const)('is moved and taken away the same way: %s', async (_what, command, expected) => {
    await sync.command(id, link(first));
    await stage.settle();
    await sync.command(id, command(second));
    await stage.settle();
    const after = expected === null ? null : second;
    expect([await onRecord(), await history()]).toEqual([
      after,
      [
        ['integration', first],
        ['integration', after],
      ],
    ]);
    expect(await stage.differences()).toEqual([]);
  });

  it('is written once although the answer is lost', async () => {
    await sync.command(id, link(first));
    await stage.faults(LOST_ANSWER);
    await expect(stage.push('registration')).rejects.toMatchObject({ type: 'CRM_UNAVAILABLE' });
    // Negative control: the CRM has it.
    expect(await onRecord()).toBe(first);
    await stage.settle();
    expect(await history()).toEqual([['integration', first]]);
    expect(await sync.link(id)).toMatchObject({ opportunity: first, isPrimary: true, isCommanded: false });
  });

  it.each([
    ['before the write', () => ({ write: die })],
    ['after the write', undefined],
  ] as const)('is written once although the worker is killed %s', async (_what, wrap) => {
    await sync.command(id, link(first));
    const killed = stage.workerOn(
      (port) =>
        wrap?.() ?? {
          write: async (object, rows) => {
            await port.write(object, rows);
            return die();
          },
        },
    );
    await expect(stage.push('registration', killed)).rejects.toThrow('killed');
    await stage.settle();
    expect([await onRecord(), await history()]).toEqual([first, [['integration', first]]]);
    expect(await sync.link(id)).toMatchObject({ opportunity: first, isCommanded: false });
  });

  it('stands against an edit that the rep had made before it, and that nobody had seen', async () => {
    await saveAsRep({ Opportunity__c: second });
    await stage.control('clock', { advanceMs: -60_000 });
    await sync.command(id, link(first));
    await commandedIn(120_000);
    await stage.settle();
    expect([await onRecord(), await sync.link(id)]).toEqual([first, expect.objectContaining({ opportunity: first, isCommanded: false })]);
    expect(await stage.decisions(id)).toEqual([{ field: 'opportunity', outcome: 'send', policy: 'newest' }]);
  });

  it('gives way to an edit that the rep makes before it is written', async () => {
    await sync.command(id, link(first));
    await commandedIn(-120_000);
    await saveAsRep({ Opportunity__c: second });
    await stage.settle();
    expect([await onRecord(), await history()]).toEqual([second, [['rep', second]]]);
    expect(await sync.link(id)).toMatchObject({ opportunity: second, by: 'salesforce', isCommanded: false });
    expect(await stage.decisions(id)).toEqual([{ field: 'opportunity', outcome: 'take', policy: 'newest' }]);
  });

  it('gives way to an edit that the rep makes once it is written, as any link that the CRM has', async () => {
    await sync.command(id, link(first));
    await stage.settle();
    await saveAsRep({ Opportunity__c: second });
    await stage.settle();
    expect([await onRecord(), await sync.link(id)]).toEqual([second, expect.objectContaining({ opportunity: second, isPrimary: true })]);
    expect(await history()).toEqual([
      ['integration', first],
      ['rep', second],
    ]);
  });

  /** A worker just before whose first write the rep saves. */
  function coveringWorker(fields: CrmRow, end: () => void = () => undefined): SyncActivities {
    let isSaved = false;
    return stage.workerOn((port) => ({
      write: async (object, rows) => {
        if (!isSaved) await saveAsRep(fields);
        isSaved = true;
        const outcomes = await port.write(object, rows);
        end();
        return outcomes;
      },
    }));
  }

  it.each([
    ['and the answer comes', undefined],
    ['and the answer is lost', loseAnswer],
  ] as const)('gives way to an edit that it covered, %s', async (_what, end) => {
    await sync.command(id, link(first));
    await coveringWorker({ Opportunity__c: second }, end)
      .pushBatch('salesforce', 'registration')
      .catch(() => undefined);
    // Negative control: our write did cover it.
    expect(await onRecord()).toBe(first);
    await stage.settle();
    expect([await onRecord(), await sync.link(id)]).toEqual([second, expect.objectContaining({ opportunity: second, isCommanded: false })]);
    expect((await history()).map(([by]) => by)).toEqual(['rep', 'integration', 'integration']);
  });

  it('leaves what the rep edits beside it alone', async () => {
    await sync.command(id, link(first));
    await stage.push('registration', coveringWorker({ Estimated_Value__c: 47000 }));
    await stage.settle();
    expect(await stage.rep.row('registration', remoteId)).toMatchObject({ Opportunity__c: first, Estimated_Value__c: 47000 });
    expect(await stage.differences()).toEqual([]);
  });

  it('that is moved while it is being written ends with the last word', async () => {
    await sync.command(id, link(first));
    const moving = stage.workerOn((port) => ({
      write: async (object, rows) => {
        const outcomes = await port.write(object, rows);
        if ((await sync.link(id))?.opportunity === first) await sync.command(id, relink(second));
        return outcomes;
      },
    }));
    await stage.push('registration', moving);
    await stage.settle();
    expect([await onRecord(), await sync.link(id)]).toEqual([second, expect.objectContaining({ opportunity: second, isCommanded: false })]);
  });

  it('of a claim that is denied is written too, and makes it no primary', async () => {
    await stage.setState(id, { status: 'denied' });
    await sync.command(id, link(first));
    await stage.settle();
    expect([await onRecord(), (await sync.link(id))?.isPrimary]).toEqual([first, false]);
    expect(await stage.rep.row('Opportunity', first)).toMatchObject({ Primary_Registration__c: null });
  });

  it('that the CRM refuses, since the opportunity is gone, is given up once that is known', async () => {
    await sync.command(id, link(first));
    await stage.rep.remove('Opportunity', first);
    expect(await stage.push('registration')).toEqual({ written: 0, refused: 1 });
    await stage.pull('opportunity');
    await stage.settle();
    expect([await onRecord(), await sync.link(id), await stage.issues()]).toEqual([null, null, []]);
  });

  it('is on the record that is made in place of one that was deleted', async () => {
    await sync.command(id, link(first));
    await stage.settle();
    await stage.rep.remove('registration', remoteId);
    await stage.settle();
    const restored = await stage.remoteId('registration', id);
    expect(restored).not.toBe(remoteId);
    expect(await stage.rep.row('registration', restored)).toMatchObject({ Opportunity__c: first });
    expect(await sync.link(id)).toMatchObject({ opportunity: first, isPrimary: true, isCommanded: false });
    expect(await stage.rep.row('Opportunity', first)).toMatchObject({ Primary_Registration__c: restored });
  });

  it('is written by the CRM’s limit, where there are many', async () => {
    await stage.reset();
    sync = openOpportunitySync(stage);
    const ids = await stage.settledRegistrations(250);
    const opportunity = await sync.opportunity();
    for (const each of ids) await sync.command(each, link(opportunity));
    const { writes } = await stage.callsDuring(() => stage.push('registration'));
    expect(writes).toBe(Math.ceil(250 / 200));
    expect(await stage.rep.query(`SELECT Id FROM Deal_Registration__c WHERE Opportunity__c = '${opportunity}'`)).toHaveLength(250);
  });

  /** Moves when the command was given, since two times within one second are not told apart. */
  async function commandedIn(ms: number): Promise<void> {
    await stage.db
      .updateTable('registration_place')
      .set({ commanded_at: new Date(Date.now() + ms).toISOString() })
      .where('registration_id', '=', id)
      .execute();
  }
});

function die(): never {
  throw new Error('killed');
}

function loseAnswer(): never {
  throw new CrmFailure('CRM_UNAVAILABLE', 'the answer was lost');
}
