import { readEvents } from '../../../../crm/salesforce/stream/change-event.ts';

const CHANNEL = '/data/Dealkeeper__chn';
const US = '005000000000001AAA';
const [FIRST, SECOND] = ['a00000000000001AAA', 'a00000000000002AAA'];

const HEADER = {
  entityName: 'Deal_Registration__c',
  changeType: 'UPDATE',
  recordIds: [FIRST],
  changedFields: ['Status__c', 'LastModifiedDate'],
  changeOrigin: 'com/salesforce/api/rest/66.0',
  transactionKey: '0000b7f8-2f6d-4d7c-8f8a-0d3f6a5d9a11',
  sequenceNumber: 1,
  commitTimestamp: Date.parse('2026-11-28T10:00:00.000Z'),
  commitNumber: 10_000_000_001,
  commitUser: '005000000000002AAA',
};

function event(header: object = {}, replayId: unknown = 17, fields: object = {}, channel = CHANNEL) {
  return { channel, data: { schema: 's', payload: { ...fields, ChangeEventHeader: { ...HEADER, ...header } }, event: { replayId } } };
}

const onlyHint = (header: object, fields: object = {}) => readEvents([event(header, 17, fields)], US).hints[0];

describe('readEvents', () => {
  it('reads what changed, when, and which fields came with a value', () => {
    const fields = { Status__c: 'approved', Description__c: null, LastModifiedDate: '2026-11-28T10:00:00.000Z' };
    expect(onlyHint({}, fields)).toEqual({
      object: 'Deal_Registration__c',
      ids: [FIRST],
      what: 'updated',
      at: '2026-11-28T10:00:00.000Z',
      isOwn: false,
      fields: ['Status__c', 'LastModifiedDate'],
    });
  });

  it.each([
    ['CREATE', 'created'],
    ['UPDATE', 'updated'],
    ['DELETE', 'deleted'],
    ['UNDELETE', 'undeleted'],
    ['GAP_UPDATE', 'unknown'],
    ['GAP_DELETE', 'unknown'],
    ['A_KIND_OF_TOMORROW', 'unknown'],
  ])('takes %s for %s, of the records that it names', (changeType, what) => {
    expect(onlyHint({ changeType })).toMatchObject({ what, ids: [FIRST] });
  });

  it.each([
    ['an overflow, whatever id it carries', { changeType: 'GAP_OVERFLOW', recordIds: ['000000000000000AAA'] }],
    ['a wildcard', { recordIds: [FIRST, 'a00*'] }],
    ['no record at all', { recordIds: [] }],
  ])('names no record for %s', (_what, header) => {
    expect(onlyHint(header)?.ids).toEqual([]);
  });

  it('names every record of a merged event', () => {
    expect(onlyHint({ recordIds: [FIRST, SECOND, FIRST] })?.ids).toEqual([FIRST, SECOND]);
  });

  it('takes each of several events that share a replay id', () => {
    const { hints, positions } = readEvents([event({ recordIds: [FIRST] }, 20), event({ recordIds: [SECOND] }, 20)], US);
    expect(hints.map(({ ids }) => ids)).toEqual([[FIRST], [SECOND]]);
    expect(positions).toEqual({ [CHANNEL]: '20' });
  });

  it('keeps the positions of two channels apart, as text', () => {
    const events = [event({}, 5, {}, '/data/A'), event({}, 9, {}, '/data/B'), event({}, 6, {}, '/data/A')];
    expect(readEvents(events, US).positions).toEqual({ '/data/A': '6', '/data/B': '9' });
  });

  it.each([
    ['our user', US, true],
    ['our user, by the short form of its id', US.slice(0, 15), true],
    ['somebody else', '005000000000002AAA', false],
    ['nobody', undefined, false],
  ])('knows a commit by %s', (_who, commitUser, isOwn) => {
    expect(onlyHint({ commitUser })?.isOwn).toBe(isOwn);
  });

  it('takes nothing for our own while it is not known who we are', () => {
    expect(readEvents([event({ commitUser: US })], null).hints[0]?.isOwn).toBe(false);
  });

  it.each([
    ['nothing', { channel: CHANNEL }],
    ['no header', { channel: CHANNEL, data: { payload: {}, event: { replayId: 1 } } }],
    ['a header without a time', event({ commitTimestamp: 'yesterday' })],
    ['a replay id that a number does not hold exactly', event({}, 2 ** 60)],
  ])('counts an event that holds %s, and goes on', (_what, broken) => {
    const read = readEvents([broken, event({}, 18)], US);
    expect(read).toMatchObject({ unreadable: 1, positions: { [CHANNEL]: '18' } });
    expect(read.hints).toHaveLength(1);
  });
});
