import {
  Alert,
  Button,
  DescriptionList,
  DescriptionListItem,
  EmptyState,
  Flex,
  LoadingSpinner,
  Tag,
  Text,
  TextArea,
  type CrmContext,
  type ExtensionPointApiActions,
} from '@hubspot/ui-extensions';
import { useCallback, useEffect, useState } from 'react';
import { readCard, sendCommand, type Card, type CardAction } from './registration-api.ts';

interface Props {
  readonly context: CrmContext;
  readonly actions: Pick<ExtensionPointApiActions<'crm.record.tab'>, 'addAlert' | 'refreshObjectProperties'>;
}

type Shown =
  | { readonly kind: 'loading' }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'card'; readonly card: Card };

/** A registration as it stands in Dealkeeper, with the buttons that its reader may press. */
export function Registration({ context, actions }: Props) {
  const recordId = String(context.crm.objectId);
  const objectTypeId = String(context.crm.objectTypeId);
  const { variables } = context;
  const [shown, setShown] = useState<Shown>({ kind: 'loading' });
  const load = useCallback(async () => {
    setShown(await readCard(variables, { objectTypeId, recordId }));
  }, [variables, objectTypeId, recordId]);
  useEffect(() => void load(), [load]);

  switch (shown.kind) {
    case 'loading':
      return <LoadingSpinner label="Asking Dealkeeper" />;
    case 'none':
      return (
        <EmptyState title="No deal registration" layout="vertical">
          <Text>{shown.reason}</Text>
        </EmptyState>
      );
    case 'failed':
      return (
        <Flex direction="column" gap="small">
          <Alert title="Dealkeeper does not answer" variant="warning">
            {shown.reason}
          </Alert>
          <Button onClick={() => void load()}>Try again</Button>
        </Flex>
      );
    case 'card': {
      const decide = async (action: CardAction, comment: string): Promise<void> => {
        const answer = await sendCommand(variables, { objectTypeId, recordId }, action.name, comment);
        actions.addAlert({ type: answer.kind === 'done' ? 'success' : 'danger', message: answer.message });
        if (answer.kind === 'done') {
          setShown({ kind: 'card', card: answer.card });
          actions.refreshObjectProperties();
        }
      };
      return (
        <Flex direction="column" gap="medium">
          <State card={shown.card} />
          <Decisions card={shown.card} decide={decide} />
        </Flex>
      );
    }
  }
}

function State({ card }: { readonly card: Card }) {
  return (
    <Flex direction="column" gap="small">
      <Flex direction="row" gap="small" align="center">
        <Text format={{ fontWeight: 'bold' }}>{card.title}</Text>
        <Tag variant={card.tone}>{card.label}</Tag>
      </Flex>
      {card.conflict === null ? null : (
        <Alert title="Conflict" variant="warning">
          {card.conflict}
        </Alert>
      )}
      <DescriptionList direction="row">
        <DescriptionListItem label="Protected until">{inWords(card.protectedUntil)}</DescriptionListItem>
        <DescriptionListItem label="Asked">{card.review?.approver ?? '–'}</DescriptionListItem>
        <DescriptionListItem label="Due">{inWords(card.review?.dueAt ?? null)}</DescriptionListItem>
      </DescriptionList>
      {card.decision === null ? null : <Text>{card.decision}</Text>}
      {card.note === null ? null : <Text variant="microcopy">{card.note}</Text>}
    </Flex>
  );
}

function Decisions({ card, decide }: { readonly card: Card; readonly decide: (action: CardAction, comment: string) => Promise<void> }) {
  const [comment, setComment] = useState('');
  const [sent, setSent] = useState<string | null>(null);
  if (card.actions.length === 0) return card.hint === null ? null : <Text variant="microcopy">{card.hint}</Text>;
  const press = async (action: CardAction): Promise<void> => {
    setSent(action.name);
    await decide(action, comment.trim());
    setSent(null);
    setComment('');
  };
  const lacksReason = (action: CardAction): boolean => action.needsReason && comment.trim() === '';
  return (
    <Flex direction="column" gap="small">
      <TextArea
        name="comment"
        label="Comment"
        description="The partner reads why it is denied or comes back."
        value={comment}
        onInput={setComment}
      />
      <Flex direction="row" gap="small">
        {card.actions.map((action) => (
          <Button
            key={action.name}
            variant={action.name === 'approve' ? 'primary' : action.name === 'deny' ? 'destructive' : 'secondary'}
            disabled={sent !== null || lacksReason(action)}
            onClick={() => void press(action)}
          >
            {action.label}
          </Button>
        ))}
      </Flex>
    </Flex>
  );
}

function inWords(instant: string | null): string {
  return instant === null ? '–' : new Date(instant).toLocaleString();
}
