import type { Flavour } from './market.ts';
import type { Random } from './random.ts';

export interface Person {
  readonly first: string;
  readonly last: string;
}

const FIRST: Readonly<Record<Flavour, string>> = {
  english: 'Alice Ben Clara Daniel Ellen Frank Grace Henry Iris Jack Kate Liam Mona Noah Olive Peter Rose Sam Tess Walter',
  german: 'Anja Bernd Carla Dieter Eva Florian Greta Holger Ines Jonas Katrin Lukas Marlene Nils Petra Stefan',
  french: 'Amandine Bruno Cécile Didier Élise François Gaëlle Hugo Inès Julien Léa Mathieu Noémie Pascal',
  dutch: 'Anouk Bram Daan Eline Femke Gijs Hanneke Joost Lotte Maarten',
  nordic: 'Astrid Bengt Elsa Fredrik Gunilla Henrik Ida Johan Kaisa Lars Mikko Sanna',
  italian: 'Alessia Bruno Chiara Davide Elena Fabio Giulia Luca Marta Paolo',
  japanese: 'Akiko Daichi Emi Haruto Kaori Kenta Mei Naoki Rin Sho Yui Yuto',
  gulf: 'Amal Faisal Hessa Khalid Layla Mariam Nasser Omar Reem Salim',
};

const LAST: Readonly<Record<Flavour, string>> = {
  english:
    'Abbott Barlow Crane Dalton Ellery Fenwick Garner Hollis Ingram Jessop Keene Lovell Mercer Norris Osgood Pryor Rudd Sutton Thorne Weaver',
  german: 'Albrecht Brandt Dietz Ebert Fuchs Gruber Heller Jansen Keller Lorenz Möller Neumann Otto Pfeiffer Richter Schäfer',
  french: 'Aubert Blanchet Caron Delmas Fabre Garnier Hamel Joly Lacroix Marchand Noël Perrin Roussel Vidal',
  dutch: 'Bakker Dekker Hoekstra Kuiper Mulder Postma Smit Timmer Visser Wolters',
  nordic: 'Berglund Dahl Ekman Forsberg Hedlund Lindqvist Nyman Rantala Sjöberg Virtanen',
  italian: 'Amato Barone Conti Donati Ferri Gallo Leone Marini Rinaldi Serra',
  japanese: 'Aoki Endo Fujita Hayashi Inoue Kato Matsuda Nomura Okada Sakai Ueda Wada',
  gulf: 'Anbari Darwish Fadel Hamdan Jaber Karam Mansour Nuri Rashed Sabbagh',
};

/** Draws an invented person whose names are usual where the company is. */
export function drawPerson(random: Random, flavour: Flavour): Person {
  return { first: random.pick(FIRST[flavour].split(' ')), last: random.pick(LAST[flavour].split(' ')) };
}

/** `anja.moller@domain`: always plain ASCII. */
export function emailOf(person: Person, domain: string): string {
  return `${plain(person.first)}.${plain(person.last)}@${domain}`;
}

/**
 * An address at a public mail provider that nobody can own: the provider gives out no name of fewer than six letters, and dots do not count.
 */
export function freeMailOf(person: Person): string {
  return `${plain(person.first).slice(0, 1)}.${plain(person.last).slice(0, 3)}@gmail.com`;
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();
}
