/** The rule for accounts that orgs are born with, switched on by a control call. Source: Salesforce Help, "Standard Duplicate Rule for Accounts". */

import type { DuplicateAction, DuplicateRule } from '../schema/duplicate-rule.ts';
import type { RecordStore } from '../store/record-store.ts';

const SETTING = 'standardAccountDuplicateRule';

/** An org compares name and address, or name and phone; here a company's name or its web address suffices (DIFFERENCES.md). */
const MATCHING: DuplicateRule['matching'][number] = {
  name: 'Standard_Account_Match_Rule_v1_0',
  isAny: true,
  items: [
    { field: 'Name', method: 'CompanyName', matchesBlanks: false },
    { field: 'Website', method: 'Url', matchesBlanks: false },
  ],
};

export function setStandardRule(store: RecordStore, action: DuplicateAction): void {
  store.writeMeta(SETTING, action);
}

/** The rule for records of `objectName`; null where it is off, or the object has none. */
export function standardRule(store: RecordStore, objectName: string): DuplicateRule | null {
  if (objectName !== 'Account') return null;
  const action = store.readMeta(SETTING);
  if (action !== 'alert' && action !== 'block') return null;
  const message = 'Use one of these records?';
  return { name: 'Standard_Account_Duplicate_Rule', message, onInsert: action, onUpdate: action, matching: [MATCHING] };
}
