import { CrmFailure } from '../../crm/failures.ts';
import type { CapturePosition, CrmPort, FieldCondition, RemoteRow, RemoteWrite, RowCondition } from '../../crm/port.ts';
import type { CrmFixture, CrmNames } from './crm-fixture.ts';

/** What every adapter does, whatever the CRM. `open` gives a CRM without records. */
export function describeCrmContract(open: () => Promise<CrmFixture>): void {
  let fixture: CrmFixture;
  let crm: CrmPort;
  let names: CrmNames;
  beforeEach(async () => {
    fixture = await open();
    ({ crm, names } = fixture);
  });
  afterEach(() => fixture.close());

  const partnerRow = (id: string, fields: RemoteWrite['fields'] = {}): RemoteWrite => ({
    target: { kind: 'external_id', field: names.partner.id, value: id },
    fields: { [names.partner.name]: `Partner ${id}`, ...fields },
  });
  const claimRow = (id: string, fields: RemoteWrite['fields'] = {}): RemoteWrite => ({
    target: { kind: 'external_id', field: names.registration.id, value: id },
    fields: { [names.registration.status]: 'submitted', ...fields },
  });
  const written = async (rows: readonly RemoteWrite[], object = names.registration.object, port = crm): Promise<string[]> =>
    (await port.write(object, rows)).map((outcome) => {
      if (outcome.kind === 'refused') throw new Error(outcome.message);
      return outcome.id;
    });
  const readOne = async (id: string, fields: readonly string[]): Promise<RemoteRow['fields'] | undefined> =>
    (await crm.read(names.registration.object, [id], fields))[0]?.fields;

  describe('access', () => {
    it('tells who is signed in, where, and what is left of the calls of the day', async () => {
      const access = await (crm.access?.() ?? Promise.reject(new Error('does not tell')));
      expect(access).toMatchObject({ username: expect.stringMatching(/./), organization: expect.stringMatching(/./) });
      const usage = crm.usage();
      expect(access.allowances.map(({ max }) => max)).toContain(usage?.limit);
      for (const { max, remaining } of access.allowances) expect(remaining).toBeLessThanOrEqual(max);
      // Where it tells of rights, it tells of all kinds of records that are named there, and this user has them.
      for (const { isReadable, missing } of access.reach ?? []) expect([isReadable, missing]).toEqual([true, []]);
    });
  });

  describe('describe', () => {
    it('knows types, lengths, restricted values and unique ids', async () => {
      const { fields } = await crm.describe(names.registration.object);
      const field = (name: string): object | undefined => fields.find((each) => each.name === name);
      expect(field(names.registration.id)).toMatchObject({
        type: 'text',
        maxLength: names.registration.longest.id,
        unique: true,
        externalId: true,
        createable: true,
      });
      expect(field(names.registration.status)).toMatchObject({
        type: 'picklist',
        restricted: true,
        values: expect.arrayContaining(['submitted', 'approved']),
      });
      expect(field(names.registration.value)).toMatchObject({ type: 'number' });
      expect(field(names.registration.closeDate)).toMatchObject({ type: 'date' });
      expect(field(names.registration.description)).toMatchObject({ type: 'long_text' });
      expect(field(names.registration.partner)).toMatchObject({ type: 'reference', referenceTo: [names.partner.object] });
    });

    it('fails by code for an object that does not exist', async () => {
      await expect(crm.describe('Nothing_Like_It__c')).rejects.toMatchObject({ code: 'CRM_FIELD_UNKNOWN' });
    });
  });

  describe('write', () => {
    it('creates by external id, and changes the same row the next time', async () => {
      const [first] = await crm.write(names.registration.object, [claimRow('r-1', { [names.registration.value]: 25000 })]);
      expect(first).toMatchObject({ kind: 'written', created: true });
      const [second] = await crm.write(names.registration.object, [claimRow('r-1', { [names.registration.value]: 30000.5 })]);
      expect(second).toEqual({ ...first, created: false });
      const id = first?.kind === 'written' ? first.id : '';
      expect(await readOne(id, [names.registration.value])).toEqual({ [names.registration.value]: 30000.5 });
    });

    it('carries a full batch in one call', async () => {
      const rows = Array.from({ length: crm.writeBatchSize }, (_row, index) => claimRow(`r-${index}`));
      await fixture.forgetCalls();
      expect(new Set(await written(rows)).size).toBe(crm.writeBatchSize);
      expect(await fixture.calls()).toBe(1);
    });

    it('empties a field with null, and leaves alone what it is not given', async () => {
      const { value, customerName, closeDate } = names.registration;
      const [id = ''] = await written([claimRow('r-1', { [value]: 10, [customerName]: 'Contoso', [closeDate]: '2027-01-31' })]);
      await written([{ target: { kind: 'id', id }, fields: { [value]: null } }]);
      expect(await readOne(id, [value, customerName, closeDate])).toEqual({
        [value]: null,
        [customerName]: 'Contoso',
        [closeDate]: '2027-01-31',
      });
    });

    it('keeps any text as it is', async () => {
      const text = 'O\'Reilly & "Söhne" <\\> 日本 😀 %_;';
      const [id = ''] = await written([
        claimRow('r-1', { [names.registration.customerName]: text, [names.registration.description]: `${text}\n${text}` }),
      ]);
      expect(await readOne(id, [names.registration.customerName])).toEqual({ [names.registration.customerName]: text });
    });

    it('refuses bad rows one by one, with the code, the words and the field, and writes the others', async () => {
      const outcomes = await crm.write(names.registration.object, [
        claimRow('r-1'),
        claimRow('r-2', { [names.registration.status]: 'granted' }),
        claimRow('r-3', { [names.registration.customerName]: 'x'.repeat(names.registration.longest.customerName + 1) }),
        claimRow('r-4'),
      ]);
      expect(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind))).toEqual([
        'written',
        'CRM_VALUE_INVALID',
        'CRM_VALUE_INVALID',
        'written',
      ]);
      expect(outcomes[1]).toMatchObject({
        retryable: false,
        message: expect.stringContaining('granted'),
        fields: [names.registration.status],
      });
      expect(await crm.find(names.registration.object, names.registration.id, ['r-1', 'r-2', 'r-3', 'r-4'], [])).toHaveLength(2);
    });

    it('refuses a value that no parser can read, and writes the others', async () => {
      const outcomes = await crm.write(names.registration.object, [
        claimRow('r-1', { [names.registration.closeDate]: 'soon' }),
        claimRow('r-2'),
      ]);
      expect(outcomes).toMatchObject([{ kind: 'refused', code: 'CRM_VALUE_INVALID' }, { kind: 'written' }]);
    });

    it('refuses a field that does not exist, and writes the others', async () => {
      const outcomes = await crm.write(names.registration.object, [claimRow('r-1', { Nothing_Like_It__c: 'x' }), claimRow('r-2')]);
      expect(outcomes).toMatchObject([{ kind: 'refused', code: 'CRM_FIELD_UNKNOWN' }, { kind: 'written' }]);
    });

    it('refuses a second row with a unique value', async () => {
      const [, second = ''] = await written([claimRow('r-1'), claimRow('r-2')]);
      const outcomes = await crm.write(names.registration.object, [
        { target: { kind: 'id', id: second }, fields: { [names.registration.id]: 'r-1' } },
      ]);
      expect(outcomes).toMatchObject([{ kind: 'refused', code: 'CRM_DUPLICATE', retryable: false }]);
    });

    it('finds a parent by its external id, and refuses a row whose parent is not there', async () => {
      const [partnerId] = await written([partnerRow('p-1')], names.partner.object);
      const parents = (value: string): RemoteWrite['parents'] & object => ({
        [names.registration.partner]: { object: names.partner.object, field: names.partner.id, value },
      });
      const outcomes = await crm.write(names.registration.object, [
        { ...claimRow('r-1'), parents: parents('p-1') },
        { ...claimRow('r-2'), parents: parents('p-404') },
      ]);
      expect(outcomes).toMatchObject([{ kind: 'written' }, { kind: 'refused', code: 'CRM_REFERENCE_MISSING' }]);
      const [row] = await crm.find(names.registration.object, names.registration.id, ['r-1'], [names.registration.partner]);
      expect(row?.fields[names.registration.partner]).toBe(partnerId);
    });

    it('tells that a row is gone', async () => {
      const [id = ''] = await written([claimRow('r-1')]);
      await fixture.remove(names.registration.object, id);
      const outcomes = await crm.write(names.registration.object, [
        { target: { kind: 'id', id }, fields: { [names.registration.value]: 1 } },
      ]);
      expect(outcomes).toMatchObject([{ kind: 'refused', code: 'CRM_RECORD_GONE', retryable: false }]);
    });

    it('tells that a locked row may be tried again, and writes the others', async () => {
      await fixture.lockNextRow();
      expect(await crm.write(names.registration.object, [claimRow('r-1'), claimRow('r-2')])).toMatchObject([
        { kind: 'refused', code: 'CRM_RECORD_LOCKED', retryable: true },
        { kind: 'written' },
      ]);
    });

    it('ends in the same state when the answer was lost and the write is repeated', async () => {
      await fixture.loseNextWriteAnswer();
      const rows = [claimRow('r-1'), claimRow('r-2')];
      await expect(crm.write(names.registration.object, rows)).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
      expect(await crm.write(names.registration.object, rows)).toMatchObject([
        { kind: 'written', created: false },
        { kind: 'written', created: false },
      ]);
      expect(await crm.find(names.registration.object, names.registration.id, ['r-1', 'r-2'], [])).toHaveLength(2);
    });
  });

  describe('read and find', () => {
    it('read brings deleted rows with the mark and leaves out unknown ones; find leaves out deleted ones', async () => {
      const [kept = '', gone = ''] = await written([claimRow('r-1'), claimRow('r-2')]);
      await fixture.remove(names.registration.object, gone);
      const unknown = `${kept.slice(0, 3)}999999999999AAA`;
      const rows = await crm.read(names.registration.object, [kept, gone, unknown, 'no id', kept], [names.registration.id]);
      expect(new Map(rows.map(({ id, deleted }) => [id, deleted]))).toEqual(
        new Map([
          [kept, false],
          [gone, true],
        ]),
      );
      expect(rows).toHaveLength(2);
      const found = await crm.find(names.registration.object, names.registration.id, ['r-1', 'r-2'], []);
      expect(found.map(({ id }) => id)).toEqual([kept]);
    });

    it('find takes a value as a value, whatever stands in it', async () => {
      await written([
        claimRow('r-1', { [names.registration.customerName]: "x' OR Name != '" }),
        claimRow('r-2', { [names.registration.customerName]: 'other' }),
      ]);
      const find = (value: string): Promise<readonly RemoteRow[]> =>
        crm.find(names.registration.object, names.registration.customerName, [value], [names.registration.id]);
      expect((await find("x' OR Name != '")).map(({ fields }) => fields[names.registration.id])).toEqual(['r-1']);
      expect(await find("y' OR Name != '")).toEqual([]);
      expect(await find('%')).toEqual([]);
    });

    it('ask nothing where there is nothing to ask', async () => {
      await fixture.forgetCalls();
      expect(await crm.read(names.registration.object, [], [])).toEqual([]);
      expect(await crm.find(names.registration.object, names.registration.id, [], [])).toEqual([]);
      expect(await fixture.calls()).toBe(0);
    });
  });

  describe('capture', () => {
    const captureAll = async (limit: number, from: CapturePosition | null, object = names.registration.object): Promise<RemoteRow[]> => {
      const rows: RemoteRow[] = [];
      let after = from;
      for (;;) {
        const page = await crm.capture({ object, fields: [names.registration.id], after, limit });
        rows.push(...page.rows);
        const last = page.rows.at(-1);
        if (page.drained || last === undefined) return rows;
        after = { stamp: last.stamp, id: last.id };
      }
    };

    it('walks many rows of one stamp page by page, each once', async () => {
      const ids = await written(Array.from({ length: 25 }, (_row, index) => claimRow(`r-${index}`)));
      for (const limit of [1, 4, 5, 25, 26]) {
        const rows = await captureAll(limit, null);
        expect(rows.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
        expect(rows.map(({ stamp, id }) => stamp + id)).toEqual(rows.map(({ stamp, id }) => stamp + id).toSorted());
      }
    });

    it('includes the rows of the stamp it starts at, and nothing before', async () => {
      await written([claimRow('r-1')]);
      await fixture.advanceClock(5_000);
      await written([claimRow('r-2'), claimRow('r-3')]);
      const rows = await captureAll(10, null);
      const stamp = rows.at(-1)?.stamp ?? '';
      const again = await captureAll(10, { stamp, id: '' });
      expect(new Set(again.map(({ fields }) => fields[names.registration.id]))).toEqual(new Set(['r-2', 'r-3']));
      expect(await captureAll(10, { stamp, id: rows.at(-1)?.id ?? '' })).toEqual([]);
    });

    it('tells who made and changed a row, and when it was', async () => {
      const [id = ''] = await written([claimRow('r-1')]);
      await fixture.advanceClock(5_000);
      await written([{ target: { kind: 'id', id }, fields: { [names.registration.value]: 7 } }], names.registration.object, fixture.rep);
      const page = await crm.capture({ object: names.registration.object, fields: [names.registration.value], after: null, limit: 10 });
      const [row] = page.rows;
      expect(row).toMatchObject({ id, deleted: false, mergedInto: null, fields: { [names.registration.value]: 7 } });
      expect(row?.createdBy).toEqual(expect.any(String));
      expect(row?.modifiedBy).toEqual(expect.any(String));
      expect(row?.modifiedBy).not.toBe(row?.createdBy);
      expect(row?.stamp).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
      expect(page.serverTimeMs).toBeGreaterThanOrEqual(Date.parse(row?.stamp ?? ''));
      expect(page.serverTimeMs - Date.parse(row?.stamp ?? '')).toBeLessThan(10_000);
    });

    it('brings a deleted row with the mark, at a new stamp', async () => {
      const [id = ''] = await written([claimRow('r-1')]);
      const [before] = await captureAll(10, null);
      await fixture.advanceClock(5_000);
      await fixture.remove(names.registration.object, id);
      const [after] = await captureAll(10, { stamp: before?.stamp ?? '', id });
      expect(after).toMatchObject({ id, deleted: true });
    });

    it('brings ids and stamps alone, and only rows in which a field is filled, when asked to', async () => {
      await written([partnerRow('p-1')], names.partner.object);
      const { rows } = await crm.capture({
        object: names.partner.object,
        fields: [],
        after: null,
        limit: 10,
        whereNotNull: names.partner.id,
      });
      expect(rows).toHaveLength(1);
      expect(rows[0]?.fields).toEqual({});
    });

    it('brings only rows that fit, deleted ones included, when asked to', async () => {
      const { object, customerName, id: externalId } = names.registration;
      const [one = '', two = '', none = ''] = await written([
        claimRow('r-1', { [customerName]: 'One' }),
        claimRow('r-2', { [customerName]: 'Two' }),
        claimRow('r-3'),
      ]);
      await fixture.advanceClock(5_000);
      await fixture.remove(object, two);
      const capture = async (where: readonly RowCondition[]): Promise<readonly string[]> =>
        (await crm.capture({ object, fields: [], after: null, limit: 10, where })).rows.map((row) => row.id);
      expect(await capture([{ field: customerName, is: 'One' }])).toEqual([one]);
      expect(await capture([{ field: customerName, is: 'Two' }])).toEqual([two]);
      // An empty field is another value, too.
      expect(await capture([{ field: customerName, isNot: 'One' }])).toEqual([none, two]);
      expect(await capture([{ field: customerName, isEmpty: true }])).toEqual([none]);
      const both: readonly RowCondition[] = [
        { field: customerName, isNot: 'Two' },
        { field: externalId, is: 'r-1' },
      ];
      expect(await capture(both)).toEqual([one]);
      expect(await capture([{ field: customerName, isEmpty: false }])).toEqual([one, two]);
      const isOne: FieldCondition = { field: customerName, is: 'One' };
      const any: RowCondition = { anyOf: [isOne, { field: customerName, isEmpty: true }] };
      expect(await capture([any])).toEqual([one, none]);
      expect(await capture([any, { field: externalId, is: 'r-3' }])).toEqual([none]);
    });

    it('says that it is drained when the page was not full', async () => {
      await written([claimRow('r-1'), claimRow('r-2')]);
      const drained = async (limit: number): Promise<boolean> =>
        (await crm.capture({ object: names.registration.object, fields: [], after: null, limit })).drained;
      expect([await drained(2), await drained(3)]).toEqual([false, true]);
    });
  });

  describe('history', () => {
    it("tells the edits of tracked fields, latest first, with the CRM's time, the user and the value", async () => {
      const { object, value, description } = names.registration;
      const [id = ''] = await written([claimRow('r-1', { [value]: 1, [description]: 'first' })]);
      await fixture.advanceClock(60_000);
      await written([{ target: { kind: 'id', id }, fields: { [value]: 2, [description]: 'second' } }], object, fixture.rep);
      await fixture.advanceClock(60_000);
      await written([{ target: { kind: 'id', id }, fields: { [value]: 3 } }]);
      const all = await crm.history(object, [id], [value, description]);
      const ofDescription = all.filter(({ field }) => field === description).map(({ to }) => to);
      expect(ofDescription).toEqual(names.registration.isDescriptionTracked ? ['second'] : []);
      const edits = all.filter(({ field }) => field === value);
      expect(edits.map(({ to }) => to)).toEqual([3, 2]);
      expect(Date.parse(edits[0]?.at ?? '') - Date.parse(edits[1]?.at ?? '')).toBeGreaterThanOrEqual(59_000);
      expect(edits[0]?.by).not.toBe(edits[1]?.by);
    });

    it('is empty for rows and fields without edits', async () => {
      const [id = ''] = await written([claimRow('r-1')]);
      expect(await crm.history(names.registration.object, [id], [names.registration.value])).toEqual([]);
      expect(await crm.history(names.registration.object, [], [names.registration.value])).toEqual([]);
    });

    it('tells nothing that was made before the time that is asked for, and what was made at that very time', async () => {
      const { object, value } = names.registration;
      const [id = ''] = await written([claimRow('r-1', { [value]: 25000 })]);
      await crm.write(object, [{ target: { kind: 'id', id }, fields: { [value]: 30000 } }]);
      const [edit] = await crm.history(object, [id], [value]);
      const at = edit?.at ?? '';
      expect(await crm.history(object, [id], [value], at)).toHaveLength(1);
      expect(await crm.history(object, [id], [value], new Date(Date.parse(at) + 1_000).toISOString())).toEqual([]);
    });
  });

  describe('what every answer tells', () => {
    it('counts the calls of the allowance', async () => {
      expect(crm.usage()).toBeNull();
      const look = () => crm.find(names.registration.object, names.registration.id, ['r-1'], [names.registration.customerName]);
      await look();
      const first = crm.usage();
      await fixture.forgetCalls();
      await look();
      expect(await fixture.calls()).toBeGreaterThan(0);
      expect(crm.usage()?.used).toBe((first?.used ?? Number.NaN) + (await fixture.calls()));
      expect(crm.usage()?.limit).toBeGreaterThan(0);
    });

    it("follows the CRM's clock", async () => {
      await crm.describe(names.registration.object);
      expect(Math.abs(crm.clockOffsetMs())).toBeLessThan(1_000);
      await fixture.advanceClock(3_600_000);
      await crm.describe(names.registration.object);
      expect(Math.abs(crm.clockOffsetMs() - 3_600_000)).toBeLessThan(1_500);
    });

    it('fails by code while the CRM is away, and goes on afterwards', async () => {
      await fixture.failNextCall();
      const failure: unknown = await crm
        .find(names.registration.object, names.registration.id, ['r-1'], [])
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CrmFailure);
      expect(failure).toMatchObject({ code: 'CRM_UNAVAILABLE' });
      expect(await crm.find(names.registration.object, names.registration.id, ['r-1'], [])).toEqual([]);
    });
  });
}
