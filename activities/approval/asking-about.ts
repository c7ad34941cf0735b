import type { Asking } from '../../program/approval/asking.ts';
import type { Question, QuestionKind } from '../../program/approval/question.ts';
import type { Program } from '../../program/definition/program.ts';
import { convert } from '../../program/money.ts';
import { regionOfCountry } from '../../program/region.ts';
import type { Instant, Money } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import { readAccountOwner } from '../../store/people.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { readStaff } from './read-staff.ts';

/** The part of a registration that decides who is asked about it; it may be one that was not received. */
type Asked = Pick<Registration, 'registrationId' | 'partnerId' | 'customer' | 'productLines' | 'estimatedValue' | 'submittedAt'>;

interface About {
  readonly kind: QuestionKind;
  /** Who wants what is asked; null: the partner. */
  readonly askedBy?: string | null;
  readonly decidedBefore?: readonly string[];
  /** The other registrations and the opportunity of a case. */
  readonly others?: readonly Asked[];
  readonly opportunity?: { readonly connection: string; readonly remoteId: string } | null;
}

type AskingDependencies = Pick<ActivityDependencies, 'calendarOf'>;

/** Everything that decides who can be asked about a registration now: what is asked, and who is there. */
export async function askingAbout(
  trx: Transaction,
  deps: AskingDependencies,
  program: Program,
  registration: Asked,
  { kind, askedBy = null, decidedBefore = [], others = [], opportunity = null }: About,
  at: Instant,
): Promise<Asking> {
  const { registrationId, partnerId, customer, productLines, submittedAt } = registration;
  const [partner] = await readPartners(trx, [partnerId]);
  const account = await readAccountOwner(trx, registrationId);
  const question: Question = {
    kind,
    submittedAt,
    value: kind === 'registration' || kind === 'appeal' ? limitedValue(program, registration.estimatedValue) : null,
    country: customer.country,
    region: regionOfCountry(program, customer.country),
    productLines,
    partnerManager: partner?.manager ?? null,
    accountOwner: account?.owner ?? null,
    accountOwnerManager: account?.manager ?? null,
    decidedBefore,
  };
  const all = [registration, ...others];
  const subject = {
    kind,
    registrationIds: all.map((each) => each.registrationId),
    opportunity,
    askedBy,
    customers: all.map((each) => ({
      country: each.customer.country,
      region: regionOfCountry(program, each.customer.country),
      productLines: each.productLines,
    })),
  };
  return { program, question, staff: await readStaff(trx, program, subject, at), calendars: (id) => deps.calendarOf(program, id), at };
}

/** What limits are held against; a currency without a rate is a question for people, and no limit is held against what nobody can convert. */
export function limitedValue({ routing, rates }: Program, value: Money): Money | null {
  const converted = convert(value, routing.currency, rates);
  return converted.kind === 'converted' ? converted.money : null;
}
