// SPDX-License-Identifier: Apache-2.0
//
// Counts of secret ballots, and what each comes to by its rule.
import { nameOf } from '../api/laws';
import { say } from '../words/words';

export const counted = ['members', 'present', 'yes', 'no', 'written_yes', 'written_no'] as const;

/** The figures of a count. */
export interface Counted {
	members: number;
	present: number;
	yes: number;
	no: number;
	written_yes?: number;
	written_no?: number;
}

export interface CountedBallot extends Counted {
	whom: string;
	award: string;
	/** What it comes to, where there is a rule for the award. */
	in_favour?: number;
	needed?: number;
	carried?: boolean;
	/** That are needed, of ... */
	percent?: number;
	base?: 'all_members' | 'present';
	/** What the law says of it, in words. */
	law?: string;
}

function Outcome({ ballot }: { ballot: CountedBallot }) {
	if (ballot.needed === undefined) {
		return <span class="hint">{say('ballot.no-rule')}</span>;
	}
	return (
		<>
			<span class={`badge badge-${ballot.carried ? 'good' : 'bad'}`}>
				{say(ballot.carried ? 'ballot.carried' : 'ballot.failed')}
			</span>{' '}
			{say('ballot.sum', { favour: ballot.in_favour ?? 0, needed: ballot.needed })}{' '}
			<span class="hint">
				{ballot.base === 'present'
					? say('ballot.of-present', { percent: ballot.percent ?? 0, count: ballot.present })
					: say('ballot.of-all', { percent: ballot.percent ?? 0, count: ballot.members })}
			</span>
			{ballot.law && <p class="hint ballot-law">{ballot.law}</p>}
		</>
	);
}

/** `doing` draws what may be done with the ballot of this number. */
export function BallotTable<B extends CountedBallot>({ ballots, doing }: {
	ballots: B[];
	doing?: (ballot: B, i: number) => preact.ComponentChildren;
}) {
	return (
		<table class="rows ballots">
			<thead>
				<tr>
					<th scope="col">{say('ballot.whom')}</th>
					<th scope="col">{say('ballot.spot')}</th>
					<th scope="col">{say('ballot.written')}</th>
					<th scope="col">{say('ballot.outcome')}</th>
					{doing && <th scope="col"><span class="unseen">{say('ballot.doing')}</span></th>}
				</tr>
			</thead>
			<tbody>
				{ballots.map((ballot, i) => (
					<tr key={i}>
						<td data-label={say('ballot.whom')}>
							{ballot.whom} <span class="hint">{nameOf('awards', ballot.award)}</span>
						</td>
						<td data-label={say('ballot.spot')}>
							{say('ballot.counts', { yes: ballot.yes, no: ballot.no })}{' '}
							<span class="hint">{say('ballot.present', { present: ballot.present, members: ballot.members })}</span>
						</td>
						<td data-label={say('ballot.written')}>{say('ballot.counts', { yes: ballot.written_yes ?? 0, no: ballot.written_no ?? 0 })}</td>
						<td data-label={say('ballot.outcome')}>
							<Outcome ballot={ballot} />
						</td>
						{doing && <td class="unprinted">{doing(ballot, i)}</td>}
					</tr>
				))}
			</tbody>
		</table>
	);
}
