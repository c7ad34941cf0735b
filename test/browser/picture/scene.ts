import type { Page } from 'playwright-core';
import type { OpenedOrg } from '../../sandbox/salesforce/opened-org.ts';
import type { PageOptions } from '../../support/browser.ts';
import { change, type FurnishedDesk } from '../furnished-desk.ts';

export interface PictureScene extends PageOptions {
  /** The name of the picture's file. */
  readonly name: string;
  readonly hash: (desk: FurnishedDesk) => string;
  /** What is done before the picture is taken. */
  readonly act?: (page: Page, place: { readonly org: OpenedOrg; readonly desk: FurnishedDesk }) => Promise<void>;
}

const registration = (number: string) => (desk: FurnishedDesk) => `#/Deal_Registration__c/${desk.registrations.get(number)}`;

/** The pictures of the guide, in its order: what one changes, the next ones show. */
export const PICTURES: readonly PictureScene[] = [
  { name: 'my-work', as: 'manager', hash: () => '#/', height: 600 },
  { name: 'list', as: 'rep', hash: () => '#/Deal_Registration__c', height: 720 },
  { name: 'registration', as: 'manager', hash: registration('DR-000001'), height: 900 },
  {
    name: 'deny',
    as: 'manager',
    hash: registration('DR-000002'),
    height: 720,
    act: async (page) => {
      await page.getByRole('button', { name: 'Deny' }).click();
      await page.getByRole('dialog').getByLabel('Decision Comment').fill('The customer buys from us directly since January.');
    },
  },
  {
    name: 'answer',
    as: 'manager',
    hash: registration('DR-000002'),
    height: 560,
    act: async (page, { org, desk }) => {
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
      await page.getByText('Waiting for the answer to').waitFor();
      await change(org, `/sobjects/Deal_Registration__c/${desk.registrations.get('DR-000002')}`, {
        Requested_Decision__c: null,
        Status__c: 'approved',
        Approver__c: null,
        Review_Step__c: null,
        Review_Due__c: null,
        Protected_Until__c: '2026-05-31T09:00:00Z',
        Sync_Note__c: 'Approved. Protected until 31 May 2026.',
      });
      await page.getByText('Answer to “Approve”', { exact: true }).waitFor();
    },
  },
  {
    name: 'new-registration',
    as: 'rep',
    hash: () => '#/Deal_Registration__c/new',
    height: 800,
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Partner', exact: true }).fill('north');
      await page.getByRole('option', { name: /^Northwind/ }).click();
      await page.getByLabel('Product Lines').fill('platform;analytics');
      await page.getByLabel('Estimated Value').fill('48000');
      await page.getByLabel('Estimated Currency').fill('USD');
      await page.getByRole('combobox', { name: 'Customer', exact: true }).fill('coldm');
      await page.getByRole('listbox').getByRole('option').first().waitFor();
      await page.keyboard.press('ArrowDown');
    },
  },
  { name: 'narrow', as: 'manager', hash: registration('DR-000001'), width: 390, height: 844 },
];
