import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { registrableDomain } from '../../program/customer-key.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const error = 'expected a domain such as contoso.com, without scheme, path or port';

/**
 * A host name in any script and case, with or without a final dot; handed on in lower case. It has to lie below a public suffix:
 * addresses by number, single labels, URLs and e-mail addresses are refused.
 */
export const domain = z
  .string({ error })
  .trim()
  .toLowerCase()
  .transform((text) => text.replace(/\.$/, ''))
  .refine(isDomain, { error });

function isDomain(text: string): boolean {
  if (/[\s/@:?#\\%]/u.test(text)) return false;
  const ascii = domainToASCII(text);
  return ascii !== '' && ascii.length <= 253 && ascii.split('.').every((label) => LABEL.test(label)) && registrableDomain(ascii) !== null;
}
