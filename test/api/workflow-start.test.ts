import { caseStart, registrationStart } from '../../api/workflow-start.ts';

describe('registrationStart', () => {
  it('tells the partner from the start, whoever starts it', () => {
    const { workflowId, typedSearchAttributes } = registrationStart('r-1', 'p-1');
    expect(workflowId).toBe('registration/r-1');
    expect(typedSearchAttributes.map(({ key, value }) => [key.name, value])).toEqual([['PartnerId', 'p-1']]);
  });

  it('tells nothing of a partner that is not known', () => {
    expect(registrationStart('r-1', null).typedSearchAttributes).toEqual([]);
  });
});

describe('caseStart', () => {
  it('starts the workflow under the id of its case', () => {
    expect(caseStart('c-1')).toMatchObject({ workflowType: 'conflictCase', workflowId: 'case/c-1', args: [{ caseId: 'c-1' }] });
  });
});
