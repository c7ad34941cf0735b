import { hubspot } from '@hubspot/ui-extensions';
import { Registration } from './registration.tsx';

hubspot.extend<'crm.record.tab'>(({ context, actions }) => <Registration context={context} actions={actions} />);
