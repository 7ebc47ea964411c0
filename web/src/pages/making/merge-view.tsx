// SPDX-License-Identifier: Apache-2.0
//
// Somebody else has changed the dossier meanwhile: what it was, what I made of
// it, what they made of it, line by line, to choose from.
import type { Day, Dossier, Proposal, Span } from '../../api/types';
import { linesOf, type MergeLine, mergeOf, type Side } from '../../parts/merge/merge';
import { MergeView } from '../../parts/merge/merge-view';
import { UnitLink } from '../../parts/unit-link';
import { whomOf } from '../../parts/whom';
import { formatDays } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { dayOf, type Fields, fieldsOf, type Single } from './fields';
import { fieldsOfParts, partsOf } from './merge';
import { wordsOf } from './subject-words';

/** A line's value in words; there may be none. */
function Value({ line, side, day }: { line: MergeLine; side: 'was' | Side; day: Day }) {
	const none = <em>{say('merge.none')}</em>;

	if (line.name === 'awards') {
		const proposal = line[side] as Proposal | undefined;

		return <>{proposal ? wordsOf(proposal) : <em>{say('merge.not-listed')}</em>}</>;
	}
	const value = line[side];

	if (line.name === 'date' || line.name === 'period') {
		return <>{formatDays(value as Day | Span) || none}</>;
	}
	if (value === '' || typeof value !== 'string') {
		return none;
	}
	switch (line.name) {
	case 'unit':
		return <UnitLink id={value} day={day} />;
	case 'kind':
		return <>{sayCode('dossier-kind', value)}</>;
	case 'procedure':
		return <>{sayCode('procedure', value)}</>;
	default:
		return <>{value}</>;
	}
}

function labelOf(line: MergeLine): string {
	const labels = {
		unit: 'dossier.unit',
		kind: 'making.kind',
		procedure: 'making.procedure',
		title: 'making.title',
		code: 'dossier.code',
		date: 'dossier.date',
		period: 'dossier.period',
	} as const;

	if (line.name !== 'awards') {
		return say(labels[line.name as Single]);
	}
	const proposal = (line.mine ?? line.theirs ?? line.was) as Proposal | undefined;

	return say('merge.proposal', { name: proposal ? whomOf(proposal.subject) : '' });
}

export function MergeDossier({ was, mine, other, isBusy, onMerged }: {
	was: Fields;
	mine: Fields;
	/** The record as somebody else left it. */
	other: Dossier;
	isBusy: boolean;
	onMerged: (merged: Fields) => void;
}) {
	const theirs = partsOf(fieldsOf(other));
	const lines = linesOf(partsOf(was), partsOf(mine), theirs);
	const day = dayOf(fieldsOf(other));

	return (
		<MergeView
			lines={lines}
			them={other.by}
			isBusy={isBusy}
			labelOf={labelOf}
			valueOf={(line, side) => <Value line={line} side={side} day={day} />}
			onChosen={(chosen) => onMerged(fieldsOfParts(mergeOf(theirs, lines, chosen)))}
		/>
	);
}
