// SPDX-License-Identifier: Apache-2.0
//
// The figures of a count as they are typed.
import { say } from '../words/words';
import { type Counted, counted } from './ballot-table';
import { Group, TextField } from './form';

export type TypedCounts = Record<(typeof counted)[number], string>;

export const nothingCounted: TypedCounts = {
	members: '',
	present: '',
	yes: '',
	no: '',
	written_yes: '',
	written_no: '',
};

export function numbersOf(counts: TypedCounts): Required<Counted> {
	return Object.fromEntries(counted.map((name) => [name, Number(counts[name] || 0)])) as unknown as Required<Counted>;
}

export function BallotCounts({ counts, onType }: { counts: TypedCounts; onType: (counts: TypedCounts) => void }) {
	return (
		<Group title={say('ballot.count')}>
			<div class="counts">
				{counted.map((name) => (
					<TextField
						key={name}
						label={say(`ballot.figure.${name}`)}
						name={name}
						inputMode="numeric"
						isRequired={name === 'members' || name === 'present'}
						value={counts[name]}
						onType={(value) => onType({ ...counts, [name]: value.replace(/\D/g, '') })}
					/>
				))}
			</div>
		</Group>
	);
}
