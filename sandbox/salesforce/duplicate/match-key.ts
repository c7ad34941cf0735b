/** The forms in which values are compared for duplicates. Source: Salesforce Help, "Matching Methods Used with Matching Rules"; the forms themselves are ours (DIFFERENCES.md). */

import type { MatchingItem } from '../schema/duplicate-rule.ts';
import type { StoredValue } from '../store/record-store.ts';

/** Endings that say what kind of company it is. */
const LEGAL_FORMS = new Set([
  'inc',
  'incorporated',
  'ltd',
  'limited',
  'llc',
  'corp',
  'corporation',
  'co',
  'company',
  'gmbh',
  'ag',
  'sa',
  'bv',
  'plc',
]);

/** What has to be equal; null for a blank value. */
export function matchKey(method: MatchingItem['method'], value: StoredValue): string | null {
  const text = String(value ?? '')
    .trim()
    .toLowerCase();
  switch (method) {
    case 'Exact':
      return text === '' ? null : text;
    case 'CompanyName':
      return companyKey(text);
    case 'Url':
      return hostOf(text);
  }
}

/** The words without marks, the article in front, and the legal form behind. */
function companyKey(text: string): string | null {
  const words = text
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}\s]/gu, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const name = words[0] === 'the' ? words.slice(1) : words;
  while (name.length > 1 && LEGAL_FORMS.has(name.at(-1) ?? '')) name.pop();
  return name.length === 0 ? null : name.join(' ');
}

function hostOf(text: string): string | null {
  const host = text.replace(/^[a-z]+:\/\//, '').split(/[/?#:]/, 1)[0] ?? '';
  return host === '' ? null : host.replace(/^www\./, '');
}
