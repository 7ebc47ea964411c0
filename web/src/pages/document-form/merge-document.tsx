// SPDX-License-Identifier: Apache-2.0
//
// Somebody else has changed the document meanwhile.
import { nameOf } from '../../api/laws';
import type { Attachment, Citation, Day, DocumentRecord, Recipient, Signer, Span } from '../../api/types';
import { dayOfDocument } from '../../parts/document-choice';
import { Issuer } from '../../parts/issuer';
import { linesOf, type MergeLine, mergeOf, type Side } from '../../parts/merge/merge';
import { MergeView } from '../../parts/merge/merge-view';
import { formatDays } from '../../words/format';
import { say, type Word } from '../../words/words';
import { CitationText, RecipientText, signerText } from '../document/texts';
import { type Fields, fieldsOf, fieldsOfParts, partsOf } from './fields';

/** A part's value in words; there may be none. */
function Value({ line, side, day }: { line: MergeLine; side: 'was' | Side; day: Day }) {
	const value = line[side];

	if (value === undefined) {
		return <em>{say(line.key === line.name ? 'merge.none' : 'merge.not-listed')}</em>;
	}
	switch (line.name) {
	case 'kind':
		return <>{nameOf('document-kinds', value as string)}</>;
	case 'date':
		return <>{formatDays(value as Day | Span)}</>;
	case 'issuer':
		return <Issuer of={value as DocumentRecord['issuer']} day={day} />;
	case 'signer':
		return <>{signerText(value as Signer)}</>;
	case 'recipients':
		return <RecipientText recipient={value as Recipient} />;
	case 'citations':
		return <CitationText citation={value as Citation} />;
	case 'attachments':
		return <>{(value as Attachment).name}</>;
	default:
		return <>{value as string}</>;
	}
}

const labels: Record<string, Word> = {
	kind: 'document.kind',
	reference: 'decision.number',
	date: 'decision.date',
	issuer: 'decision.issuer',
	subject: 'decision.subject',
	signer: 'document.signer',
	place: 'document.place',
	addressee: 'document.addressee',
	recipients: 'document.recipients',
	citations: 'document.citations',
	attachments: 'document.files',
};

export function MergeDocument({ was, mine, other, isBusy, onMerged }: {
	was: Fields;
	mine: Fields;
	/** The record as somebody else left it. */
	other: DocumentRecord;
	isBusy: boolean;
	onMerged: (merged: Fields) => void;
}) {
	const theirs = partsOf(fieldsOf(other));
	const lines = linesOf(partsOf(was), partsOf(mine), theirs);

	return (
		<MergeView
			lines={lines}
			them={other.by}
			isBusy={isBusy}
			labelOf={(line) => say(labels[line.name]!)}
			valueOf={(line, side) => <Value line={line} side={side} day={dayOfDocument(other)} />}
			onChosen={(chosen) => onMerged(fieldsOfParts(mergeOf(theirs, lines, chosen)))}
		/>
	);
}
