// SPDX-License-Identifier: Apache-2.0
//
// What is filled in of a document: as it stands in a record, as it is typed,
// as it is sent, and as parts that two people may have changed.
import { session } from '../../api/session';
import type { Attachment, Citation, Day, DocumentRecord, Recipient, Signer, Span } from '../../api/types';
import { isSame, listOf, type Parts, putList } from '../../parts/merge/merge';
import type { NewAttachment } from '../../parts/uploads/use-files';
import { today } from '../../words/format';

/** One of ours, or by its number; which one is asked for stands in `isOurs`. */
export interface CitationDraft extends Citation {
	isOurs: boolean;
}

export interface Fields {
	kind: string;
	reference: string;
	/** '' where it has none; a document of the past may have a span, which is kept. */
	date: Day | Span;
	issuer: { unit?: string; name?: string };
	subject: string;
	addressee: string;
	place: string;
	signer: Signer;
	recipients: Recipient[];
	citations: CitationDraft[];
	/** Those that the record has. */
	attachments: Attachment[];
}

export const texts = ['kind', 'reference', 'subject', 'addressee', 'place'] as const;
export const lists = ['recipients', 'citations', 'attachments'] as const;
/** In the order in which they are chosen from. */
const singles = ['kind', 'reference', 'date', 'issuer', 'subject', 'signer', 'place', 'addressee'] as const;

export function noFields(): Fields {
	const unit = session.value?.roles.find((role) => role.unit)?.unit;

	return {
		kind: '', reference: '', date: today(), issuer: unit ? { unit } : {}, subject: '', addressee: '', place: '',
		signer: {}, recipients: [], citations: [], attachments: [],
	};
}

export function fieldsOf(document: DocumentRecord): Fields {
	const { kind, reference, date, issuer, subject, addressee, place, signer } = document;

	return {
		kind,
		reference: reference ?? '',
		date: date ?? '',
		issuer: issuer ?? {},
		subject: subject ?? '',
		addressee: addressee ?? '',
		place: place ?? '',
		signer: signer ?? {},
		recipients: document.recipients ?? [],
		citations: (document.citations ?? []).map((citation) => ({ ...citation, isOurs: citation.document !== undefined })),
		attachments: document.attachments ?? [],
	};
}

/** Without members that are empty; undefined where none is left. */
function filled<T extends object>(value: T): T | undefined {
	const members = Object.entries(value).flatMap(([name, member]) => {
		const text = typeof member === 'string' ? member.trim() : member;

		return text === '' || text === undefined ? [] : [[name, text]];
	});

	return members.length === 0 ? undefined : (Object.fromEntries(members) as T);
}

/** As a record has it: the one member of the two that was asked for. */
function citationOf({ isOurs, document, reference, ...rest }: CitationDraft): Citation | undefined {
	const which = (isOurs ? document : reference)?.trim();

	return which ? { ...filled(rest)!, ...(isOurs ? { document: which } : { reference: which }) } : undefined;
}

/** The record's members; undefined where a record would not have one. */
function membersOf(fields: Fields): Record<string, unknown> {
	const given = {
		...Object.fromEntries(texts.map((name) => [name, fields[name].trim() || undefined])),
		date: typeof fields.date === 'string' ? fields.date || undefined : fields.date,
		issuer: filled(fields.issuer),
		signer: filled(fields.signer),
		recipients: fields.recipients.flatMap((one) => (one.name.trim() === '' ? [] : [filled(one)!])),
		citations: fields.citations.flatMap((one) => citationOf(one) ?? []),
		attachments: fields.attachments,
	};

	return Object.fromEntries(
		Object.entries(given).map(([name, value]) => [name, Array.isArray(value) && value.length === 0 ? undefined : value]),
	);
}

/** A record that is made of them, with files that were sent. */
export function bodyOf(fields: Fields, added: NewAttachment[]): Record<string, unknown> {
	return { ...filled(membersOf(fields)), ...(added.length > 0 && { attachments: added }) };
}

/** What an edit has to say; null takes a member away. */
export function changesOf(was: Fields, now: Fields, added: NewAttachment[]): Record<string, unknown> {
	const [before, after] = [membersOf(was), membersOf(now)];
	const changes = Object.fromEntries(
		Object.keys(after).flatMap((name) => (isSame(before[name], after[name]) ? [] : [[name, after[name] ?? null]])),
	);

	return added.length === 0 ? changes : { ...changes, attachments: [...now.attachments, ...added] };
}

/* --- two who change one document ------------------------------------------------ */

export function partsOf(fields: Fields): Parts {
	const members = membersOf(fields);
	const parts: Parts = new Map(
		singles.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]] as const])),
	);

	putList(parts, 'recipients', (members['recipients'] ?? []) as Recipient[], (one) => one.name);
	putList(parts, 'citations', (members['citations'] ?? []) as Citation[], (one) => one.document ?? one.reference ?? '');
	putList(parts, 'attachments', fields.attachments, (one) => one.sha256);
	return parts;
}

export function fieldsOfParts(parts: Parts): Fields {
	return fieldsOf({
		...(Object.fromEntries(singles.map((name) => [name, parts.get(name)])) as unknown as DocumentRecord),
		...Object.fromEntries(lists.map((name) => [name, listOf(parts, name)])),
	});
}
