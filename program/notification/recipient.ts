import type { Program } from '../definition/program.ts';
import type { ToldEvent } from './transition-events.ts';

/** To whom a message goes. Addresses are looked up when it is sent, and kept nowhere. */
export type Recipient = { readonly kind: 'partner'; readonly partnerId: string } | { readonly kind: 'user'; readonly alias: string };

export function recipientId(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'partner':
      return recipient.partnerId;
    case 'user':
      return recipient.alias;
  }
}

/** The partner whose claim it is, or was. Without a previous one nobody is told what is for it. */
export function recipientOfTold(told: ToldEvent['to'], partnerId: string, previousPartnerId: string | null): Recipient | null {
  switch (told) {
    case 'holder':
      return { kind: 'partner', partnerId };
    case 'previous_holder':
      return previousPartnerId === null ? null : { kind: 'partner', partnerId: previousPartnerId };
  }
}

/** Who is told that a program needs attention: the members of the role that owns it; where it has none, those at the top of the ladder, and else the default manager. */
export function ownersOf({ governance }: Program): readonly string[] {
  const membersOf = (role: string | null): readonly string[] => governance.roles.find(({ id }) => id === role)?.members ?? [];
  const top = governance.ladder.at(-1)?.role ?? null;
  return [membersOf(governance.owner), membersOf(top)].find((members) => members.length > 0) ?? [governance.defaultManager];
}
