import { completeId, makeId, parseId } from '../../../sandbox/salesforce/store/record-id.ts';

describe('record ids', () => {
  // Pairs as Salesforce's own documentation and orgs show them.
  it.each([
    ['001A0000006Vm9r', '001A0000006Vm9rIAC'],
    ['001D000000IRFma', '001D000000IRFmaIAH'],
    ['00D000000000001', '00D000000000001EAA'],
    ['005000000000000', '005000000000000AAA'],
  ])('%s is completed to %s', (short, long) => {
    expect(completeId(short)).toBe(long);
    expect([parseId(short), parseId(long)]).toEqual([long, long]);
  });

  it.each(['', '001A0000006Vm9', '001A0000006Vm9rIAD', '001a0000006Vm9rIAC', '001A0000006Vm9rI', "001A0000006Vm9'", '001A0000006Vm9rIAC '])(
    '%p is no id',
    (text) => {
      expect(parseId(text)).toBeNull();
    },
  );

  it('are equal for equal seeds and serials, and differ in every other case', () => {
    expect(makeId('001', 1, 7)).toBe(makeId('001', 1, 7));
    const ids = [makeId('001', 1, 7), makeId('001', 1, 8), makeId('001', 2, 7), makeId('003', 1, 7)];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map((id) => parseId(id))).toEqual(ids);
  });
});
