import { defaultCalendar } from '../calendar.ts';
import type { DirectContact } from '../claim.ts';
import { formatDuration, subtractDuration } from '../duration.ts';
import { compareText } from './opportunity.ts';
import { strongestBand } from './rival.ts';
import { NOTHING_AGAINST, quiet, type Exhibit, type Rule } from './rule.ts';

/**
 * C08: the direct team was in touch with the customer within the declared time before the claim was received, also without an opportunity. A contact of exactly
 * that age counts; one at the very receipt does too.
 *
 * Only the last contact is known. Where that came after the receipt, whoever made it may have read the claim, and what was before is not known: `after_receipt`.
 * It is looked at where no contact within the time is known. Source: NeuVector (6 months); 60 days elsewhere.
 */
export const directContact: Rule<'C08_direct_contact'> = {
  id: 'C08_direct_contact',
  examine: ({ program, claim, evidence, parameters: { lookback } }) => {
    const receivedAt = Date.parse(claim.submittedAt);
    const from = Date.parse(subtractDuration(claim.submittedAt, lookback, defaultCalendar(program)));
    const contacts = evidence.contacts
      .filter(({ match, lastContactAt }) => match.band !== 'weak' && Date.parse(lastContactAt) >= from)
      .sort(byRecency);
    const within = contacts.filter(({ lastContactAt }) => Date.parse(lastContactAt) <= receivedAt);
    const later = contacts.filter((contact) => !within.includes(contact));
    const exhibits = [
      ...within.map((contact) => exhibit(contact, 'contact')),
      ...later.map((contact) => exhibit(contact, 'contact_after_receipt')),
    ];
    const found = { kind: 'found', exhibits, rivalIds: [], opportunity: null } as const;
    const strongest = strongestBand(within);
    if (strongest !== null) {
      return {
        ...found,
        situation: strongest.band,
        message: `The direct team was in touch within ${formatDuration(lookback)} before the receipt (${strongest.band} match): ${strongest.all.map(nameOf).join('; ')}.`,
        partnerMessage:
          strongest.band === 'exact'
            ? 'Our sales team was in contact with this customer shortly before your registration.'
            : 'It has to be checked by a person whether our sales team is in contact with this customer.',
      };
    }
    if (later.length > 0) {
      return {
        ...found,
        situation: 'after_receipt',
        message: `The last contact was after the receipt, so that it is not known whether there was one before: ${later.map(nameOf).join('; ')}.`,
        partnerMessage: 'It has to be checked by a person whether our sales team is in contact with this customer.',
      };
    }
    return quiet(`The direct team was not in touch within ${formatDuration(lookback)} before the receipt.`, NOTHING_AGAINST);
  },
};

function byRecency(left: DirectContact, right: DirectContact): number {
  return (
    Date.parse(right.lastContactAt) - Date.parse(left.lastContactAt) ||
    compareText(left.connection, right.connection) ||
    compareText(left.accountRemoteId, right.accountRemoteId)
  );
}

function nameOf({ connection, accountRemoteId, lastContactAt }: DirectContact): string {
  return `account ${connection} ${accountRemoteId}, last touched ${lastContactAt}`;
}

function exhibit(contact: DirectContact, kind: string): Exhibit {
  return { kind, summary: `${nameOf(contact)}; ${contact.match.band} match: ${contact.match.signals.join('; ')}` };
}
