import type { CrmPort, RemoteWrite } from '../../crm/port.ts';
import type { CrmFixture, CrmNames } from './crm-fixture.ts';

/** What every adapter does with tasks, whatever the CRM. `open` gives a CRM without records. */
export function describeTaskContract(open: () => Promise<CrmFixture>): void {
  describe('tasks', () => {
    let fixture: CrmFixture;
    let crm: CrmPort;
    let names: CrmNames['task'];
    let registration: string;
    beforeEach(async () => {
      fixture = await open();
      crm = fixture.crm;
      names = fixture.names.task;
      const { object, id, status } = fixture.names.registration;
      registration = await written({ target: { kind: 'external_id', field: id, value: 'r-1' }, fields: { [status]: 'in_review' } }, object);
    });
    afterEach(() => fixture.close());

    const written = async (row: RemoteWrite, object = names.object): Promise<string> => {
      const [outcome] = await crm.write(object, [row]);
      if (outcome?.kind !== 'written') throw new Error(outcome?.message ?? 'no outcome');
      return outcome.id;
    };
    const question = (id: string, fields: RemoteWrite['fields'] = {}): RemoteWrite => ({
      target: { kind: 'external_id', field: names.id, value: id },
      fields: { [names.title]: 'Decide', [names.record]: registration, ...fields },
    });
    const read = async (id: string, ...fields: string[]) => (await crm.read(names.object, [id], fields))[0]?.fields;

    it('knows our id as a unique external id, and the lookups', async () => {
      const { fields } = await crm.describe(names.object);
      const field = (name: string): object | undefined => fields.find((each) => each.name === name);
      expect(field(names.id)).toMatchObject({ type: 'text', unique: true, externalId: true, createable: true, updateable: true });
      expect(field(names.record)).toMatchObject({
        type: 'reference',
        referenceTo: expect.arrayContaining([fixture.names.registration.object]),
        updateable: true,
      });
      expect(field(names.owner)).toMatchObject({ type: 'reference', createable: true, updateable: true });
      expect(field(names.due)).toMatchObject({ type: 'date' });
    });

    it('are made once by our id, on the record, and found by it', async () => {
      const first = await written(question('q-1', { [names.due]: '2027-01-31' }));
      expect(await written(question('q-1', { [names.title]: 'Decide today' }))).toBe(first);
      expect(await read(first, names.title, names.record, names.due)).toEqual({
        [names.title]: 'Decide today',
        [names.record]: registration,
        [names.due]: '2027-01-31',
      });
      const found = await crm.find(names.object, names.id, ['q-1', 'q-2'], []);
      expect(found.map(({ id }) => id)).toEqual([first]);
    });

    it('end in the same state when the answer was lost and the write is repeated', async () => {
      await fixture.loseNextWriteAnswer();
      await expect(crm.write(names.object, [question('q-1')])).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
      expect(await crm.write(names.object, [question('q-1')])).toMatchObject([{ kind: 'written', created: false }]);
      expect(await crm.find(names.object, names.id, ['q-1'], [])).toHaveLength(1);
    });

    it('are closed and opened by their status, and lose their due date by null', async () => {
      const id = await written(question('q-1', { [names.due]: '2027-01-31' }));
      await written({ target: { kind: 'id', id }, fields: { ...names.closed, [names.due]: null } });
      expect(await read(id, names.isClosed.field, names.due)).toEqual({ [names.isClosed.field]: names.isClosed.yes, [names.due]: null });
      await written({ target: { kind: 'id', id }, fields: names.open });
      expect(await read(id, names.isClosed.field)).toEqual({ [names.isClosed.field]: names.isClosed.no });
    });

    it('refuse a record that is not there, and write the others', async () => {
      await fixture.remove(fixture.names.registration.object, registration);
      const outcomes = await crm.write(names.object, [question('q-1'), question('q-2', { [names.record]: null })]);
      expect(outcomes).toMatchObject([{ kind: 'refused', code: 'CRM_RECORD_GONE' }, { kind: 'written' }]);
    });

    it('are captured without those of the CRM that carry no id of ours, deleted ones with the mark', async () => {
      const [kept, gone] = [await written(question('q-1')), await written(question('q-2'))];
      // One that carries no id of ours, as all others of the CRM.
      const other = await written(question('q-3'));
      await written({ target: { kind: 'id', id: other }, fields: { [names.id]: null } });
      await fixture.remove(names.object, gone);
      const { rows } = await crm.capture({ object: names.object, fields: [names.id], after: null, limit: 10, whereNotNull: names.id });
      expect(new Map(rows.map(({ id, deleted }) => [id, deleted]))).toEqual(
        new Map([
          [kept, false],
          [gone, true],
        ]),
      );
    });

    it('have a history where the CRM keeps one of tasks; where it does not, nothing is asked for', async () => {
      const id = await written(question('q-1'));
      await fixture.advanceClock(60_000);
      await written({ target: { kind: 'id', id }, fields: { [names.title]: 'Decide today' } });
      // What a first look at tasks costs is no part of it.
      await read(id, names.title);
      await fixture.forgetCalls();
      const edits = await crm.history(names.object, [id], [names.title]);
      expect(edits.map(({ recordId, field, to }) => [recordId, field, to])).toEqual(
        names.isTracked ? [[id, names.title, 'Decide today']] : [],
      );
      expect(await fixture.calls()).toBe(names.isTracked ? 1 : 0);
    });
  });
}
